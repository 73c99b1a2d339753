import { recipient } from '#test/support/people.ts';
import { deliveredOrder } from './care.ts';
import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const { phone } = recipient;
const nothing = '01900000-0000-7000-8000-00000000dead';

/** What a buyer said of a product of that side's business. */
async function written(stage: Stage, side: Side, text = 'Ngon'): Promise<Values> {
  const { code = '' } = await deliveredOrder(stage, side);
  const said = { points: 4, text, named: true };
  const { variantId } = stage.goods[side];
  const shopper = { actor: 'guest', phone };
  const { reviewId } = await stage.node.services.reviews.review(code, shopper, variantId as never, said);
  return { code, reviewId };
}
const marked = (stage: Stage, side: Side) => written(stage, side, 'Gọi 0912 345 678');
const bought = async (stage: Stage, side: Side): Promise<Values> => ({
  ...(await deliveredOrder(stage, side)),
  variantId: stage.goods[side].variantId,
});
const slugOf = async (stage: Stage, side: Side): Promise<Values> => ({ slug: stage.goods[side].product.slug });

const answer = (status: number, body: unknown): Row => ({
  access: 'seller:owner,manager',
  of: written,
  ids: { own: status, other: 404, missing: 404 },
  changes: true,
  body,
});

export const reviews: Expected = {
  'GET /danh-gia': 'public',
  'GET /danh-gia/da-gui': 'public',
  'POST /danh-gia': {
    access: 'public',
    of: deliveredOrder,
    ids: { own: 200, missing: 404 },
    body: ({ code }: Values) => ({ code, phone }),
  },
  // No product was chosen: the order is looked up again.
  'POST /danh-gia/gui': {
    access: 'public',
    of: deliveredOrder,
    ids: { own: 303, missing: 404 },
    body: ({ code }: Values) => ({ code, phone }),
  },
  'GET /danh-gia/anh/:fileId/:width': {
    access: 'public',
    of: async () => ({ fileId: nothing, width: '320' }),
    missing: { width: '320' },
    ids: { own: 404, missing: 404 },
  },
  'GET /san-pham/:slug/danh-gia': { access: 'public', of: slugOf, ids: { own: 200, missing: 404 } },
  'GET /ban-hang/danh-gia': 'seller',
  'GET /ban-hang/danh-gia/:reviewId': { access: 'seller', of: written, ids: { own: 200, other: 404, missing: 404 } },
  'POST /ban-hang/danh-gia/:reviewId': answer(303, { do: 'reply', text: 'Cảm ơn' }),
  'GET /quan-tri/danh-gia': 'staff:moderator',
  'GET /quan-tri/danh-gia/:reviewId': {
    access: 'staff:moderator',
    of: marked,
    ids: { own: 200, missing: 404 },
  },
  'POST /quan-tri/danh-gia/:reviewId': {
    access: 'staff:moderator',
    of: marked,
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'show' },
  },
  'GET /v1/products/:productId/reviews': {
    access: 'public',
    of: async (stage, side) => ({ productId: stage.goods[side].product.productId }),
    ids: { own: 200, missing: 404 },
  },
  'POST /v1/orders/:code/reviews': {
    access: 'public',
    of: bought,
    // Nobody reviews the goods of their own business.
    ids: { own: { all: 200, ownerA: 403, managerA: 403, packerA: 403 }, missing: 404 },
    body: ({ variantId = nothing }: Values) => ({ phone, variantId, points: 5 }),
  },
  'POST /v1/orders/:code/reviews/:reviewId/photos': {
    access: 'public',
    of: written,
    ids: { own: 415, missing: 415 },
  },
  'GET /v1/seller/reviews': 'seller',
  'PUT /v1/seller/reviews/:reviewId/reply': answer(204, { text: 'Cảm ơn' }),
  'POST /v1/seller/reviews/:reviewId/flag': answer(204, { reason: 'Không phải hàng của tôi' }),
  'GET /v1/staff/reviews': 'staff:moderator',
  'POST /v1/staff/reviews/:reviewId/verdict': {
    access: 'staff:moderator',
    of: marked,
    ids: { own: 204, missing: 404 },
    changes: true,
    body: { verdict: 'show' },
  },
};
