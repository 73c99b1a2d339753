import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { minutes } from '#test/support/clock.ts';
import { expectNothingStuck, expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, type Variant } from '#test/support/people.ts';
import type { SepayPayload } from '#test/support/providers/bank.ts';
import { counted, inParallel, limitMs, many, seeded, shared } from '#test/support/scale.ts';

/**
 * Shoppers who walk away, shoppers who pay at once and shoppers whose money comes when their time is over, for goods that
 * are not enough for all of them. At every look at the shelf what was sold, is held and is free is what was put there.
 */
const random = seeded('abandoned, lapsed and late');
const buyers = many(90, 1_000);
const stock = many(25, 100);
const rounds = Array.from({ length: shared(1, 10) }, (_, round) => round + 1);

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

type Sample = { readonly sold: number; readonly held: number; readonly free: number };
const look = async ({ variantId }: Variant): Promise<Sample> => {
  const { rows } = await market.node.db.execute<Sample>(
    sql`select s.held, s.on_hand - s.held as free,
      (select coalesce(sum(h.quantity), 0)::int from holds h where h.variant_id = s.variant_id and h.status = 'claimed') as sold
      from stock s where s.variant_id = ${variantId}`,
  );
  return rows[0] ?? { sold: Number.NaN, held: 0, free: 0 };
};

/** How many paid orders were called off since their sellers kept silent. */
async function loseLate(): Promise<number> {
  const count = async (): Promise<number> => {
    const { rows } = await market.node.db.execute<{ n: number }>(
      sql`select count(*)::int as n from order_events where type = 'cancelled'`,
    );
    return rows[0]?.n ?? 0;
  };
  const before = await count();
  await market.node.runScheduled('orders.cancel-unconfirmed');
  return (await count()) - before;
}

type Late = { readonly group: Group; readonly payload: SepayPayload };

/** One shopper: refused, gone, paid at once, or with money on its way that comes when the time is over. */
async function shop(lines: readonly Variant[]): Promise<Late | 'refused' | 'abandoned' | 'paid'> {
  const { guest, bank, node } = market;
  const cart = await guest.fillCart(...random.shuffle(lines).map(({ variantId }) => [variantId, 1] as const));
  const answer = await guest.client.send<Group>('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: fresh() });
  expect([201, 409]).toContain(answer.status);
  if (answer.status === 409) return 'refused';
  const group = answer.body;
  if (random.chance(0.3)) return 'abandoned';
  const { qr } = await guest.pay(group.code, 'vietqr');
  const payload = bank.move({ memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  if (random.chance(0.35)) return { group, payload };
  expect(await bank.tell(node.url, payload)).toBe(200);
  return 'paid';
}

test.each(rounds)(
  `round %i: ${buyers} shoppers for ${stock} pieces, a third of them walks away: nothing is lost on the way, and late money is served or goes back`,
  { timeout: limitMs },
  async () => {
    const { node, bank, guest } = market;
    const scarce = await market.scarce(stock);
    const plenty = market.variant();
    await node.setStock(plenty.variantId, buyers * 2);
    const ends: Awaited<ReturnType<typeof shop>>[] = [];
    const late: Late[] = [];
    const check = async (): Promise<void> => {
      const { sold, held, free } = await look(scarce);
      expect(sold + held + free).toBe(stock);
    };
    const tell = async (some: readonly Late[]): Promise<void> => {
      const statuses = await inParallel(some, 6, ({ payload }) => bank.tell(node.url, payload));
      expect(statuses).toEqual(statuses.map(() => 200));
    };
    const told: Late[] = [];
    for (let left = buyers; left > 0; ) {
      const wave = Math.min(left, random.between(8, 20));
      left -= wave;
      const lines = Array.from({ length: wave }, () => (random.chance(0.4) ? [scarce, plenty] : [scarce]));
      // Money of earlier waves comes in, holds lapse by the job and lazily, while the next shoppers order.
      const arriving = late.splice(0, random.between(0, late.length));
      told.push(...arriving);
      const [outcomes] = await Promise.all([
        inParallel(lines, 8, (own) => shop(own)),
        tell(arriving),
        ...(random.chance(0.5) ? [node.runScheduled('orders.expire')] : []),
        check(),
      ]);
      ends.push(...outcomes);
      late.push(...outcomes.flatMap((outcome) => (typeof outcome === 'object' ? [outcome] : [])));
      await check();
      node.clock.advance(random.pick([minutes(1), minutes(12), minutes(31)]));
    }
    node.clock.advance(minutes(31));
    await tell(late);
    told.push(...late);
    await check();
    await node.runScheduled('orders.expire');
    await node.runJobs();
    let served = 0;
    for (const { group, payload } of told) {
      const { status } = await guest.group(group.code);
      const back = (await market.refundsOf(group)).reduce((sum, { amountVnd }) => sum + amountVnd, 0);
      if (status === 'paid') served += 1;
      expect([status, back]).toEqual(status === 'paid' ? ['paid', 0] : ['expired', payload.transferAmount]);
    }
    const { sold, held, free } = await look(scarce);
    expect([held, sold + free]).toEqual([0, stock]);
    const count = (end: string): number => ends.filter((one) => one === end).length;
    expect(sold).toBe(count('paid') + served);
    // A round takes most of a day of the market's clock: sellers who let earlier ones wait lose them, some at a time, as every
    // five minutes of that day.
    for (let lost = 1; lost > 0; ) lost = await loseLate();
    await node.runJobs();
    await expectSound(node.db, market);
    await expectNothingStuck(node.db, node.clock.now());
    counted('T2', {
      rounds: 1,
      buyers,
      sold,
      ...{ 'paid at once': count('paid'), 'walked away': count('abandoned'), 'found nothing': count('refused') },
      ...{ 'late money': told.length, 'of it served': served },
    });
  },
);
