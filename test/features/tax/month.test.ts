import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { type Group, signIn } from '#test/support/people.ts';

type Row = Readonly<Record<string, number | string | null>>;
type Sold = { readonly orderId: OrderId; readonly goods: number; readonly promotion: number; readonly share: number };

let market: Market;
let staff: Client;
let household: { readonly variantId: string; readonly priceVnd: number; readonly businessId: string };
beforeAll(async () => {
  market = await openMarket();
  staff = await signIn(market.node.url, 'quantri@cho-noi.example', demoPassword);
  const { rows } = await market.node.db.execute<{ id: string; price: string; business: string }>(
    sql`select v.id, pr.price_vnd as price, b.id as business from variants v join products p on p.id = v.product_id join businesses b on b.id = p.business_id
      join prices pr on pr.variant_id = v.id join categories c on c.id = p.category_id
      where b.type = 'household' and b.status = 'approved' and p.partner_key is null and p.status = 'listed' and not c.is_tourism and not c.is_alcohol and v.min_order <= 2 and v.max_order >= 4
      order by p.sku limit 1`,
  );
  household = { variantId: rows[0]?.id ?? '', priceVnd: Number(rows[0]?.price), businessId: rows[0]?.business ?? '' };
  await market.node.setStock(household.variantId, 1_000);
  const sealed = market.node.services.vault.seal(
    '094123456789',
    `businesses.personal_number_sealed:${household.businessId}`,
  );
  await market.node.db.execute(
    sql`update businesses set tax_code = null, personal_number_sealed = ${sealed} where id = ${household.businessId}`,
  );
});
afterAll(() => market.close());

/** Ordered, paid, confirmed, sent and received. */
async function sell(quantity: number, voucher?: string): Promise<Sold> {
  const cartId = await market.guest.fillCart([household.variantId, quantity]);
  if (voucher) await market.guest.client.expect(200, 'PUT', `/v1/carts/${cartId}/voucher`, { body: { code: voucher } });
  const group: Group = await market.guest.checkout(cartId);
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const code = group.orders[0]?.code ?? '';
  const { orders } = market.node.services;
  const seller = { actor: 'test' };
  await orders.confirmOrder(code, seller);
  await orders.shipOrder(code, seller);
  await orders.deliverOrder(code, seller);
  await market.node.runJobs();
  const { rows } = await market.node.db.execute<{ id: OrderId; goods: string; promotion: string; total: string }>(
    sql`select id, subtotal_vnd as goods, promotion_vnd as promotion, total_vnd as total from orders where code = ${code}`,
  );
  const [row] = rows;
  if (!row) throw new Error('The order is gone');
  return { orderId: row.id, goods: Number(row.goods), promotion: Number(row.promotion), share: Number(row.total) };
}
const giveBack = async (orderId: OrderId, amountVnd: number, cause: string): Promise<void> => {
  await transact(market.node.db, 'test', async (tx) => {
    const { rows } = await tx.execute<{ group: never }>(
      sql`select group_id as "group" from orders where id = ${orderId}`,
    );
    await market.node.services.orders.forPayments.lockGroup(tx, rows[0]?.group as never);
    await market.node.services.payments.refundOrder(tx, {
      orderId,
      amountVnd: vnd(amountVnd),
      reason: 'returned',
      cause,
    });
  });
  await market.node.runJobs();
};
const half = (amount: number): number => Math.round(amount);

test('a household’s month: withheld on receipt, subsidies counted, returns offset, frozen and numbered', async () => {
  const until = new Date(market.node.clock.now().getTime() + 86_400_000).toISOString();
  const voucher = { code: 'TROGIA', name: 'Trợ giá', kind: 'fixed', amountVnd: 5_000, validUntil: until };
  await staff.expect(201, 'POST', '/v1/staff/vouchers', { body: voucher });
  const plain = await sell(2);
  const subsidised = await sell(4, 'TROGIA');
  const returned = await sell(2);
  expect(subsidised.promotion).toBe(5_000);
  // Half of the goods of the last order come back; the freight does not.
  const back = returned.goods / 2;
  await giveBack(returned.orderId, back, `returned:${returned.orderId}:1`);

  // By hand: 1 % and 0.5 % of each order's goods as the business was paid for them, less the part that came back.
  const vatOf = (amount: number): number => half(amount * 0.01);
  const pitOf = (amount: number): number => half(amount * 0.005);
  const sold = [plain.goods, subsidised.goods, returned.goods];
  const offsetVat =
    vatOf(returned.goods) - Math.floor((vatOf(returned.goods) * (returned.goods - back)) / returned.goods);
  const offsetPit =
    pitOf(returned.goods) - Math.floor((pitOf(returned.goods) * (returned.goods - back)) / returned.goods);
  const expected = {
    businessId: household.businessId,
    personalNumber: '094123456789',
    orders: 3,
    goodsVnd: sold.reduce((sum, one) => sum + one, 0),
    servicesVnd: 0,
    returnedVnd: back,
    taxableVnd: sold.reduce((sum, one) => sum + one, 0) - back,
    vatVnd: sold.reduce((sum, one) => sum + vatOf(one), 0) - offsetVat,
    pitVnd: sold.reduce((sum, one) => sum + pitOf(one), 0) - offsetPit,
    offsetVatVnd: offsetVat,
    offsetPitVnd: offsetPit,
  };

  const month = new Date(market.node.clock.now().getTime() + 7 * 3_600_000).toISOString().slice(0, 7);
  const open = await staff.send('POST', `/v1/staff/tax-files/${month}`);
  expect(open).toMatchObject({ status: 409, body: { code: 'tax-month-open' } });
  market.node.clock.advance(32 * 86_400_000);
  await staff.expect(201, 'POST', `/v1/staff/tax-files/${month}`);
  const file = await staff.expect<{ number: string; rows: Row[] }>(
    200,
    'GET',
    `/v1/staff/tax-files/${month}?format=json`,
  );
  expect(file.number).toBe(`BKT-${month}`);
  expect(file.rows).toMatchObject([expected]);
  const readings = await market.node.db.execute<{ reason: string }>(
    sql`select reason from personal_data_readings where subject_id = ${household.businessId}`,
  );
  expect(readings.rows).toEqual([{ reason: `Bảng kê thuế BKT-${month}` }]);
  // What the books say is what the file says.
  const { rows } = await market.node.db.execute<{ account: string; sum: string }>(
    sql`select account, -sum(amount_vnd) as sum from entries where account in ('withheld-vat', 'withheld-pit') group by account order by account`,
  );
  expect(rows.map(({ sum }) => Number(sum))).toEqual([expected.pitVnd, expected.vatVnd]);
  // Later returns go into the month in which they come; the frozen file stays.
  await giveBack(returned.orderId, 1_000, `returned:${returned.orderId}:2`);
  await staff.expect(201, 'POST', `/v1/staff/tax-files/${month}`);
  const again = await staff.expect<{ rows: Row[] }>(200, 'GET', `/v1/staff/tax-files/${month}?format=json`);
  expect(again.rows).toEqual(file.rows);
  const csv = await staff.send('GET', `/v1/staff/tax-files/${month}?format=csv`);
  expect(csv.text.split('\r\n')[1]).toContain(String(expected.vatVnd));
  expect((await staff.send('GET', `/v1/staff/tax-files/${month}?format=xlsx`)).status).toBe(200);
  await expectSound(market.node.db, market);
});

test('told again it changes nothing; who declares alone is left alone', async () => {
  const { orderId } = await sell(2);
  const count = async () =>
    (
      await market.node.db.execute<{ count: number }>(
        sql`select count(*)::int as count from tax_entries where order_id = ${orderId}`,
      )
    ).rows[0]?.count;
  expect(await count()).toBe(1);
  expect(await market.node.services.tax.settle(orderId)).toBe(false);
  expect(await count()).toBe(1);
  await market.node.services.businesses.setWithholding(
    { actor: 'test' },
    household.businessId as never,
    'self',
    '2026-01-01',
    'Tự kê khai',
  );
  const alone = await sell(2);
  const { rows } = await market.node.db.execute(sql`select from tax_entries where order_id = ${alone.orderId}`);
  expect(rows).toEqual([]);
});

test('entries of tax are never changed', async () => {
  await expect(market.node.db.execute(sql`update tax_entries set vat_vnd = 0`)).rejects.toThrow();
  await expect(market.node.db.execute(sql`delete from tax_files`)).rejects.toThrow();
});
