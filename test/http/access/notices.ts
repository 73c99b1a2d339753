import { sql } from 'drizzle-orm';
import { transact } from '#db/client.ts';
import type { Expected } from './expected.ts';
import type { Stage } from './stage.ts';

/** A message that could not be sent. */
async function failedNotice({ node, accounts }: Stage): Promise<{ readonly deliveryId: string }> {
  const { db, services } = node;
  await transact(db, 'test', (tx) =>
    services.notices.tell(tx, {
      kind: 'member.removed',
      to: { accountId: accounts.shopperA },
      values: { business: 'Cơ sở' },
    }),
  );
  await node.runJobs();
  const { rows } = await db.execute<{ id: string }>(
    sql`update notice_deliveries set state = 'failed', sent_at = null where id = (select max(id::text)::uuid from notice_deliveries where channel <> 'in-app') returning id`,
  );
  return { deliveryId: rows[0]?.id ?? '' };
}

export const notices: Expected = {
  'GET /minh-hoa/tin-nhan': 'public',
  'GET /quan-tri/thong-bao': 'staff:support,auditor',
  'POST /quan-tri/thong-bao': { access: 'staff:support', status: 303 },
  'GET /tai-khoan/thong-bao': 'shopper',
  'POST /tai-khoan/thong-bao': { access: 'shopper', status: 303 },
  'GET /v1/me/notices': 'shopper',
  'POST /v1/me/notices/read': { access: 'shopper', status: 200 },
  'GET /v1/me/notice-settings': 'shopper',
  'PUT /v1/me/notice-settings': { access: 'shopper', status: 400 },
  'GET /v1/staff/notices': 'staff:support,auditor',
  'POST /v1/staff/notices/:deliveryId/send': {
    access: 'staff:support',
    of: failedNotice,
    ids: { own: 204, missing: 404 },
    changes: true,
  },
};
