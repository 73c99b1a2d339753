import { sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { settlementRules } from '#features/settlement/tables.ts';
import type { RunId } from '#features/settlement/types.ts';
import { hours } from './clock.ts';
import type { Market } from './market.ts';
import type { TestNode } from './node.ts';
import { recipient, type Variant } from './people.ts';

const [first, second] = [
  { actor: 'first', address: '' },
  { actor: 'second', address: '' },
] as const;

export async function businessOf({ db }: TestNode, { variantId }: Pick<Variant, 'variantId'>): Promise<BusinessId> {
  const { rows } = await db.execute<{ id: BusinessId }>(
    sql`select p.business_id as id from variants v join products p on p.id = v.product_id where v.id = ${variantId}`,
  );
  return rows[0]?.id as BusinessId;
}

/** From now on what is received is due at once, and the business is paid, to an account given a moment ago. */
export async function settleAtOnce(node: TestNode, businessId: BusinessId): Promise<void> {
  const rule = { returnWindowDays: 0, minimumPayoutVnd: vnd(0), accountRestDays: 0, clearingDays: 3 };
  await node.db.insert(settlementRules).values({ ...rule, id: newId(), validFrom: node.clock.now(), note: 'test' });
  const account = { bankBin: '970405', number: '19034567890123', holderName: 'Trần Thị Đậm' };
  await node.services.businesses.setBankAccount({ actor: 'test' }, businessId, account);
}

/**
 * Two officers look at the newest run, and take its next step until it is closed; `known` is the run that was the newest
 * before. A step that was done before its answer was lost is not taken again.
 */
export async function runPayouts({ services }: TestNode, known: RunId | undefined): Promise<void> {
  const { settlement } = services;
  for (;;) {
    const [newest] = await settlement.listRuns();
    const run = newest?.id === known ? undefined : newest;
    if (run?.status === 'closed') return;
    if (!run) await settlement.draft(first);
    else if (run.status === 'draft') await settlement.propose(first, run.id);
    else if (run.status === 'proposed') await settlement.approve(second, run.id);
    else
      for (const { code, status } of (await settlement.getRun(run.id)).payouts)
        if (status === 'approved') await settlement.endPayout(first, code, 'paid', 'FT26331000123');
  }
}

export const newestRun = async ({ services }: TestNode): Promise<RunId | undefined> =>
  (await services.settlement.listRuns())[0]?.id;

/** A household's goods arrive, its tax is withheld, a piece comes back, the month is closed and the rest is paid out, all but the last. */
export async function payOut(market: Market): Promise<void> {
  const { node } = market;
  const { orders, care, settlement } = node.services;
  const variant = market.variant();
  const businessId = await businessOf(node, variant);
  await node.setStock(variant.variantId, 100);
  await node.db.execute(sql`update businesses set type = 'household' where id = ${businessId}`);
  await settleAtOnce(node, businessId);
  const receive = async (quantity: number): Promise<string> => {
    const group = await market.guest.order([variant.variantId, quantity]);
    const { qr } = await market.guest.pay(group.code, 'vietqr');
    await market.bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    const code = group.orders[0]?.code ?? '';
    for (const step of [orders.confirmOrder, orders.shipOrder, orders.deliverOrder])
      await step(code, { actor: 'test' });
    await node.runJobs();
    return code;
  };
  const code = await receive(3);
  const shopper = { actor: 'test', phone: recipient.phone };
  const lines = [{ variantId: variant.variantId, quantity: 1 }];
  const back = await care.requestReturn(code, shopper, { lines, reason: 'damaged' });
  await care.accept(back.code, { actor: 'test', address: '' }, { keepGoods: true });
  await node.runJobs();
  await runPayouts(node, undefined);
  await receive(1);
  const id = await settlement.draft({ actor: 'first', address: '' });
  await settlement.propose({ actor: 'first', address: '' }, id);
  await settlement.approve({ actor: 'second', address: '' }, id);
  node.clock.advance(31 * hours(24));
  await node.runScheduled('settlement.freeze');
}
