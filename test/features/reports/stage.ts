import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';

export let market: Market;
export let officer: Client;
export let second: Client;

/** A market with two of finance: an administrator and a colleague. */
export async function openOffice(): Promise<void> {
  market = await openMarket();
  const { node } = market;
  const colleague = { name: 'Cán bộ tài chính', login: 'taichinh@thu.example', password: demoPassword } as const;
  await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { ...colleague, staffRole: 'finance' }),
  );
  officer = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  second = await signIn(node.url, colleague.login, demoPassword);
}

export type Row = Readonly<Record<string, string | number | null>>;
type Figures = Readonly<
  Record<'sellers' | 'products' | 'sales' | 'complaints' | 'books', Record<string, number | null>>
> &
  Readonly<
    Record<
      | 'sellersByType'
      | 'sellersByWard'
      | 'productsByWard'
      | 'productsBySet'
      | 'salesByMonth'
      | 'salesByWard'
      | 'salesBySet'
      | 'salesByStar'
      | 'payments'
      | 'complaintsByKind'
      | 'certificates'
      | 'endingCertificates',
      readonly Row[]
    >
  >;
export type Report = {
  readonly number: string;
  readonly sha256: string;
  readonly frozenByName: string | null;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly figures: Figures;
};
export type Sold = {
  readonly group: Group;
  readonly variantId: string;
  readonly quantity: number;
  readonly goodsVnd: number;
};

export const quarter = '2026-Q4';
export const next = '2027-Q1';

export const draft = async (period: string): Promise<Figures> =>
  (await officer.expect<{ figures: Figures }>(200, 'GET', `/v1/staff/reports/draft?period=${period}`)).figures;
export const freeze = (body: object, who = officer, headers = fresh()) =>
  who.send<{ number: string; sha256: string; code?: string; endsAt?: string }>('POST', '/v1/staff/reports', {
    body,
    headers,
  });
export const get = (number: string) => officer.expect<Report>(200, 'GET', `/v1/staff/reports/${number}`);

/** Bought by a guest over HTTP; what it must add up to is known from the prices that the guest was shown. */
export async function sell(method: 'vietqr' | 'stripe', quantity: number): Promise<Sold> {
  const { node, guest, bank, stripe } = market;
  const variant = market.variant();
  await node.setStock(variant.variantId, 500);
  const group = await guest.order([variant.variantId, quantity]);
  const payment = await guest.pay(group.code, method);
  if (method === 'vietqr') await bank.transfer(node.url, { memo: payment.qr?.memo ?? '', amountVnd: group.totalVnd });
  else await stripe.tell(node.url, stripe.pay(stripe.sessionOf(payment.redirectUrl)));
  await node.runJobs();
  return { group, variantId: variant.variantId, quantity, goodsVnd: variant.priceVnd * quantity };
}

const orderIdOf = async ({ group }: Sold): Promise<OrderId> => {
  const { rows } = await market.node.db.execute<{ id: OrderId }>(
    sql`select o.id from orders o join order_groups g on g.id = o.group_id where g.code = ${group.code}`,
  );
  return rows[0]?.id ?? ('' as OrderId);
};

/** Whoever owns the database puts a sale to an instant: the edges of a period are a millisecond wide. */
export async function dateSale(sold: Sold, at: string): Promise<void> {
  const id = await orderIdOf(sold);
  await inDatabase(market.node.database.url, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(`update journals set at = $2 where key = 'sale:' || $1`, [id, at]);
  });
}

export async function giveBack(sold: Sold, amountVnd: number): Promise<void> {
  const orderId = await orderIdOf(sold);
  await transact(market.node.db, 'test', async (tx) => {
    const { rows } = await tx.execute<{ group: OrderGroupId }>(
      sql`select group_id as "group" from orders where id = ${orderId}`,
    );
    await market.node.services.orders.forPayments.lockGroup(tx, rows[0]?.group ?? ('' as OrderGroupId));
    await market.node.services.payments.refundOrder(tx, {
      ...{ orderId, amountVnd: vnd(amountVnd), reason: 'returned' },
      cause: `returned:${orderId}:${amountVnd}`,
    });
  });
  await market.node.runJobs();
}

export const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
export const totalOf = (sales: readonly Sold[]): number => sum(sales.map(({ group }) => group.totalVnd));

/** What a browser sends back of a form it was shown. */
export async function openForm(path: string) {
  const shown = await officer.send('GET', path);
  const [cookie = ''] = shown.headers.getSetCookie().filter((one) => one.startsWith('_csrf='));
  const typedIn = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(shown.text)?.[1] ?? '';
  const proofs = { _csrf: typedIn('_csrf'), idempotencyKey: typedIn('idempotencyKey') };
  const session = officer.always.cookie ?? '';
  return {
    text: shown.text,
    send: (fields: Record<string, string>, to = path) =>
      officer.send('POST', to, {
        body: new URLSearchParams({ ...proofs, ...fields }).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: [session, cookie.split(';')[0]].filter(Boolean).join('; '),
        },
      }),
  };
}
