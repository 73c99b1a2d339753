import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { expectSound } from '#test/support/invariants.ts';
import { demo, startNode, type TestNode } from '#test/support/node.ts';
import { type Cart, createShopper, fresh, type Group, pickVariants, type Variant } from '#test/support/people.ts';
import type { TestProcess } from '#test/support/processes.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { counted, inParallel, limitMs, seeded, shared } from '#test/support/scale.ts';
import { type WebProcesses, webProcesses } from '#test/support/web.ts';

const checkouts = 50;
const random = seeded('kill -9');
const bank = createBank(random.between(1, 1_000_000));

let database: TestDatabase;
let webs: WebProcesses;
let node: TestNode;
let variants: readonly Variant[];

beforeAll(async () => {
  database = await createDatabase({ template: demo });
  webs = webProcesses(database);
  node = await startNode({ database });
  variants = pickVariants((await node.guest.products()).items, 6);
  for (const { variantId } of variants) await node.setStock(variantId, 10_000);
});
afterAll(async () => {
  await webs.close();
  await node.close();
  await database.drop();
});

type Attempt = { readonly cart: string; readonly key: Readonly<Record<string, string>>; acknowledged?: string };

/** Sends everything at once and kills the process when so many have been answered. */
async function killAmid(
  web: TestProcess,
  answeredFirst: number,
  sends: readonly (() => Promise<unknown>)[],
): Promise<void> {
  let answered = 0;
  const all = sends.map(async (send) => {
    await send().catch(() => {});
    answered += 1;
  });
  while (answered < answeredFirst) await sleep(1);
  const { signal } = await web.kill();
  expect(signal).toBe('SIGKILL');
  await Promise.all(all);
}

test.each(Array.from({ length: shared(1, 20) }, (_, round) => round + 1))(
  `round %i: killed amid ${checkouts} checkouts and amid their payments, nothing acknowledged is lost and nothing is done twice`,
  { timeout: limitMs },
  async () => {
    const first = await webs.start();
    const shopper = createShopper(first.url);
    const attempts: Attempt[] = await inParallel(Array.from({ length: checkouts }), 12, async () => {
      const lines = random.shuffle(variants).slice(0, random.between(1, 3));
      return { cart: await shopper.fillCart(...lines.map(({ variantId }) => [variantId, 1] as const)), key: fresh() };
    });
    await killAmid(
      first,
      random.between(5, checkouts - 20),
      attempts.map((attempt) => async () => {
        attempt.acknowledged = (await shopper.checkout(attempt.cart, attempt.key)).code;
      }),
    );
    const acknowledged = attempts.filter((attempt) => attempt.acknowledged !== undefined);
    expect(acknowledged.length).toBeLessThan(checkouts);
    expect(acknowledged.length).toBeGreaterThan(0);

    const second = await webs.start();
    const again = createShopper(second.url);
    let replayed = 0;
    const groups = await inParallel(attempts, 8, async ({ cart, key, acknowledged: code }): Promise<Group> => {
      const repeated = await again.client.send<Group>('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: key });
      if (code !== undefined) expect([repeated.status, repeated.body.code]).toEqual([201, code]);
      if (repeated.status === 201) {
        if (code === undefined) replayed += 1;
        return repeated.body;
      }
      // The holder of the key died with it. Until its lease is over another key does the work, which was not done.
      expect(repeated.body).toMatchObject({ code: 'idempotency-key-in-use' });
      return again.checkout(cart);
    });
    expect(new Set(groups.map(({ code }) => code)).size).toBe(checkouts);
    for (const { cart } of attempts)
      expect((await again.client.expect<Cart>(200, 'GET', `/v1/carts/${cart}`)).status).toBe('ordered');

    for (const { code, totalVnd } of groups) {
      const { qr } = await again.pay(code, 'vietqr');
      bank.move({ memo: qr?.memo ?? '', amountVnd: totalVnd });
    }
    await killAmid(
      second,
      random.between(5, checkouts - 20),
      bank.untold().map((payload) => () => bank.tell(second.url, payload)),
    );
    const untold = bank.untold().length;
    const third = await webs.start();
    // Feeds tell again what was not answered; what was done without an answer is then told twice.
    for (const payload of bank.untold()) expect(await bank.tell(third.url, payload)).toBe(200);
    for (const { code } of groups) expect((await node.guest.group(code)).status).toBe('paid');
    await node.runJobs();
    await expectSound(node.db, { bank, interrupted: true });
    await third.kill();
    const acks = { acknowledged: acknowledged.length, 'found done': replayed, 'webhooks answered': checkouts - untold };
    counted('T5', { 'kills of web': 2, checkouts, ...acks });
  },
);
