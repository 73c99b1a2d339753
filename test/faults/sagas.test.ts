import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENDED, type LegId } from '#features/exchange-orders/types.ts';
import { type Legs, openLegs } from '#test/features/exchange-orders/stage.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { createRandom } from '#test/support/random.ts';
import { createCards, createFate, faced, isDeath } from './saga-world.ts';

/** `FAULTS=long npx vitest run test/faults/sagas.test.ts`: ten thousand; `SEED=` repeats a run. */
const isLong = process.env.FAULTS === 'long';
const [count, seed] = [isLong ? 10_000 : 100, Number(process.env.SEED ?? 7)];
const batch = 50;
const random = createRandom(seed);
const fates = createFate(random);
const cards = createCards(random, fates);

let stage: Legs;
beforeAll(async () => {
  stage = await openLegs({ gateway: cards.gateway, around: (origins) => faced(origins, fates) });
  stage.partner.set.stock = 100_000_000;
}, 60_000);
afterAll(() => stage.close());

/** Two workers may take up the same leg, and either may be killed. */
const advance = (id: LegId): Promise<void> =>
  stage.legs.advance(id).catch((error: unknown) => {
    if (!isDeath(error)) throw error;
  });
const end = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (!isDeath(error)) throw error;
  });
const isDone = (state: string): boolean =>
  state === 'confirmed' || state === 'fulfilling' || ENDED.includes(state as never);

/** What the partner does by itself between two turns: prices and holds change, goods run out, orders are sent or called off. */
function stir(): void {
  const { set, orders, move, callOff } = stage.partner;
  set.holdMs = minutes(random.between(2, 25));
  set.unit = random.chance(0.05) ? 51_000 : 50_000;
  set.stock = random.chance(0.1) ? 0 : 100_000_000;
  for (const { orderId, state } of [...orders.values()].slice(-batch)) {
    if (state === 'confirmed' && random.chance(0.04)) callOff(orderId);
    else if (state === 'confirmed' && random.chance(0.2)) move(orderId, 'shipped');
  }
}

async function runBatch(size: number, states: Record<string, number>): Promise<LegId[]> {
  const legs: LegId[] = [];
  fates.setShare(0);
  for (let at = 0; at < size; at += 1) {
    const { legId, sessionId } = await stage.accept(random.between(1, 3));
    legs.push(legId);
    if (!random.chance(0.95)) continue;
    cards.pay(sessionId);
    // Whoever does not come back is found when the time to pay is over.
    if (random.chance(0.8)) await end(stage.legs.refresh(legId));
  }
  let open = [...legs];
  for (let turn = 0; open.length > 0 && turn < 120; turn += 1) {
    // The world is bad for an hour, and then it heals.
    fates.setShare(turn < 40 ? random.pick([0.1, 0.3, 0.6]) : 0);
    stir();
    await Promise.all(open.flatMap((id) => (random.chance(0.2) ? [advance(id), advance(id)] : [advance(id)])));
    await end(stage.legs.followOrders());
    stage.node.clock.advance(minutes(random.between(0, 4)));
    const now = await Promise.all(open.map(async (id) => [id, await stage.stateOf(id)] as const));
    open = now.flatMap(([id, state]) => (isDone(state) ? [] : [id]));
  }
  fates.setShare(0);
  for (let turn = 0; turn < 3; turn += 1) {
    await stage.legs.followOrders();
    await Promise.all(legs.map(advance));
    stage.node.clock.advance(minutes(6));
  }
  for (const id of legs) {
    const state = await stage.stateOf(id);
    states[state] = (states[state] ?? 0) + 1;
  }
  return legs;
}

/** What of a batch is not as it must be, by the books of the partner and of the card provider. */
async function judge(legs: readonly LegId[]) {
  const orders = new Map([...stage.partner.orders.values()].map((order) => [order.key, order]));
  const wrong: string[] = [];
  let doubles = 0;
  for (const id of legs) {
    const [order, money, state] = [orders.get(`leg:${id}`), cards.books.get(`s:${id}`), await stage.stateOf(id)];
    const back = (order?.refunds ?? []).reduce((sum, { amount }) => sum + amount.amount, 0);
    const sold = order?.confirmedAt ? order.total.amount - back : 0;
    const kept = money?.state === 'taken' ? money.amount - money.back : 0;
    doubles += (money?.captures ?? 0) > 1 ? 1 : 0;
    if (!isDone(state)) wrong.push(`${id} does not end: ${state}`);
    if (kept !== sold) wrong.push(`${id} ${state}: ${kept} kept, sold for ${sold}`);
    if (money?.state === 'set-aside') wrong.push(`${id} ${state}: set aside still`);
  }
  return { wrong, doubles };
}

test(`${count} sagas with a fault at every edge over the real database: all end, no double capture, no orphan hold`, async () => {
  const began = performance.now();
  const states: Record<string, number> = {};
  const found = { wrong: [] as string[], doubles: 0, orphans: 0 };
  for (let made = 0; made < count; made += batch) {
    const { wrong, doubles } = await judge(await runBatch(Math.min(batch, count - made), states));
    found.wrong.push(...wrong);
    found.doubles += doubles;
    // An hour later nothing that was not bought may be held; then these orders are done with.
    stage.node.clock.advance(hours(1));
    found.orphans += stage.partner.held().length;
    stage.partner.orders.clear();
    if (isLong && (made + batch) % 1_000 === 0) console.log(made + batch, JSON.stringify(states));
  }
  const { findings } = await stage.node.services.ledger.verify();
  const seconds = Math.round((performance.now() - began) / 1_000);
  if (isLong) console.log(JSON.stringify({ sagas: count, seed, states, ...found, fates: fates.met, seconds }));
  expect({ ...found, findings }).toEqual({ wrong: [], doubles: 0, orphans: 0, findings: [] });
  expect(states.refunded).toBeGreaterThan(0);
  expect(states.void).toBeGreaterThan(0);
}, 7_200_000);
