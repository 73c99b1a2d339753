import type { Expected, Row } from './expected.ts';
import type { Stage } from './stage.ts';

const product = ({ goods }: Stage) => ({ slug: goods.A.product.slug });
const text: Row = { access: 'public', of: product, ids: { own: 200, missing: 404 } };

/** What search engines, readers of news and programs find. */
export const discovery: Expected = {
  'GET /chia-se/:locale.jpg': {
    access: 'public',
    of: () => ({ locale: 'vi' }),
    missing: { locale: 'xx' },
    ids: { own: 200, missing: 400 },
  },
  'GET /chia-se/:locale/:slug.jpg': {
    access: 'public',
    of: (stage) => ({ locale: 'vi', ...product(stage) }),
    missing: { locale: 'vi', slug: 'khong-co' },
    ids: { own: 200, missing: 404 },
  },
  'GET /docs.md': 'operations',
  'GET /docs/:name.md': { access: 'operations', of: () => ({ name: 'orders' }), ids: { own: 200, missing: 404 } },
  'GET /feeds/new-products.rss': 'public',
  'GET /llms.txt': 'public',
  'GET /robots.txt': 'public',
  'GET /san-pham/:slug.md': text,
  'GET /sitemap.xml': 'public',
  'GET /sitemaps/:name.xml': { access: 'public', of: () => ({ name: 'pages' }), ids: { own: 200, missing: 404 } },
  // Without the headers that MCP asks for it is no question.
  'POST /mcp': { access: 'public', status: 406 },
  'GET /mcp': { access: 'public', status: 405 },
  'DELETE /mcp': { access: 'public', status: 405 },
};
