import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { vnd } from '#core/money.ts';
import type { TransferId } from '#features/payments/types.ts';
import { minutes } from '#test/support/clock.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import type { Group, Variant } from '#test/support/people.ts';
import type { SepayPayload, Transfer } from '#test/support/providers/bank.ts';

/** One exchange for all kinds of transfers, and one product that never runs out. */
export let market: Market;
let shared: Variant;
export async function openOnce(): Promise<void> {
  market = await openMarket();
  shared = market.variant();
  await market.node.setStock(shared.variantId, 5_000);
}
export const anything = (): Variant => shared;

export const lan = { actor: 'account:01900000-0000-7000-8000-0000000000a1' };
export const binh = { actor: 'account:01900000-0000-7000-8000-0000000000b2' };

/** One shopper who owes `due`, a bank, and everything that may go wrong between them. */
export async function openStage(variant: Variant = shared) {
  const { node, bank } = market;
  const { group, memo } = await market.awaitTransfer(variant);
  const lines: SepayPayload[] = [];
  const move = (transfer: Partial<Transfer> & { readonly amountVnd: number }): SepayPayload => {
    const line = bank.move({ memo, ...transfer });
    lines.push(line);
    return line;
  };
  const come = async (amountVnd: number, more: Partial<Transfer> = {}): Promise<SepayPayload> => {
    const line = move({ amountVnd, ...more });
    expect(await bank.tell(node.url, line)).toBe(200);
    return line;
  };
  const idOf = async ({ id }: SepayPayload): Promise<TransferId> => {
    const { rows } = await node.db.execute<{ id: TransferId }>(
      sql`select id from bank_transfers where provider_tx_id = ${String(id)}`,
    );
    return rows[0]?.id ?? ('' as TransferId);
  };
  return { node, bank, group, memo, due: group.totalVnd, lines, move, come, idOf };
}
export type Stage = Awaited<ReturnType<typeof openStage>>;
export type Expected = {
  /** What became of each line, in the order in which they came. */
  readonly lines: readonly string[];
  readonly group: Group['status'];
  /** What goes back, and how far it is. */
  readonly back?: (due: number) => readonly (readonly [reason: string, amountVnd: number, status: string])[];
  /** What stays with nobody. */
  readonly suspense?: (due: number) => number;
};
export type Kind = readonly [name: string, play: (stage: Stage) => Promise<unknown>, expected: Expected];

export const paid = (...lines: string[]): Expected => ({ lines, group: 'paid' });
export const lapse = () => market.node.clock.advance(minutes(31));
export const expire = async () => {
  lapse();
  await market.node.runScheduled('orders.expire');
  await market.node.runJobs();
};
export const typo = (memo: string): string => memo.slice(0, -1) + (memo.endsWith('A') ? 'B' : 'A');
export const nobodys = (amount: (due: number) => number = (due) => due): Expected => ({
  lines: ['unmatched'],
  group: 'awaiting-payment',
  suspense: amount,
});
export const statement = ({ node, bank, lines }: Stage) =>
  node.services.payments.importStatement(lan, { bytes: bank.statement(lines), name: 'sao-ke.csv' });
export const decide = async (
  { node, idOf }: Stage,
  line: SepayPayload,
  parts: readonly (readonly [code: string, amountVnd: number])[],
) => {
  const allocations = parts.map(([code, amountVnd]) => ({ code, amountVnd: vnd(amountVnd) }));
  const draft = { transferId: await idOf(line), allocations, reason: 'Khách gọi điện xác nhận' };
  const id = await node.services.payments.proposeMatch(lan, draft);
  await expect(node.services.payments.approve(lan, id)).rejects.toMatchObject({ code: 'money-four-eyes' });
  await node.services.payments.approve(binh, id);
};
