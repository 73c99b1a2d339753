import type { Expected } from './expected.ts';

export const products: Expected = {
  'GET /': 'public',
  'GET /danh-muc/:slug': 'public',
  'GET /pictures/:pictureId/:width': 'public',
  'GET /san-pham/:slug': 'public',
  'GET /v1/categories': 'public',
  'GET /v1/products': 'public',
  'GET /v1/products/:productId': 'public',
};
