import { transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { editorOf } from './editor.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

/** A set that waits, and that nobody has taken. */
async function setOf({ node, businesses, goods }: Stage, side: Side): Promise<{ setId: string }> {
  const { businessId } = businesses[side];
  const productId = goods[side].product.productId as ProductId;
  const changes = [{ field: 'nameEn', before: '', after: 'Tried' }];
  const subject = { productId, businessId, name: 'Thử' };
  const setId = await transact(node.db, editorOf(businessId).actor, (tx) =>
    node.services.changes.propose(tx, { subject, kind: 'edit', changes }),
  );
  return { setId: setId ?? '' };
}
const reading: Row = {
  access: 'staff:moderator,support,auditor',
  of: setOf,
  ids: { own: 200, missing: 404 },
};

export const changes: Expected = {
  'GET /quan-tri/thay-doi': 'staff:moderator',
  'GET /quan-tri/thay-doi/:setId': { access: 'staff:moderator', of: setOf, ids: { own: 200, missing: 404 } },
  'POST /quan-tri/thay-doi/:setId': {
    access: 'staff:moderator',
    of: setOf,
    ids: { own: 409, missing: 404 },
    body: { do: 'approved', version: '1' },
  },
  'GET /v1/staff/changes': 'staff:moderator,support,auditor',
  'GET /v1/staff/changes/:setId': reading,
  'POST /v1/staff/changes/:setId/verdict': {
    access: 'staff:moderator',
    of: setOf,
    // Nobody has taken it in the queue, so nobody may decide.
    ids: { own: 409, missing: 404 },
    body: { outcome: 'approved', version: 1 },
  },
};
