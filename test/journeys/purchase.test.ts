import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoPassword as password } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { pickVariants } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { type StripeSimulator, startStripe } from '#test/support/providers/stripe.ts';
import { playDemoCard } from './demo-payer.ts';
import { type Exchange, walk } from './walk.ts';

const sellers = [
  { login: 'nguoiban@cho-noi.example', password, businesses: ['B001'] },
  { login: 'nguoiban2@cho-noi.example', password, businesses: ['B002', 'B003'] },
];
const bank = createBank();

const exchangeAt = (base: string, payCard: Exchange['pay']['stripe']): Exchange => ({
  base,
  sellers,
  pay: {
    vietqr: async ({ qr, amountVnd }) => void (await bank.transfer(base, { memo: qr?.memo ?? '', amountVnd })),
    stripe: payCard,
  },
});

/** `npm run cli -- ledger:verify`, as the operator runs it. */
async function verifyLedger(node: TestNode): Promise<string> {
  const env = { PATH: process.env.PATH, ...node.env };
  const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/main.ts', 'ledger:verify', '--json'], {
    env,
  });
  return stdout;
}

describe('with a bank and Stripe', () => {
  let node: TestNode;
  let stripe: StripeSimulator;
  beforeAll(async () => {
    stripe = await startStripe();
    node = await startNode({ env: stripe.env });
  });
  afterEach(async () => {
    await node.runJobs();
    await expectSound(node.db, { bank, stripe });
  });
  afterAll(async () => {
    await node.close();
    await stripe.close();
  });

  test.each(['vietqr', 'stripe'] as const)(
    'find, cart of three businesses, checkout, %s, confirmed, shipped, tracked',
    async (method) => {
      const payCard: Exchange['pay']['stripe'] = async ({ redirectUrl }) => {
        expect(await stripe.tell(node.url, stripe.pay(stripe.sessionOf(redirectUrl)))).toBe(200);
      };
      const group = await walk(exchangeAt(node.url, payCard), method);
      expect(group.orders).toHaveLength(3);
    },
  );

  test('the books are proved anew by the command', async () => {
    expect(JSON.parse(await verifyLedger(node))).toMatchObject({ findings: [] });
  });
});

test('without keys: the demonstration plays card and bank, and a declined card can be tried again', async () => {
  const node = await startNode({ env: { DEMO: '1' } });
  try {
    const payCard: Exchange['pay']['stripe'] = (payment) => playDemoCard(node.url, payment, 'pay');
    await walk(exchangeAt(node.url, payCard), 'stripe');
    await walk(exchangeAt(node.url, payCard), 'vietqr');
    const [variant] = pickVariants((await node.guest.products()).items, 1);
    const group = await node.guest.order([variant?.variantId ?? '', 1]);
    const declined = await node.guest.pay(group.code, 'stripe');
    await playDemoCard(node.url, declined, 'decline');
    expect((await node.guest.payment(declined.paymentId)).status).toBe('failed');
    await playDemoCard(node.url, await node.guest.pay(group.code, 'stripe'), 'pay');
    expect((await node.guest.group(group.code)).status).toBe('paid');
    await node.runJobs();
    await expectSound(node.db);
  } finally {
    await node.close();
  }
});
