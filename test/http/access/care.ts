import type { BusinessId } from '#features/businesses/types.ts';
import { recipient } from '#test/support/people.ts';
import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const { phone } = recipient;
const words = { note: 'Thử' };

/** An order of that side's business that was delivered a moment ago. */
export async function deliveredOrder(stage: Stage, side: Side): Promise<Values> {
  const { orders } = stage.node.services;
  const code = await stage.paidOrder(side);
  const seller = { actor: 'test', businessIds: [stage.businesses[side].businessId as BusinessId] };
  await orders.confirmOrder(code, seller);
  await orders.shipOrder(code, seller);
  await orders.deliverOrder(code, seller);
  return { code };
}

async function requested(stage: Stage, side: Side): Promise<Values> {
  const { code = '' } = await deliveredOrder(stage, side);
  const lines = [{ variantId: stage.goods[side].variantId, quantity: 1 }];
  const made = await stage.node.services.care.requestReturn(
    code,
    { actor: 'guest', phone },
    { lines, reason: 'damaged' },
  );
  return { code: made.code };
}
const decider = (stage: Stage, side: Side) => ({
  actor: 'test',
  address: '',
  businessIds: [stage.businesses[side].businessId as BusinessId],
});

/** A return that was brought as far as this by both sides. */
const at =
  (wanted: 'refused' | 'accepted' | 'sent-back' | 'received' | 'appealed') =>
  async (stage: Stage, side: Side): Promise<Values> => {
    const { care } = stage.node.services;
    const { code = '' } = await requested(stage, side);
    const who = decider(stage, side);
    const shopper = { actor: 'guest', phone };
    if (wanted === 'refused' || wanted === 'appealed') {
      await care.refuse(code, who, 'Thử');
      if (wanted === 'appealed') await care.appeal(code, shopper, 'Thử');
      return { code };
    }
    await care.accept(code, who, { keepGoods: false });
    if (wanted !== 'accepted') await care.sendBack(code, shopper, { carrier: '', trackingNumber: '' });
    if (wanted === 'received') await care.receive(code, who, { restock: false });
    return { code };
  };

const shopper = (status: number, more: Omit<Row, 'access'>): Row => ({
  access: 'public',
  ids: { own: status, missing: 404 },
  changes: true,
  body: { phone },
  ...more,
});
const seller = (status: number, more: Omit<Row, 'access'>): Row => ({
  access: 'seller:owner,manager',
  ids: { own: status, other: 404, missing: 404 },
  changes: true,
  ...more,
});
const read: Row = { access: 'seller', of: requested, ids: { own: 200, other: 404, missing: 404 } };
const readers = 'staff:support,finance,auditor' as const;

export const care: Expected = {
  'GET /chinh-sach-doi-tra': 'public',
  'GET /doi-tra': 'public',
  'POST /doi-tra': {
    access: 'public',
    of: deliveredOrder,
    ids: { own: 200, missing: 404 },
    body: ({ code }: Values) => ({ code, phone }),
  },
  // The form comes back: no reason was chosen.
  'POST /doi-tra/gui': {
    access: 'public',
    of: deliveredOrder,
    ids: { own: 422, missing: 404 },
    body: ({ code }: Values) => ({ code, phone }),
  },
  'GET /doi-tra/:code': { access: 'public', of: requested, ids: { own: 200, missing: 404 } },
  'POST /doi-tra/:code': shopper(303, { of: requested, body: { phone, do: 'withdraw' } }),
  'GET /ban-hang/doi-tra': 'seller',
  'GET /ban-hang/doi-tra/:code': read,
  'POST /ban-hang/doi-tra/:code': seller(303, { of: requested, body: { do: 'accept' } }),
  'GET /ban-hang/doi-tra/:code/anh/:fileId/:width': {
    access: 'seller',
    // A return without photos shows none.
    of: async (stage, side) => ({
      ...(await requested(stage, side)),
      fileId: '01900000-0000-7000-8000-00000000dead',
      width: '320',
    }),
    missing: { width: '320' },
    ids: { own: 404, other: 404, missing: 404 },
  },
  'GET /quan-tri/doi-tra': readers,
  'GET /quan-tri/doi-tra/:code': { access: readers, of: requested, ids: { own: 200, missing: 404 } },
  'POST /quan-tri/doi-tra/:code': {
    access: 'staff:support',
    of: at('appealed'),
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'reject', ...words },
  },
  'POST /v1/orders/:code/returns': shopper(201, {
    of: async (stage, side) => ({ ...(await deliveredOrder(stage, side)), variantId: stage.goods[side].variantId }),
    body: ({ variantId = '01900000-0000-7000-8000-00000000dead' }: Values) => ({
      phone,
      reason: 'damaged',
      lines: [{ variantId, quantity: 1 }],
    }),
  }),
  'POST /v1/returns/track': {
    access: 'public',
    of: requested,
    ids: { own: 200, missing: 404 },
    body: ({ code }: Values) => ({ code: code ?? 'STZZZZZZZZZZ', phone }),
  },
  'POST /v1/returns/:code/photos': { access: 'public', of: requested, ids: { own: 415, missing: 415 } },
  'POST /v1/returns/:code/appeal': shopper(204, { of: at('refused'), body: { phone, ...words } }),
  'POST /v1/returns/:code/send-back': shopper(204, { of: at('accepted') }),
  'POST /v1/returns/:code/withdraw': shopper(204, { of: requested }),
  'GET /v1/seller/returns': 'seller',
  'GET /v1/seller/returns/:code': read,
  'POST /v1/seller/returns/:code/accept': seller(200, { of: requested }),
  'POST /v1/seller/returns/:code/refuse': seller(204, { of: requested, body: words }),
  'POST /v1/seller/returns/:code/contest': seller(204, { of: at('sent-back'), body: words }),
  'POST /v1/seller/returns/:code/receive': {
    ...seller(204, { of: at('sent-back'), body: { restock: false } }),
    access: 'seller',
  },
  'POST /v1/seller/returns/:code/refund': seller(200, { of: at('received') }),
  'GET /v1/staff/returns': readers,
  'GET /v1/staff/returns/:code': { access: readers, of: requested, ids: { own: 200, missing: 404 } },
  'POST /v1/staff/returns/:code/verdict': {
    access: 'staff:support',
    of: at('appealed'),
    ids: { own: 200, missing: 404 },
    changes: true,
    body: { verdict: 'refund', ...words },
  },
};
