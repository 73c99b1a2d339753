import type { Expected } from './expected.ts';

export const policies: Expected = {
  'GET /chinh-sach': 'public',
  'GET /quy-che': 'public',
  'GET /chinh-sach-khieu-nai': 'public',
  'GET /thu-tu-hien-thi': 'public',
  'GET /chu-quan': 'public',
  'GET /_parts': 'public',
  'GET /_parts/loi/:code': { access: 'public', of: () => ({ code: 'forbidden' }), ids: { own: 200, missing: 404 } },
};
