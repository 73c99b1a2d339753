import { sql } from 'drizzle-orm';
import type { Expected, Row } from './expected.ts';

const certificate: Row = {
  access: 'public',
  of: async ({ node, businesses }, side) => {
    const { rows } = await node.db.execute<{ code: string }>(
      sql`select c.code from certificates c join products p on p.id = c.product_id
        where p.business_id = ${businesses[side].businessId} and c.status = 'verified' order by c.code limit 1`,
    );
    return { code: rows[0]?.code ?? '' };
  },
  ids: { own: 200, missing: 404 },
};

export const certificates: Expected = {
  'GET /.well-known/jwks.json': 'public',
  'GET /chung-nhan': 'public',
  'GET /chung-nhan/:code': certificate,
  'GET /chung-nhan/:code/ma-qr.svg': certificate,
  'GET /v1/certificates/:code': certificate,
  'GET /v1/certificates/:code/statement': certificate,
  'GET /v1/certificates/statements': { access: 'public', query: '?codes=STZZZZZZZZZZ' },
};
