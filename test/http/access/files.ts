import sharp from 'sharp';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const roles = 'seller:owner,manager,assistant';
const officers = 'staff:moderator,certifier,support,auditor';

/** A scanned paper of that side's business, which can be handed out and shown. */
async function paper({ node, businesses }: Stage, side: Side) {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const { businessId } = businesses[side];
  const { fileId } = await node.services.files.keep(
    'document',
    { bytes, name: 'giấy.png' },
    { actor: 'test', businessId },
  );
  return { fileId };
}
const file = { access: roles, of: paper, ids: { own: 200, other: 404, missing: 404 } } as const;
const sized = {
  of: async (stage: Stage, side: Side) => ({ ...(await paper(stage, side)), width: '160' }),
  missing: { width: '160' },
};
const toOfficers: Row = { ...file, access: officers, ids: { own: 200, missing: 404 } };

export const files: Expected = {
  'GET /quan-tri/tep/:fileId': toOfficers,
  'GET /quan-tri/tep/:fileId/:width': { ...toOfficers, ...sized },
  'GET /tep/:fileId': file,
  'GET /tep/:fileId/:width': { ...file, ...sized },
  'GET /v1/seller/files/:fileId': file,
  // Sent JSON, as here, it does not look any further.
  'POST /v1/seller/files': { access: roles, status: 415 },
};
