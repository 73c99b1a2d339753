import { startOfLocalDay } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type BatchDraft, batchProblems } from './types.ts';

const refuse = refusals(batchProblems);

function checkDay(day: string | null, field: string): void {
  if (day === null) return;
  try {
    startOfLocalDay(day);
  } catch {
    throw refuse('batch-day-invalid', { pointer: `/${field}`, day });
  }
}

/** A batch as it is kept, or why not: a lot has a number, and what was harvested is packed before it expires. */
export function checkBatch(draft: BatchDraft, today: string): BatchDraft {
  const lot = clean(draft.lot);
  if (lot === '' || lot.length > 50) throw refuse('lot-missing', { pointer: '/lot' });
  const { harvestedOn, packedOn, expiresOn } = draft;
  checkDay(harvestedOn, 'harvestedOn');
  checkDay(packedOn, 'packedOn');
  checkDay(expiresOn, 'expiresOn');
  const known = [harvestedOn, packedOn, expiresOn].filter((day) => day !== null);
  const inOrder = known.every((day, index) => index === 0 || (known[index - 1] ?? '') <= day);
  const past = [harvestedOn, packedOn].every((day) => day === null || day <= today);
  if (!inOrder || !past) throw refuse('batch-dates-crossed', { pointer: '/packedOn' });
  return {
    ...draft,
    lot,
    quantityNote: clean(draft.quantityNote).slice(0, 200),
    reportNumber: clean(draft.reportNumber).slice(0, 100),
  };
}
