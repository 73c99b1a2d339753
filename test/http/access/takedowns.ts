import type { ProductId } from '#features/products/types.ts';
import { productIn } from './editor.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const clerk = { actor: 'test', address: '' };
const asked = { requestNumber: '12/QLTT', authority: 'Quản lý thị trường', reason: 'Thử' };

async function takedownOf(stage: Stage, side: Side) {
  const { productId } = await productIn('listed')(stage, side);
  const receivedAt = stage.node.clock.now();
  return {
    takedownId: await stage.node.services.takedowns.request(clerk, productId as ProductId, { ...asked, receivedAt }),
  };
}
const act: Row = { access: 'staff:moderator', of: takedownOf, ids: { own: 204, missing: 404 }, changes: true };

export const takedowns: Expected = {
  'GET /quan-tri/go-bo': 'staff:moderator',
  // The form comes back: which product was not said.
  'POST /quan-tri/go-bo': { access: 'staff:moderator', status: 422 },
  'GET /quan-tri/go-bo/:takedownId': { access: 'staff:moderator', of: takedownOf, ids: { own: 200, missing: 404 } },
  'POST /quan-tri/go-bo/:takedownId': {
    access: 'staff:moderator',
    of: takedownOf,
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'execute' },
  },
  'GET /v1/staff/takedowns': 'staff:moderator,support,auditor',
  'POST /v1/staff/takedowns': {
    access: 'staff:moderator',
    of: productIn('listed'),
    ids: { own: 201, missing: 404 },
    changes: true,
    body: ({ productId }: { productId: string }) => ({ ...asked, productId, receivedAt: '2026-11-01T00:00:00Z' }),
  },
  'GET /v1/staff/takedowns/:takedownId': {
    access: 'staff:moderator,support,auditor',
    of: takedownOf,
    ids: { own: 200, missing: 404 },
  },
  'POST /v1/staff/takedowns/:takedownId/decline': { ...act, body: { decision: '13/QLTT' } },
  'POST /v1/staff/takedowns/:takedownId/execute': act,
  'POST /v1/staff/takedowns/:takedownId/restore': {
    ...act,
    of: async (stage, side) => {
      const { takedownId } = await takedownOf(stage, side);
      await stage.node.services.takedowns.takeDown(clerk, takedownId);
      return { takedownId };
    },
    body: { decision: '13/QLTT' },
  },
};
