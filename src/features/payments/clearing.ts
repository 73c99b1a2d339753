import { createHash } from 'node:crypto';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import type { Tx } from '#db/client.ts';
import type { Deps } from './deps.ts';
import { insertSettlement, listOurs, settleLines } from './queries/clearing.ts';
import { saveTransfer, type TransferRow } from './queries/transfers.ts';
import { differencesOf, type PassedFile, readProviderFile } from './rules/provider-file.ts';
import { readRows, type StatementFile } from './statements.ts';
import { type PassingProvider, type ProposalDetail, paymentProblems, type TransferId } from './types.ts';

const refuse = refusals(paymentProblems);
const differencesShown = 50;

export type PassedDraft = {
  readonly transferId: TransferId;
  readonly provider: PassingProvider;
  /** What the provider calls this payout. */
  readonly reference: string;
  readonly file: StatementFile;
  readonly reason: string;
};

/** The provider's file, before anything is looked up: its table in our words. */
export function readPassed({ file, reference }: PassedDraft): PassedFile & { readonly name: string } {
  const name = clean(reference).slice(0, 100);
  if (!/^[\w./:-]{3,100}$/.test(name)) throw refuse('provider-payout-reference', { pointer: '/reference' });
  const read = readProviderFile(readRows(file.bytes, 'provider-file-unreadable'));
  if ('why' in read) throw refuse('provider-file-unreadable', { pointer: '/file', line: read.line, why: read.why });
  return { ...read, name };
}

/** Keeps what the provider says, once it is the transfer to the đồng and each line is what our books say. */
export async function keepSettlement(
  deps: Deps,
  tx: Tx,
  actor: string,
  transfer: TransferRow,
  { provider, file }: PassedDraft,
  { lines, grossVnd, feeVnd, name }: ReturnType<typeof readPassed>,
): Promise<ProposalDetail> {
  const netVnd = vnd(grossVnd - feeVnd);
  if (netVnd !== transfer.amountVnd) throw refuse('provider-net-differs', { netVnd, amountVnd: transfer.amountVnd });
  const ours = await listOurs(
    tx,
    provider,
    lines.map(({ reference }) => reference),
  );
  const differences = differencesOf(lines, ours);
  if (differences.length > 0) throw refuse('provider-lines-differ', { lines: differences.slice(0, differencesShown) });
  const id = newId<'ProviderSettlement'>();
  const about = { id, provider, reference: name, lineCount: lines.length, grossVnd, feeVnd };
  const digest = createHash('sha256').update(file.bytes).digest('hex');
  const kept = { ...about, netVnd, digest, transferId: transfer.id, importedBy: actor, importedAt: deps.now() };
  await insertSettlement(tx, kept, lines);
  return { settlement: about };
}

/** Two have looked: what lay at the provider is now the transfer, and what the provider keeps is its fee. */
export async function bookSettlement(
  deps: Deps,
  tx: Tx,
  transfer: TransferRow,
  { settlement }: ProposalDetail,
): Promise<void> {
  if (!settlement) throw new Error('A proposal of a provider’s payout names its settlement');
  const { id, provider, reference, grossVnd, feeVnd } = settlement;
  const known = await settleLines(tx, id, provider);
  if (known.length > 0) throw refuse('provider-lines-settled', { references: known.slice(0, differencesShown) });
  await deps.ledger.bookProviderPayout(tx, `clearing:${provider}`, `${provider}:${reference}:${id}`, grossVnd, feeVnd);
  await saveTransfer(tx, transfer.id, 'provider-payout');
}
