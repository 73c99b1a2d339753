import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { preparedSql, type Reader, type Tx } from '#db/client.ts';
import { bankTransfers, transferSightings } from '../tables.ts';
import type { BankTransfer, PaymentId, ReceivedForLeg, TransferId, TransferState } from '../types.ts';

export type TransferRow = typeof bankTransfers.$inferSelect;

const given = sql.placeholder;

const referenceLock = preparedSql(
  'transfer-reference-lock',
  sql`select pg_advisory_xact_lock(hashtextextended(${given('reference')}::text, 7))`,
);

/** Two services tell of one transfer at the same moment: one after the other, by the bank's name for it. */
export async function lockBankReference(tx: Tx, { bankReference, content, provider }: BankTransfer): Promise<void> {
  // Without a name the text of the bank is as near as one gets. Lines without either wait for nobody.
  await referenceLock(tx, { reference: bankReference || content || provider });
}

/** A line that another service has told already, by the bank's reference, and that this one has not told yet. */
const isTold = sql`exists (select from bank_transfers k where k.bank_reference = ${given('bankReference')}::text and k.bank_reference <> ''
    and k.amount_vnd = ${given('amountVnd')}::bigint and k.direction = ${given('direction')}::text and k.provider <> ${given('provider')}::text
    and not exists (select from transfer_sightings s where s.transfer_id = k.id and s.provider = ${given('provider')}::text))`;

const newTransfer = preparedSql<{ id: TransferId }>(
  'transfer-insert',
  sql`insert into bank_transfers (id, provider, provider_tx_id, direction, account_number, amount_vnd, content, bank_reference, state, payer, raw, happened_at, received_at)
    select ${given('id')}::uuid, ${given('provider')}::text, ${given('providerTxId')}::text, ${given('direction')}::text, ${given('accountNumber')}::text,
      ${given('amountVnd')}::bigint, ${given('content')}::text, ${given('bankReference')}::text, ${given('state')}::text, ${given('payer')}::jsonb,
      ${given('raw')}::jsonb, ${given('happenedAt')}::timestamptz, ${given('receivedAt')}::timestamptz
    where not ${isTold} and not exists (select from transfer_sightings s where s.provider = ${given('provider')}::text and s.provider_tx_id = ${given('providerTxId')}::text)
    on conflict (provider, provider_tx_id) do nothing returning id`,
);

/** Stores a line of the feed; undefined when it was told before, by whomever. The caller holds the lock of its reference. */
export async function insertTransfer(
  tx: Tx,
  transfer: BankTransfer,
  state: TransferState,
  at: Date,
): Promise<TransferId | undefined> {
  const { provider, providerTxId, direction, accountNumber, amountVnd, content, bankReference } = transfer;
  const line = { provider, providerTxId, direction, accountNumber, amountVnd, content, bankReference, state };
  const [row] = await newTransfer(tx, {
    ...line,
    id: newId<'BankTransfer'>(),
    payer: transfer.payer ? JSON.stringify(transfer.payer) : null,
    raw: JSON.stringify(transfer.raw),
    happenedAt: transfer.happenedAt ?? null,
    receivedAt: at,
  });
  return row?.id;
}

const transferSettled = preparedSql(
  'transfer-save',
  sql`update bank_transfers set state = ${given('state')}, payment_id = coalesce(${given('paymentId')}::text, payment_id) where id = ${given('id')}::uuid`,
);
export async function saveTransfer(tx: Tx, id: string, state: TransferState, paymentId?: PaymentId): Promise<void> {
  await transferSettled(tx, { id, state, paymentId: paymentId ?? null });
}

/** Goods of a partner exchange took it. */
export async function saveTransferOfLeg(tx: Tx, id: string, { state, legId }: ReceivedForLeg): Promise<void> {
  await tx
    .update(bankTransfers)
    .set({ state, legId })
    .where(eq(bankTransfers.id, id as TransferId));
}

export async function findTransfer(reader: Reader, id: TransferId): Promise<TransferRow | undefined> {
  const [row] = await reader.select().from(bankTransfers).where(eq(bankTransfers.id, id));
  return row;
}

export async function lockTransfer(tx: Tx, id: TransferId): Promise<TransferRow | undefined> {
  const [row] = await tx.select().from(bankTransfers).where(eq(bankTransfers.id, id)).for('update');
  return row;
}

/** The stored line that another service's line is; undefined when this service itself told it before. */
export async function findTold(reader: Reader, transfer: BankTransfer): Promise<TransferRow | undefined> {
  const { bankReference, amountVnd, direction, provider } = transfer;
  if (bankReference === '') return undefined;
  const [row] = await reader
    .select()
    .from(bankTransfers)
    .where(
      and(
        eq(bankTransfers.bankReference, bankReference),
        eq(bankTransfers.amountVnd, amountVnd),
        eq(bankTransfers.direction, direction),
        ne(bankTransfers.provider, provider),
        sql`not exists (select from ${transferSightings} where ${transferSightings.transferId} = ${bankTransfers.id} and ${transferSightings.provider} = ${provider})`,
      ),
    )
    .orderBy(asc(bankTransfers.receivedAt))
    .limit(1);
  return row;
}

export async function addSighting(tx: Tx, transferId: TransferId, transfer: BankTransfer, at: Date): Promise<void> {
  const { provider, providerTxId, raw } = transfer;
  await tx
    .insert(transferSightings)
    .values({ id: newId<'TransferSighting'>(), transferId, provider, providerTxId, raw, at })
    .onConflictDoNothing({ target: [transferSightings.provider, transferSightings.providerTxId] });
}

/** The one transfer that the bank has taken back: the same amount, named by the bank's reference of it. */
export async function findReversed(
  tx: Tx,
  amountVnd: Vnd,
  bankReference: string,
  content: string,
): Promise<TransferRow | undefined> {
  const rows = await tx
    .select()
    .from(bankTransfers)
    .where(
      and(
        eq(bankTransfers.direction, 'in'),
        eq(bankTransfers.amountVnd, amountVnd),
        ne(bankTransfers.state, 'reversed'),
        ne(bankTransfers.state, 'foreign-account'),
        sql`length(${bankTransfers.bankReference}) >= 6`,
        sql`(${bankTransfers.bankReference} = ${bankReference} or position(${bankTransfers.bankReference} in ${content}) > 0)`,
      ),
    )
    .limit(2)
    .for('update');
  return rows.length === 1 ? rows[0] : undefined;
}

const waiting = ['unmatched', 'foreign-account'] as const;

export const listUnmatched = (reader: Reader, limit: number): Promise<TransferRow[]> =>
  reader
    .select()
    .from(bankTransfers)
    .where(inArray(bankTransfers.state, [...waiting]))
    .orderBy(asc(bankTransfers.receivedAt))
    .limit(limit);

/** What a statement may tell again: lines of these amounts around its days that no statement has told yet. */
export const listUnsighted = (
  reader: Reader,
  provider: string,
  { from, until, account }: { readonly from: Date; readonly until: Date; readonly account: string },
): Promise<TransferRow[]> =>
  reader
    .select()
    .from(bankTransfers)
    .where(
      and(
        eq(bankTransfers.accountNumber, account),
        ne(bankTransfers.provider, provider),
        sql`coalesce(${bankTransfers.happenedAt}, ${bankTransfers.receivedAt}) >= ${from.toISOString()}::timestamptz`,
        sql`coalesce(${bankTransfers.happenedAt}, ${bankTransfers.receivedAt}) < ${until.toISOString()}::timestamptz`,
        sql`not exists (select from ${transferSightings} where ${transferSightings.transferId} = ${bankTransfers.id} and ${transferSightings.provider} = ${provider})`,
      ),
    )
    .orderBy(asc(bankTransfers.receivedAt))
    .limit(20_000);
