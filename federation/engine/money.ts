import type { FedRecord, Offer } from '../protocol/record.ts';

/** No honest price changes fiftyfold; a moved decimal point, a minor unit or thousands of đồng change it at least so. */
const unbelievable = 50;

const isJump = (before: number, after: number): boolean =>
  after >= before * unbelievable || before >= after * unbelievable;

/** Of a partner on probation: how much of its price may change without a person looking. */
const believedChange = 0.4;
const isSteep = (before: number, after: number): boolean => Math.abs(after - before) > before * believedChange;

/**
 * Offers whose price jumped against what is stored, and whether they are most of the prices that changed: then it is not
 * an offer that is wrong but the money of the partner. Of a partner on probation a change by more than 40 % is a jump.
 */
export function findJumps(
  records: readonly FedRecord[],
  stored: ReadonlyMap<string, number>,
  isOnProbation: boolean | undefined,
) {
  const changed = records.flatMap((record): { offer: Offer; before: number }[] => {
    const before = stored.get(record.uri);
    const differs = record.kind === 'offer' && before !== undefined && before !== record.price.amount;
    return differs ? [{ offer: record, before }] : [];
  });
  const unbelieved = changed.filter(({ offer, before }) => isJump(before, offer.price.amount));
  const steep = isOnProbation ? changed.filter(({ offer, before }) => isSteep(before, offer.price.amount)) : [];
  const isDrift = unbelieved.length > 0 && unbelieved.length * 2 >= changed.length;
  return { jumps: [...new Set([...unbelieved, ...steep])], isDrift };
}
