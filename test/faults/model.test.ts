import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { counted, limitMs, many, seedOf, shared } from '#test/support/scale.ts';
import { aim, type Move, mayMeet, turn } from './model/actions.ts';
import { type Action, facts, type Model, step } from './model/model.ts';
import { openShop, type Real, type Shop } from './model/shop.ts';

/**
 * A shop on paper beside the real one: carts, orders, transfers, cards, parcels, cancellations, returns and refunds in any
 * order, single and two at once. Whatever is asked, the answer and the state afterwards are those of the paper.
 */
const seed = seedOf('a shop on paper');
/** Shops side by side, each with its own database and clock, so that one thinks while another waits for its database. */
const lanes = many(1, 2);
const runs = shared(30, 5_000);
const most = 60;

let shops: readonly Shop[];
beforeAll(async () => {
  const opening = Array.from({ length: lanes }, () => openShop());
  shops = await Promise.all(opening);
});
afterAll(async () => {
  for (const { market } of shops) await market.close();
});

/** What an order costs is the price list's to say; the paper keeps what it said. */
function priced(real: Real, one: Action): Action {
  const known = one.kind === 'order' ? real.get(one.id) : undefined;
  if (!known) return one;
  const totals = known.codes.map((code) => known.group.orders.find((order) => order.code === code)?.totalVnd ?? 0);
  return { ...one, totals } as Action;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const seen = new Map<string, number>();
let turnsTaken = 0;

/** Two that began in the same instant were done in one order or in the other. */
const orders = {
  1: [[0]],
  2: [
    [0, 1],
    [1, 0],
  ],
} as const;

/** Asks both shops; the paper as it is afterwards. */
async function ask(shop: Shop, real: Real, now: Model, together: readonly Action[]): Promise<Model> {
  const answers = await Promise.all(together.map((one) => shop.perform(real, now, one)));
  const told = await shop.look(real);
  const outcomes = orders[together.length as 1 | 2].map((order) => {
    const next = structuredClone(now);
    const expected: string[] = [];
    for (const nth of order) expected[nth] = step(next, priced(real, together[nth] as Action));
    return { next, expected };
  });
  const fitting = outcomes.find(({ next, expected }) => same([answers, told], [expected, facts(next)]));
  const [first] = outcomes;
  expect([together, answers, told]).toEqual(
    fitting ? [together, answers, told] : [together, first?.expected, first && facts(first.next)],
  );
  turnsTaken += 1;
  for (const [nth, one] of together.entries()) {
    const what = `${one.kind}${one.kind === 'answer' ? ` ${one.word}` : ''}: ${answers[nth]}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  return fitting?.next ?? now;
}

async function play(shop: Shop, turns: readonly (readonly Move[])[]): Promise<void> {
  let paper = await shop.clear();
  const real: Real = new Map();
  for (const moves of turns) {
    const now = paper;
    const together = moves.map((one) => aim(now, one));
    if (mayMeet(together)) paper = await ask(shop, real, now, together);
    // One after the other: what the second means is looked at anew.
    else for (const one of moves) paper = await ask(shop, real, paper, [aim(paper, one)]);
  }
}

test(`${runs} runs of up to ${most} turns: the shop does what the paper says`, { timeout: limitMs }, async () => {
  let run = 0;
  const startedAt = performance.now();
  const inLane = async (shop: Shop, lane: number): Promise<void> => {
    const { node } = shop.market;
    const numRuns = Math.ceil(runs / lanes);
    let own = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 5, maxLength: most, size: 'max' }), async (turns) => {
        await play(shop, turns);
        run += 1;
        own += 1;
        if (own % many(15, 200) > 0) return;
        await node.runJobs();
        await expectSound(node.db, shop.market);
      }),
      // In the long form the seed and the path say enough; to make the case small takes longer than all the rest.
      { seed: seed + lane, numRuns, endOnFailure: many(0, 1) === 1 },
    );
    node.clock.advance(hours(1));
    await node.runScheduled('orders.expire');
    await node.runJobs();
    await expectSound(node.db, shop.market);
  };
  await Promise.all(shops.map(inLane));
  console.log(`${run} runs: ${JSON.stringify(Object.fromEntries([...seen].sort()))}`);
  const perSecond = turnsTaken / ((performance.now() - startedAt) / 1_000);
  counted('T8', { runs: run, turns: turnsTaken }, { 'turns/s': perSecond });
});
