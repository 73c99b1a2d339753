import { sql } from 'drizzle-orm';
import type { Expected } from './expected.ts';

export const products: Expected = {
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
};
