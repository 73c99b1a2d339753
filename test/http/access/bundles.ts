import { vnd } from '#core/money.ts';
import type { VariantId } from '#features/products/types.ts';
import { home, recipient } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';
import type { Stage } from './stage.ts';

/** A box of goods of two businesses, put together a moment ago. */
async function bundleOf({ node }: Stage) {
  const { items } = await node.guest.products('limit=100&inStock=true');
  const [first] = items;
  const second = items.find(({ business }) => business.businessId !== first?.business.businessId);
  const goods = [first, second].flatMap((product) => product?.variants[0] ?? []);
  const bundle = await node.services.bundles.create(
    { actor: 'test', address: '' },
    {
      nameVi: 'Hộp quà',
      nameEn: '',
      descriptionVi: '',
      priceVnd: vnd(1_000),
      items: goods.map(({ variantId, minOrder }) => ({ variantId: variantId as VariantId, quantity: minOrder })),
    },
  );
  return { bundle };
}
const box: Row = { access: 'public', of: bundleOf, ids: { own: 200, missing: 404 } };
const slugOf = async (stage: Stage) => ({ slug: (await bundleOf(stage)).bundle });

export const bundles: Expected = {
  'GET /hop-qua': 'public',
  'GET /hop-qua/:slug': { ...box, of: slugOf },
  // The form comes back: nobody was named.
  'POST /hop-qua/:slug': { ...box, of: slugOf, ids: { own: 422, missing: 404 } },
  'GET /quan-tri/hop-qua': 'staff:moderator',
  'POST /quan-tri/hop-qua': {
    access: 'staff:moderator',
    of: bundleOf,
    ids: { own: 303, missing: 404 },
    changes: true,
    body: ({ bundle }: { bundle: string }) => ({ do: 'withdraw', bundle }),
  },
  'GET /v1/bundles': 'public',
  'GET /v1/bundles/:bundle': box,
  'POST /v1/bundles/:bundle/checkout': {
    ...box,
    ids: { own: 201, missing: 404 },
    changes: true,
    body: { quantity: 1, recipient, address: home, ageConfirmed: true },
  },
  'GET /v1/staff/bundles': 'staff:moderator',
  'POST /v1/staff/bundles': { access: 'staff:moderator', status: 400 },
  'POST /v1/staff/bundles/:bundle/withdraw': {
    access: 'staff:moderator',
    of: bundleOf,
    ids: { own: 204, missing: 404 },
    changes: true,
  },
};
