import { sql } from 'drizzle-orm';
import { draftOf, productIn } from './editor.ts';
import type { Expected, Row } from './expected.ts';

const editors = 'seller:owner,manager,assistant';
const draft: Row = { access: editors, of: draftOf, ids: { own: 204, other: 404, missing: 404 } };

export const products: Expected = {
  'GET /da-luu': 'public',
  'POST /da-luu': { access: 'public', status: 404 },
  'GET /so-sanh': 'public',
  'GET /': 'public',
  'GET /danh-muc/:slug': {
    access: 'public',
    of: ({ goods }, side) => ({ slug: goods[side].product.category.slug }),
    ids: { own: 200, missing: 404 },
  },
  'GET /pictures/:pictureId/:width': {
    access: 'public',
    of: async ({ node, goods }, side) => {
      const { rows } = await node.db.execute<{ id: string }>(
        sql`select id from pictures where product_id = ${goods[side].product.productId} limit 1`,
      );
      return { pictureId: rows[0]?.id ?? '', width: '160' };
    },
    missing: { width: '160' },
    ids: { own: 200, missing: 404 },
  },
  'GET /san-pham/:slug': {
    access: 'public',
    of: ({ goods }, side) => ({ slug: goods[side].product.slug }),
    ids: { own: 200, missing: 404 },
  },
  'GET /v1/categories': 'public',
  'GET /v1/products': 'public',
  'GET /v1/products/:productId': {
    access: 'public',
    of: ({ goods }, side) => ({ productId: goods[side].product.productId }),
    ids: { own: 200, missing: 404 },
  },
  'GET /ban-hang/san-pham': editors,
  'GET /ban-hang/san-pham/moi': editors,
  'POST /ban-hang/san-pham/moi': {
    access: editors,
    of: ({ businesses }, side) => ({ businessId: businesses[side].businessId }),
    ids: { own: 303, other: 404, missing: 404 },
    changes: true,
    body: ({ businessId }: { businessId: string }) => ({ businessId, nameVi: 'Thử' }),
  },
  'GET /ban-hang/san-pham/:productId': { ...draft, ids: { own: 200, other: 404, missing: 404 } },
  'POST /ban-hang/san-pham/:productId': {
    ...draft,
    ids: { own: 303, other: 404, missing: 404 },
    body: { do: 'keep', nameVi: 'Thử' },
  },
  'GET /v1/seller/products': editors,
  'POST /v1/seller/products': {
    access: editors,
    of: ({ businesses }, side) => ({ businessId: businesses[side].businessId }),
    ids: { own: 201, other: 404, missing: 404 },
    changes: true,
    body: ({ businessId }: { businessId: string }) => ({ businessId }),
  },
  'GET /v1/seller/products/:productId': { ...draft, ids: { own: 200, other: 404, missing: 404 } },
  'PATCH /v1/seller/products/:productId': {
    ...draft,
    ids: { own: 200, other: 404, missing: 404 },
    body: { nameEn: 'Tried' },
    headers: { 'if-match': '*' },
  },
  'DELETE /v1/seller/products/:productId/draft': { ...draft, changes: true },
  'POST /v1/seller/products/:productId/submit': { ...draft, changes: true },
  'POST /v1/seller/products/:productId/take-back': draft,
  'POST /v1/seller/products/:productId/withdraw': { ...draft, of: productIn('listed'), changes: true },
  'POST /v1/seller/products/:productId/restore': { ...draft, of: productIn('withdrawn'), changes: true },
};
