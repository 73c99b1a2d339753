import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import type { Group } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { counted, inParallel, limitMs, seeded, shared } from '#test/support/scale.ts';

const random = seeded('messages in any order');
let market: Market;
/** A second process of the same exchange, in this one. */
let second: TestNode;

beforeAll(async () => {
  market = await openMarket();
  second = await startNode({
    database: market.node.database,
    env: { ...market.stripe.env, ...market.vnpay.env },
  });
});
afterAll(async () => {
  await second.close();
  await market.close();
});

type Message = { readonly kind: 'good' | 'forged' | 'stale'; readonly send: (base: string) => Promise<number> };
type Method = 'vietqr' | 'stripe' | 'vnpay';

/** Each message of a provider one to twenty times, one in ten of them forged or too old. */
const repeated = (
  make: (kind: Message['kind']) => Message['send'],
  kinds: readonly Message['kind'][] = ['forged', 'stale'],
): readonly Message[] => [
  { kind: 'good', send: make('good') },
  ...Array.from({ length: random.between(0, 19) }, (): Message => {
    const kind = random.chance(0.05 * kinds.length) ? random.pick(kinds) : 'good';
    return { kind, send: make(kind) };
  }),
];

const forger = createBank(999, 'not-the-key-of-the-bank');

/** An order that somebody pays for, with all that its provider will say of it. */
async function buy(method: Method): Promise<{ readonly group: Group; readonly messages: readonly Message[] }> {
  const { guest, bank, stripe, vnpay } = market;
  const group = await guest.order([variantId, 1]);
  const payment = await guest.pay(group.code, method);
  if (method === 'vietqr') {
    const payload = bank.move({ memo: payment.qr?.memo ?? '', amountVnd: group.totalVnd });
    const by = { good: bank, forged: forger, stale: bank };
    return { group, messages: repeated((kind) => (base) => by[kind].tell(base, payload), ['forged']) };
  }
  if (method === 'vnpay') {
    const txnRef = vnpay.open(payment.redirectUrl);
    vnpay.decide(txnRef);
    // VNPAY's refusals are words in an answer of 200.
    const send = (kind: Message['kind']) => async (base: string) =>
      (await vnpay.tell(base, txnRef, kind === 'forged' ? { signature: kind } : {})) === '97' ? 401 : 200;
    return { group, messages: repeated(send, ['forged']) };
  }
  const sessionId = stripe.sessionOf(payment.redirectUrl);
  const events = random.chance(0.4) ? [stripe.promise(sessionId), stripe.succeed(sessionId)] : [stripe.pay(sessionId)];
  const send = (event: (typeof events)[number]) => (kind: Message['kind']) => (base: string) =>
    stripe.tell(base, event, { signature: kind });
  return { group, messages: events.flatMap((event) => repeated(send(event))) };
}

let variantId = '';

test('every message of three providers up to twenty times, shuffled, at two doors at once, some forged and some stale: each has one effect, and none an error of ours', {
  timeout: limitMs,
}, async () => {
  const { node, guest } = market;
  ({ variantId } = await market.scarce(100_000));
  const methods = Array.from({ length: shared(30, 1_200) }, () => random.pick<Method>(['vietqr', 'stripe', 'vnpay']));
  const bought = await inParallel(methods, 6, buy);
  const messages = random.shuffle(bought.flatMap((one) => one.messages));
  const doors = [node, second];
  const answers = await inParallel(messages, 40, async ({ kind, send }, index) => ({
    kind,
    status: await send(doors[index % doors.length]?.url ?? ''),
  }));
  const seen = new Map<string, number>();
  for (const { kind, status } of answers) seen.set(`${kind} ${status}`, (seen.get(`${kind} ${status}`) ?? 0) + 1);
  console.log(`${messages.length} messages of ${bought.length} payments: ${JSON.stringify(Object.fromEntries(seen))}`);
  expect([...seen.keys()].filter((key) => !['good 200', 'forged 401', 'stale 401'].includes(key))).toEqual([]);
  for (const { group } of bought) expect((await guest.group(group.code)).status).toBe('paid');
  const { rows } = await node.db.execute<{ paid: number; received: number; spare: number }>(
    sql`select (select count(*)::int from order_events where type like 'paid%') as paid,
      (select count(*)::int from journals where kind = 'receipt') as received, (select count(*)::int from refunds) as spare`,
  );
  expect(rows).toEqual([{ paid: bought.length, received: bought.length, spare: 0 }]);
  await node.runJobs();
  await expectSound(node.db, market);
  counted('T3', {
    webhooks: messages.length,
    payments: bought.length,
    ...Object.fromEntries(['forged', 'stale'].map((kind) => [kind, seen.get(`${kind} 401`) ?? 0])),
  });
});
