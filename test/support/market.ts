import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import { type NodeOptions, startNode, type TestNode } from './node.ts';
import { type Group, type Payment, pickVariants, type Shopper, type Variant } from './people.ts';
import { type Bank, createBank } from './providers/bank.ts';
import { type StripeSimulator, startStripe } from './providers/stripe.ts';
import { startVnpay, type VnpaySimulator } from './providers/vnpay.ts';

export type Market = {
  readonly node: TestNode;
  readonly guest: Shopper;
  readonly bank: Bank;
  readonly stripe: StripeSimulator;
  readonly vnpay: VnpaySimulator;
  /** A variant that no other call has given, each of another business. */
  readonly variant: () => Variant;
  /** A variant of which exactly so many are there. */
  readonly scarce: (onHand: number) => Promise<Variant>;
  readonly available: (variant: Variant) => Promise<number>;
  /** An order of one variant with its VietQR payment. */
  readonly awaitTransfer: (
    variant?: Variant,
    quantity?: number,
  ) => Promise<{ group: Group; payment: Payment; memo: string }>;
  readonly awaitCard: (
    variant?: Variant,
    quantity?: number,
  ) => Promise<{ group: Group; payment: Payment; sessionId: string }>;
  readonly awaitVnpay: (
    variant?: Variant,
    quantity?: number,
  ) => Promise<{ group: Group; payment: Payment; txnRef: string }>;
  readonly refundsOf: (group: Group) => Promise<readonly RefundRow[]>;
  readonly transferStates: (memo: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};
export type RefundRow = { readonly reason: string; readonly amountVnd: number; readonly status: string };

/** One exchange with its bank and its Stripe, and goods enough for a file of tests. */
export async function openMarket({ env = {}, ...options }: NodeOptions = {}): Promise<Market> {
  const stripe = await startStripe();
  const vnpay = await startVnpay();
  const bank = createBank();
  const node = await startNode({ ...options, env: { ...stripe.env, ...vnpay.env, ...bank.env, ...env } });
  const { guest } = node;
  const pages = [await guest.products(), await guest.products('limit=100&inStock=true&sort=name')];
  const shelf = [
    ...pickVariants(
      pages.flatMap(({ items }) => items),
      40,
    ),
  ];
  const variant = (): Variant => {
    const next = shelf.shift();
    if (!next) throw new Error('The test market is sold out: take fewer variants');
    return next;
  };
  return {
    node,
    guest,
    bank,
    stripe,
    vnpay,
    variant,
    scarce: async (onHand) => {
      const chosen = variant();
      await node.setStock(chosen.variantId, onHand);
      return { ...chosen, available: onHand };
    },
    available: async ({ variantId }) => {
      const { rows } = await node.db.execute<{ free: number }>(
        sql`select on_hand - held as free from stock where variant_id = ${variantId}`,
      );
      return rows[0]?.free ?? Number.NaN;
    },
    awaitTransfer: async (chosen = variant(), quantity = 1) => {
      const group = await guest.order([chosen.variantId, quantity]);
      const payment = await guest.pay(group.code, 'vietqr');
      return { group, payment, memo: payment.qr?.memo ?? '' };
    },
    awaitCard: async (chosen = variant(), quantity = 1) => {
      const group = await guest.order([chosen.variantId, quantity]);
      const payment = await guest.pay(group.code, 'stripe');
      return { group, payment, sessionId: stripe.sessionOf(payment.redirectUrl) };
    },
    awaitVnpay: async (chosen = variant(), quantity = 1) => {
      const group = await guest.order([chosen.variantId, quantity]);
      const payment = await guest.pay(group.code, 'vnpay');
      return { group, payment, txnRef: vnpay.open(payment.redirectUrl) };
    },
    refundsOf: async ({ code }) => {
      const { rows } = await node.db.execute<{ reason: string; amount: string; status: string }>(
        sql`select f.reason, f.amount_vnd as amount, f.status from refunds f join payments p on p.id = f.payment_id
          join order_groups g on g.id = p.group_id where g.code = ${code} order by f.created_at, f.id`,
      );
      return rows.map(({ reason, amount, status }) => ({ reason, amountVnd: vnd(Number(amount)), status }));
    },
    transferStates: async (memo) => {
      const { rows } = await node.db.execute<{ state: string }>(
        sql`select t.state from bank_transfers t where exists (select from payments p where p.id = t.payment_id and p.code = ${memo}) order by t.received_at, t.id`,
      );
      return rows.map(({ state }) => state);
    },
    close: async () => {
      await node.close();
      await stripe.close();
      await vnpay.close();
    },
  };
}
