import { sql } from 'drizzle-orm';
import { CHECKLIST } from '#features/certificates/types.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Expected, Row, Values } from './expected.ts';
import { isStaff, type Side, type Stage, type Who } from './stage.ts';

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

let sent = 0;
/** One that waits for a certifier, sent by the owner of that side with a copy of the paper. */
async function waiting({ node, accounts, businesses, goods }: Stage, side: Side) {
  sent += 1;
  const owner = side === 'A' ? accounts.ownerA : accounts.ownerB;
  const submission = {
    kind: 'ocop' as const,
    productId: goods[side].product.productId as ProductId,
    issuer: 'UBND thành phố Cần Thơ',
    decisionNumber: `${sent}/QĐ-UBND`,
    issuedOn: '2026-10-01',
    star: 3,
    expiresOn: null,
  };
  const sender = { actor: `account:${owner}`, businessIds: [businesses[side].businessId] };
  const copy = { bytes: Buffer.from('%PDF-1.4\n%%EOF\n'), name: 'a.pdf' };
  return { certificateId: await node.services.certificates.send(sender, submission, copy) };
}
const reading = { access: 'staff:certifier,auditor', of: waiting, ids: { own: 200, missing: 404 } } as const;
/** A certifier decides what they hold. */
async function hold({ node: { services }, accounts }: Stage, { certificateId = '' }: Values, who: Who): Promise<void> {
  const claim = await services.queues.findClaim({ kind: 'certificate', id: certificateId });
  if (!claim || !isStaff(who)) throw new Error('Nothing waits for a certifier');
  await services.queues.claim({ accountId: accounts[who], staffRole: who }, claim.itemId);
}
const deciding: Row = {
  access: 'staff:certifier',
  of: waiting,
  ids: { own: 204, missing: 404 },
  changes: true,
  first: hold,
};

/** A list of one product of side A, sent by the administrator: lists belong to no business. */
async function listed({ node, accounts, goods }: Stage): Promise<{ importId: string }> {
  sent += 1;
  const entry = { issuer: 'UBND thành phố Cần Thơ', decisionNumber: `${sent}/QĐ-UBND`, issuedOn: '2026-10-01' };
  const list = {
    bytes: Buffer.from(`Mã hàng,Hạng sao\n${goods.A.product.variants[0]?.sku.replace(/-[A-Z]$/, '')},3\n`),
    name: 'a.csv',
  };
  const copy = { bytes: Buffer.from('%PDF-1.4\n%%EOF\n'), name: 'a.pdf' };
  return {
    importId: await node.services.certificates.startImport({ actor: `account:${accounts.admin}` }, entry, list, copy),
  };
}
const readingList = { access: 'staff:certifier,auditor', of: listed, ids: { own: 200, missing: 404 } } as const;
const actingOnList = { access: 'staff:certifier', of: listed, changes: true } as const;
const reason = 'Bản chụp không đọc được số.';

export const certificates: Expected = {
  'GET /ban-hang/chung-nhan': 'seller:owner,manager,assistant',
  'GET /ban-hang/chung-nhan/moi': 'seller:owner,manager,assistant',
  'POST /ban-hang/chung-nhan/moi': { access: 'seller:owner,manager,assistant', status: 404 },
  'GET /v1/seller/certificates': 'seller:owner,manager,assistant',
  'POST /v1/seller/certificates': { access: 'seller:owner,manager,assistant', status: 415 },
  'GET /quan-tri/chung-nhan': 'staff:certifier,auditor',
  'GET /quan-tri/chung-nhan/:certificateId': reading,
  'GET /quan-tri/chung-nhan/:certificateId/giay': reading,
  'POST /quan-tri/chung-nhan/:certificateId': {
    ...deciding,
    ids: { own: 303, missing: 404 },
    body: { do: 'claim' },
  },
  'GET /v1/staff/certificates': 'staff:certifier,auditor',
  'GET /v1/staff/certificates/:certificateId': reading,
  'POST /v1/staff/certificates/:certificateId/verify': { ...deciding, body: { checked: CHECKLIST } },
  'POST /v1/staff/certificates/:certificateId/reject': { ...deciding, body: { reason } },
  'GET /quan-tri/chung-nhan/lich': 'staff:certifier,auditor',
  'GET /quan-tri/chung-nhan/lich.ics': 'staff:certifier,auditor',
  'GET /quan-tri/chung-nhan/lich.csv': 'staff:certifier,auditor',
  'GET /v1/staff/certificates/calendar': 'staff:certifier,auditor',
  'GET /quan-tri/chung-nhan/nhap': 'staff:certifier,auditor',
  'POST /quan-tri/chung-nhan/nhap': { access: 'staff:certifier', status: 422 },
  'GET /quan-tri/chung-nhan/nhap/mau.csv': 'staff:certifier,auditor',
  'GET /quan-tri/chung-nhan/nhap/:importId': readingList,
  'GET /quan-tri/chung-nhan/nhap/:importId/quyet-dinh': readingList,
  'GET /quan-tri/chung-nhan/nhap/:importId/ket-qua.csv': readingList,
  'POST /quan-tri/chung-nhan/nhap/:importId': {
    ...actingOnList,
    ids: { own: 303, missing: 404 },
    body: { do: 'confirm' },
  },
  'POST /v1/staff/certificates/imports': { access: 'staff:certifier', status: 415 },
  'GET /v1/staff/certificates/imports/:importId': readingList,
  'PUT /v1/staff/certificates/imports/:importId/choices': {
    ...actingOnList,
    ids: { own: 200, missing: 404 },
    body: { choices: [{ line: 2, productId: '01900000-0000-7000-8000-00000000dead' }] },
  },
  'POST /v1/staff/certificates/imports/:importId/confirm': { ...actingOnList, ids: { own: 200, missing: 404 } },
  // Nothing of it is recorded yet.
  'POST /v1/staff/certificates/imports/:importId/verify': {
    ...actingOnList,
    ids: { own: 409, missing: 404 },
    body: { checked: CHECKLIST },
  },
  // What waits is not revoked.
  'POST /v1/staff/certificates/:certificateId/revoke': {
    ...deciding,
    ids: { own: 409, missing: 404 },
    body: { cause: 'recorded-in-error', reason },
  },
  'GET /.well-known/jwks.json': 'public',
  'GET /chung-nhan': 'public',
  'GET /chung-nhan/:code': certificate,
  'GET /chung-nhan/:code/ma-qr.svg': certificate,
  'GET /v1/certificates/:code': certificate,
  'GET /v1/certificates/:code/statement': certificate,
  'GET /v1/certificates/statements': { access: 'public', query: '?codes=STZZZZZZZZZZ' },
};
