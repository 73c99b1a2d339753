import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const words = { text: 'Mở gói rồi để được bao lâu?', phone: '0912345678', name: 'Bé' };
let turn = 0;

/** What a shopper asks of a product of that side's business, each in other words and from another place. */
async function asked(stage: Stage, side: Side, text = 'Còn hàng không'): Promise<Values> {
  turn += 1;
  const asking = { actor: 'guest', address: `10.1.0.${turn}`, accountId: undefined, phone: words.phone, name: 'Bé' };
  const { questions } = stage.node.services;
  const { id } = await questions.ask(asking, stage.goods[side].product.slug, `${text} ${turn}?`);
  return { questionId: id };
}
const marked = (stage: Stage, side: Side) => asked(stage, side, 'Gọi 0912 345 678');
const slugOf = async (stage: Stage, side: Side): Promise<Values> => ({ slug: stage.goods[side].product.slug });
const productOf = async (stage: Stage, side: Side): Promise<Values> => ({
  productId: stage.goods[side].product.productId,
});
const answer = (status: number, body: unknown): Row => ({
  access: 'seller:owner,manager',
  of: asked,
  ids: { own: status, other: 404, missing: 404 },
  changes: true,
  body,
});
const verdict = (own: number, body: unknown): Row => ({
  access: 'staff:moderator',
  of: marked,
  ids: { own, missing: 404 },
  changes: true,
  body,
});

export const questions: Expected = {
  'GET /san-pham/:slug/hoi-dap': { access: 'public', of: slugOf, ids: { own: 200, missing: 404 } },
  // Nothing was asked: the form comes back.
  'POST /san-pham/:slug/hoi-dap': { access: 'public', of: slugOf, ids: { own: 422, missing: 404 } },
  'GET /ban-hang/hoi-dap': 'seller',
  'GET /ban-hang/hoi-dap/:questionId': { access: 'seller', of: asked, ids: { own: 200, other: 404, missing: 404 } },
  'POST /ban-hang/hoi-dap/:questionId': answer(303, { text: 'Dạ mười ngày' }),
  'GET /quan-tri/hoi-dap': 'staff:moderator',
  'GET /quan-tri/hoi-dap/:questionId': { access: 'staff:moderator', of: marked, ids: { own: 200, missing: 404 } },
  'POST /quan-tri/hoi-dap/:questionId': verdict(303, { do: 'show' }),
  'GET /v1/products/:productId/questions': { access: 'public', of: productOf, ids: { own: 200, missing: 404 } },
  'POST /v1/products/:productId/questions': {
    access: 'public',
    of: productOf,
    // Nothing but blanks: what is taken counts against the hour of its place.
    ids: { own: 422, missing: 422 },
    body: { ...words, text: ' ' },
  },
  'GET /v1/seller/questions': 'seller',
  'PUT /v1/seller/questions/:questionId/answer': answer(204, { text: 'Dạ mười ngày' }),
  'GET /v1/staff/questions': 'staff:moderator',
  'POST /v1/staff/questions/:questionId/verdict': verdict(204, { verdict: 'show' }),
};
