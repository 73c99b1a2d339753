import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import pg from 'pg';
import { inParallel } from '#test/support/scale.ts';
import { delivery, type Item, pick } from './buying.ts';
import type { Exchange } from './exchange.ts';
import { repeat } from './repeat.ts';
import type { Measured } from './rounds.ts';

/** As many connections as the pool of a web process has. */
const connections = 12;
const shippingVnd = 25_000;
const accountNumber = '0000000000';

/** What an order needs beside its item, read once. */
type Facts = {
  readonly productId: string;
  readonly businessId: string;
  readonly businessName: string;
  readonly sku: string;
  readonly name: string;
  readonly label: string;
};

/** Statements of one order as a person would write them: one a table, values as parameters, in the order of the keys. */
type Statement = readonly [text: string, values: readonly unknown[]];

const code = (): string => `ST${randomBytes(8).toString('hex').toUpperCase().slice(0, 10)}`;
const secret = (): string => randomBytes(16).toString('base64url');

function namesOf() {
  const made = { group: randomUUIDv7(), order: randomUUIDv7(), hold: randomUUIDv7(), receipt: randomUUIDv7() };
  const codes = { groupCode: code(), orderCode: code(), paymentCode: code() };
  return { ...made, ...codes, sale: randomUUIDv7(), cart: secret(), payment: secret(), transfer: randomUUIDv7() };
}

/** The rows that one paid checkout of one item leaves behind, jobs of the queue apart. */
function statementsOf({ variantId, priceVnd }: Item, facts: Facts): readonly Statement[] {
  const id = namesOf();
  const transferName = randomUUID();
  const at = new Date();
  const later = new Date(at.getTime() + 1_800_000);
  const totalVnd = priceVnd + shippingVnd;
  const commissionVnd = Math.round(priceVnd * 0.05);
  const vatVnd = Math.round(commissionVnd * 0.08);
  const goodsVatVnd = Math.round((priceVnd * 8) / 108);
  const { businessId, businessName, sku, name, label, productId } = facts;
  const rate = '01900000-0000-7000-8000-000000000001';
  const rule = '01900000-0000-7000-8000-000000000011';
  const to = JSON.stringify(delivery);
  const event = (type: string): readonly unknown[] => [randomUUIDv7(), type, JSON.stringify({ type, productId })];
  return [
    [
      `insert into carts (id, status, delivery, group_code, created_at, updated_at, version) values ($1, 'ordered', $2, $3, $4, $4, 4)`,
      [id.cart, to, id.groupCode, at],
    ],
    [
      'insert into cart_lines (cart_id, variant_id, quantity, seen_price_vnd, added_at) values ($1, $2, 1, $3, $4)',
      [id.cart, variantId, priceVnd, at],
    ],
    [
      `insert into codes (code, kind) values ($1, 'order-group'), ($2, 'order'), ($3, 'payment')`,
      [id.groupCode, id.orderCode, id.paymentCode],
    ],
    [
      `insert into order_groups (id, code, cart_id, status, total_vnd, delivery, phone, expires_at, created_at, paid_at, version)
        values ($1, $2, $3, 'paid', $4, $5, '+84912345678', $6, $7, $7, 2)`,
      [id.group, id.groupCode, id.cart, totalVnd, to, later, at],
    ],
    [
      `insert into orders (id, code, group_id, business_id, business_name, status, payment_status, fulfilment_status, subtotal_vnd, shipping_vnd, total_vnd,
        shipping_rate_id, commission_rule_id, commission_vnd, commission_vat_vnd, confirm_by, created_at, updated_at, version, discount_vnd, promotion_vnd, vat_vnd)
        values ($1, $2, $3, $4, $5, 'awaiting-payment', 'unpaid', 'none', $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, 1, 0, 0, $15)`,
      [
        ...[id.order, id.orderCode, id.group, businessId, businessName, priceVnd, shippingVnd, totalVnd, rate, rule],
        ...[commissionVnd, vatVnd, later, at, goodsVatVnd],
      ],
    ],
    [
      `insert into order_lines (id, order_id, variant_id, sku, name, label, quantity, price_vnd, total_vnd, discount_vnd, promotion_vnd, vat_bps, vat_vnd, commission_vnd, commission_vat_vnd)
        values ($1, $2, $3, $4, $5, $6, 1, $7, $7, 0, 0, 800, $8, $9, $10)`,
      [randomUUIDv7(), id.order, variantId, sku, name, label, priceVnd, goodsVatVnd, commissionVnd, vatVnd],
    ],
    [`update orders set status = 'placed', payment_status = 'paid', version = 2 where id = $1`, [id.order]],
    [
      `insert into order_events (id, order_id, type, detail, at) values ($1, $2, 'placed', $3, $4), ($5, $2, 'paid', '{}', $4)`,
      [randomUUIDv7(), id.order, JSON.stringify({ groupCode: id.groupCode }), at, randomUUIDv7()],
    ],
    [
      `insert into holds (id, variant_id, quantity, source, reference, status, expires_at, created_at, ended_at) values ($1, $2, 1, 'checkout', $3, 'claimed', $4, $5, $5)`,
      [id.hold, variantId, id.group, later, at],
    ],
    [
      'update stock set on_hand = on_hand - 1, updated_at = $2 where variant_id = $1 and on_hand - held >= 1',
      [variantId, at],
    ],
    [
      `insert into stock_movements (id, variant_id, change, reason, reference, at) values ($1, $2, -1, 'sale', $3, $4)`,
      [randomUUIDv7(), variantId, id.group, at],
    ],
    [
      `insert into payments (id, code, group_id, method, status, amount_vnd, received_vnd, expires_at, created_at, settled_at, completed_at)
        values ($1, $2, $3, 'vietqr', 'paid', $4, $4, $5, $6, $6, $6)`,
      [id.payment, id.paymentCode, id.group, totalVnd, later, at],
    ],
    [
      'insert into payment_shares (payment_id, order_id, amount_vnd) values ($1, $2, $3)',
      [id.payment, id.order, totalVnd],
    ],
    [
      `insert into bank_transfers (id, provider, provider_tx_id, account_number, amount_vnd, content, bank_reference, payment_id, state, raw, happened_at, received_at)
        values ($1, 'sepay', $2, $3, $4, $5, 'FT1', $6, 'exact', $7, $8, $8)`,
      [
        ...[id.transfer, transferName, accountNumber, totalVnd, `MBVCB.${id.paymentCode}.CT`, id.payment],
        ...[JSON.stringify({ content: id.paymentCode, transferAmount: totalVnd, transferType: 'in' }), at],
      ],
    ],
    [
      `insert into journals (id, key, kind, reference, at) values ($1, $2, 'receipt', $3, $4), ($5, $6, 'sale', $7, $4)`,
      [id.receipt, `receipt:sepay:${transferName}`, id.payment, at, id.sale, `sale:${id.order}`, id.order],
    ],
    [
      `insert into entries (id, journal_id, account, business_id, amount_vnd) values ($1, $2, 'clearing:bank', null, $3), ($4, $2, 'deposits', null, $5),
        ($6, $7, 'deposits', null, $3), ($8, $7, 'payable', $9, $10), ($11, $7, 'commission', null, $12), ($13, $7, 'commission-vat', null, $14)`,
      [
        ...[randomUUIDv7(), id.receipt, totalVnd, randomUUIDv7(), -totalVnd, randomUUIDv7(), id.sale, randomUUIDv7()],
        ...[businessId, commissionVnd + vatVnd - totalVnd, randomUUIDv7(), -commissionVnd, randomUUIDv7(), -vatVnd],
      ],
    ],
    [
      'insert into events (id, type, payload) values ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12)',
      ['order-group.placed', 'product.changed', 'order-group.paid', 'payment.changed'].flatMap(event),
    ],
    [
      `insert into idempotency_keys (scope, key, fingerprint, state, status, body, locked_until, expires_at)
        values ($1, $2, $3, 'done', 201, $4, $5, $5), ($6, $7, $3, 'done', 201, $4, $5, $5)`,
      [id.cart, randomUUID(), 'f'.repeat(64), to.repeat(3), later, id.groupCode, randomUUID()],
    ],
  ];
}

async function write(pool: pg.Pool, item: Item, facts: Facts): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [text, values] of statementsOf(item, facts)) await client.query(text, [...values]);
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** The facts of every item, so that the limit reads nothing while it is measured. */
async function listFacts({ query }: Exchange): Promise<Map<string, Facts>> {
  const rows = await query<Facts & { variantId: string }>(
    `select v.id as "variantId", p.id as "productId", b.id as "businessId", b.name as "businessName", v.sku, p.name_vi as name, v.label
      from variants v join products p on p.id = v.product_id join businesses b on b.id = p.business_id`,
  );
  return new Map(rows.map((row) => [row.variantId, row]));
}

/** Writes the rows of an order of the item, in one transaction of one of `pool`'s connections. */
async function openWriter(exchange: Exchange) {
  const facts = await listFacts(exchange);
  const pool = new pg.Pool({ connectionString: exchange.databaseUrl, max: connections });
  const order = async (item: Item): Promise<void> => {
    const known = facts.get(item.variantId);
    if (!known) throw new Error(`Nothing is known of ${item.variantId}`);
    await write(pool, item, known);
  };
  return { order, close: () => pool.end() };
}

/** The same rows by hand-made SQL, one transaction an order, over as many connections as a web process has. */
export async function buyByPlainSql(exchange: Exchange, items: readonly Item[], seconds: number): Promise<Measured> {
  const writer = await openWriter(exchange);
  const measured = await repeat(connections, seconds, () => writer.order(pick(items)));
  await writer.close();
  return measured;
}

/** So many paid orders of these items. */
export async function writeOrders(exchange: Exchange, items: readonly Item[], count: number): Promise<void> {
  const writer = await openWriter(exchange);
  await inParallel(Array.from({ length: count }), connections, () => writer.order(pick(items)));
  await writer.close();
}
