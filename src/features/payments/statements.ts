import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { localDate, startOfLocalDay } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { fold } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import type { Deps } from './deps.ts';
import { insertStatement } from './queries/statements.ts';
import { addSighting, listUnsighted, type TransferRow } from './queries/transfers.ts';
import { codesIn } from './rules/money.ts';
import { readStatement, type StatementLine } from './rules/statement.ts';
import { recordTransfer } from './transfers.ts';
import { type BankTransfer, paymentProblems } from './types.ts';

const refuse = refusals(paymentProblems);
export const STATEMENT = 'statement';

export type StatementFile = { readonly bytes: Buffer; readonly name: string };
export type StatementResult = {
  readonly lineCount: number;
  readonly newCount: number;
  readonly knownCount: number;
  readonly fromDay: string;
  readonly toDay: string;
  readonly missing: readonly { readonly id: string; readonly amountVnd: number; readonly content: string }[];
};

/** The cells of a CSV, whichever of the usual signs stands between them. */
export function readRows(
  bytes: Buffer,
  unreadable: 'statement-unreadable' | 'provider-file-unreadable',
): readonly (readonly string[])[] {
  try {
    const text = bytes.toString('utf8').replace(/^\ufeff/, '');
    const delimiter = [';', '\t', ','].find(
      (one) => (text.split('\n', 20).join('\n').match(new RegExp(one, 'g')) ?? []).length > 8,
    );
    return parse(text, {
      delimiter: delimiter ?? ',',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch {
    throw refuse(unreadable);
  }
}

/** A name for a line that the bank gives none: what it says, and which of its equals it is. */
const namesOf = (lines: readonly StatementLine[]): string[] => {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const says = JSON.stringify([line.day, line.time, line.direction, line.amountVnd, line.reference, line.content]);
    const ordinal = (seen.get(says) ?? 0) + 1;
    seen.set(says, ordinal);
    return createHash('sha256').update(`${says}#${ordinal}`).digest('hex').slice(0, 40);
  });
};

const transferOf = (line: StatementLine, name: string, account: string): BankTransfer => ({
  provider: STATEMENT,
  providerTxId: name,
  direction: line.direction,
  accountNumber: account,
  amountVnd: line.amountVnd,
  content: line.content,
  bankReference: line.reference,
  happenedAt: new Date(`${line.day}T${line.time || '12:00:00'}+07:00`),
  raw: line,
});

const plain = (text: string): string => fold(text).replace(/[^0-9a-z]/g, '');

/**
 * The stored line that a line of the statement is, where the bank's reference does not say so: of the same day, way and
 * amount, with the same words or the same code in them.
 */
const isSame = (line: StatementLine, stored: TransferRow): boolean => {
  if (stored.direction !== line.direction || stored.amountVnd !== line.amountVnd) return false;
  if (localDate(stored.happenedAt ?? stored.receivedAt) !== line.day) return false;
  if (line.reference !== '' && stored.bankReference !== '') return line.reference === stored.bankReference;
  const [codes, own] = [codesIn(line.content), codesIn(stored.content)];
  return (
    plain(stored.content) === plain(line.content) || (codes.length > 0 && codes.some((code) => own.includes(code)))
  );
};

/** Marks what is known as told, takes in what is new, and says what the statement should tell and does not. */
async function reconcile(deps: Deps, lines: readonly StatementLine[], account: string): Promise<StatementResult> {
  const days = lines.map(({ day }) => day).toSorted();
  const [fromDay = '', toDay = ''] = [days.at(0), days.at(-1)];
  const period = {
    from: startOfLocalDay(fromDay),
    until: new Date(startOfLocalDay(toDay).getTime() + 86_400_000),
    account,
  };
  const open = [...(await listUnsighted(deps.db, STATEMENT, period))];
  const names = namesOf(lines);
  let newCount = 0;
  for (const [index, line] of lines.entries()) {
    const transfer = transferOf(line, names[index] ?? '', account);
    const at = open.findIndex((stored) => isSame(line, stored));
    const [known] = at < 0 ? [] : open.splice(at, 1);
    if (known)
      await transact(deps.db, `provider:${STATEMENT}`, (tx) => addSighting(tx, known.id, transfer, deps.now()));
    else if ((await recordTransfer(deps, transfer)) !== 'repeated') newCount += 1;
  }
  const missing = open.map(({ id, amountVnd, content }) => ({ id, amountVnd, content })).slice(0, 100);
  return { lineCount: lines.length, newCount, knownCount: lines.length - newCount, fromDay, toDay, missing };
}

/**
 * Reads the bank's own statement of the exchange's account: each line is matched once with what webhooks told, what they
 * left out is taken in as if they had told it, and what they told without the bank knowing of it is named.
 */
export async function importStatement(
  deps: Deps,
  officer: { readonly actor: string; readonly address?: string | undefined },
  file: StatementFile,
): Promise<StatementResult> {
  const account = deps.account?.accountNumber;
  const lines = readStatement(readRows(file.bytes, 'statement-unreadable'));
  if (!account || lines.length === 0) throw refuse('statement-unreadable');
  const result = await reconcile(deps, lines, account);
  const id = newId<'BankStatement'>();
  const digest = createHash('sha256').update(file.bytes).digest('hex');
  await transact(deps.db, officer.actor, async (tx) => {
    const row = { ...result, id, digest, fileName: file.name.slice(0, 200), importedBy: officer.actor };
    if (!(await insertStatement(tx, { ...row, importedAt: deps.now() }))) throw refuse('statement-known');
    const { missing, ...counts } = result;
    const after = { ...counts, missing: missing.length };
    const subject = { kind: 'bank-statement', id };
    await deps.audit.record(tx, { action: 'bank-statement.imported', subject, after, address: officer.address });
  });
  return result;
}
