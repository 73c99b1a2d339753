import { sql } from 'drizzle-orm';
import type { ProductId } from '#features/products/types.ts';
import { moneyOf } from '#federation/protocol/ordering.ts';
import type { Expected, Values } from './expected.ts';
import type { Stage } from './stage.ts';

const recipient = { name: 'Trần Thị Sáu', phone: '0987654321', line: '3 Nguyễn Huệ', ward: 'Mỹ Long', province: '92' };

/** An order that the partner of the stage has reserved. */
async function reserved({ node, goods }: Stage): Promise<Values> {
  const { federation, partnerOrders } = node.services;
  const { product, variantId } = goods.A;
  await federation.exportProducts([product.productId as ProductId]);
  const { rows } = await node.db.execute<{ key: string }>(
    sql`select key from partners where origin = 'doi-tac.example'`,
  );
  const partner = rows[0]?.key ?? '';
  const uri = `ocop://${federation.authority}/offer/${variantId}`;
  const { quoteId, termsHash } = await partnerOrders.quote(partner, {
    lines: [{ uri, quantity: 1 }],
    destination: { province: recipient.province },
  });
  const { orderId, key } = await partnerOrders.reserve(partner, quoteId, {
    ...{ quoteId, termsHash, recipient, shippingCode: 'standard' },
    buyer: { code: 'AG1' },
    payment: 'exchange',
  });
  return { orderId, key };
}
const missing = { orderId: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' };
const unknown = {
  lines: [{ uri: 'ocop://soctrang.example/offer/khong-co', quantity: 1 }],
  destination: { province: '92' },
};

export const partnerOrders: Expected = {
  'POST /federation/v1/quotes': { access: 'partner', headers: {}, body: unknown, status: 404 },
  'POST /federation/v1/orders': { access: 'partner', headers: {}, body: {}, status: 400 },
  'POST /federation/v1/orders/:orderId/confirm': {
    access: 'partner',
    of: reserved,
    missing,
    headers: {},
    body: { total: moneyOf(1) },
    ids: { own: 409, missing: 404 },
  },
  'POST /federation/v1/orders/:orderId/cancel': {
    access: 'partner',
    of: reserved,
    missing,
    headers: {},
    body: { reason: 'Khách đổi ý' },
    ids: { own: 200, missing: 404 },
    changes: true,
  },
  'GET /federation/v1/orders': { access: 'partner', query: '?key=khong-co', status: 404 },
  'GET /federation/v1/orders/:orderId': {
    access: 'partner',
    of: reserved,
    missing,
    ids: { own: 200, missing: 404 },
  },
  'GET /federation/v1/order-changes': { access: 'partner', status: 200 },
  'GET /federation/v1/settlements/:day': {
    access: 'partner',
    of: () => ({ day: '2026-01-01' }),
    missing: { day: 'hom-qua' },
    ids: { own: 200, missing: 400 },
  },
};
