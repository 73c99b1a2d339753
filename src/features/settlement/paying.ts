import { readCode } from '#core/ids.ts';
import { csvOf } from '#core/spreadsheet.ts';
import { clean, fold } from '#core/vietnamese.ts';
import { type Tx, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Beside, Deps, Officer } from './deps.ts';
import {
  insertConfirmation,
  listPayoutsOf,
  lockPayout,
  lockRuns,
  type PayoutRow,
  savePayout,
  updateRun,
} from './queries.ts';
import { checkEnding, checkStep, type Ending, refuse, sumOf } from './rules.ts';
import { getLocked, subjectOf } from './running.ts';
import type { RunId } from './types.ts';
import { listBankLines, listPayees } from './views.ts';

const bankColumns = ['STT', 'So tai khoan', 'Ten nguoi thu huong', 'Ma ngan hang', 'Ngan hang', 'So tien', 'Noi dung'];
/** As banks take it: capitals without marks. */
const bankText = (value: string): string =>
  fold(value)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();

/** A run is closed when none of its payouts is on its way. */
async function closeIfDone({ now }: Deps, tx: Tx, runId: RunId): Promise<void> {
  const open = (await listPayoutsOf(tx, runId)).some(({ status }) => status === 'approved');
  if (!open) await updateRun(tx, runId, { status: 'closed', closedAt: now() });
}

type Told = Officer & { readonly ending: Ending; readonly note: string };

/** Writes down how a payout ended, in its row, in the books, in the log, and to its business. */
async function end(deps: Deps, tx: Tx, payout: PayoutRow, { actor, address, ending, note }: Told): Promise<void> {
  const { now, ledger, audit, notices } = deps;
  const { id, businessId, amountVnd, code, status, runId } = payout;
  const told = ending === 'paid' ? { bankReference: note } : { reason: note };
  await savePayout(tx, id, { status: ending, ...told, endedBy: actor, endedAt: now() });
  await ledger.bookPayoutEnd(tx, ending, { payoutId: id, businessId, amountVnd });
  await closeIfDone(deps, tx, runId);
  const subject = { kind: 'payout', id };
  const after = { status: ending, amountVnd, note };
  await audit.record(tx, { action: `payout.${ending}`, subject, before: { status }, after, address });
  await notices.tell(tx, {
    kind: `payout.${ending}`,
    to: { businessId },
    values: { amount: amountVnd.toLocaleString('vi-VN'), code, note },
    path: ending === 'paid' ? '/ban-hang/chi-tra' : '/ban-hang/co-so',
  });
}

const noteOf = (note: string): string => {
  const known = clean(note).slice(0, 300).toWellFormed();
  if (known === '') throw refuse('payout-note-missing', { pointer: '/note' });
  return known;
};

/** What happens at the bank, told by an officer. */
export function createPaying(deps: Deps) {
  const { db, now, audit, businesses } = deps;
  return {
    /**
     * The approved payouts that have not ended, as banks take them in bulk: one line each, without marks. Account
     * numbers are opened for it, and each opening is written down before the file leaves.
     */
    bankFile: ({ actor, address }: Officer, id: RunId): Promise<{ readonly name: string; readonly bytes: Buffer }> =>
      transact(db, actor, async (tx) => {
        const run = await getLocked(tx, id);
        checkStep(run, 'approved');
        const lines = await listBankLines(tx, id);
        const reading = { reason: `bank file of ${run.number}`, address };
        const numbers = await businesses.readAccountNumbers(
          tx,
          lines.map(({ accountId }) => accountId),
          reading,
        );
        const after = { number: run.number, payouts: lines.length, totalVnd: sumOf(lines) };
        await audit.record(tx, { action: 'payout-run.bank-file-taken', subject: subjectOf(id), after, address });
        const names = new Map(businesses.banks.map(({ bin, name }) => [bin, name]));
        const rows = lines.map(({ code, accountId, bankBin, holderName, amountVnd }, index) => [
          index + 1,
          numbers.get(accountId) ?? '',
          bankText(holderName),
          bankBin,
          bankText(names.get(bankBin) ?? ''),
          amountVnd,
          `${code} ${run.number}`,
        ]);
        return { name: `${run.number}.csv`, bytes: csvOf([bankColumns, ...rows]) };
      }),
    /** How a payout ended: with the bank's reference, or with the reason. The same ending told again changes nothing. */
    endPayout: (
      { actor, address }: Officer,
      code: string,
      ending: Ending,
      note: string,
      beside?: Beside,
    ): Promise<void> =>
      transact(db, actor, async (tx) => {
        const known = noteOf(note);
        await lockRuns(tx);
        const payout = await lockPayout(tx, readCode(code));
        if (!payout) throw refuse('payout-not-found');
        if (checkEnding(payout.status, ending)) await end(deps, tx, payout, { actor, address, ending, note: known });
        await beside?.(tx);
      }),
    /** An officer has asked the owner whether a new account is theirs: it need not rest. */
    confirmAccount: ({ actor, address }: Officer, businessId: BusinessId, note: string): Promise<void> =>
      transact(db, actor, async (tx) => {
        const known = noteOf(note);
        const [payee] = await listPayees(tx, [businessId]);
        if (!payee?.account) throw refuse('bank-account-unknown');
        const { id, last4, bankBin } = payee.account;
        await insertConfirmation(tx, { bankAccountId: id, confirmedBy: actor, confirmedAt: now(), note: known });
        const after = { bankBin, last4 };
        const subject = { kind: 'business', id: businessId };
        await audit.record(tx, { action: 'bank-account.confirmed', subject, after, reason: known, address });
      }),
  };
}
