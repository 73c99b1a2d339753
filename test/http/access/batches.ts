import type { ProductId } from '#features/products/types.ts';
import { editorOf, productIn } from './editor.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const empty = { harvestedOn: null, packedOn: null, expiresOn: null, quantityNote: '', reportNumber: '' };

async function batchOf(stage: Stage, side: Side) {
  const { productId } = await productIn('listed')(stage, side);
  const { batches } = stage.node.services;
  const keeper = editorOf(stage.businesses[side].businessId);
  const code = await batches.addBatch(keeper, productId as ProductId, { ...empty, lot: 'L1' });
  return await batches.getBatch(code);
}
const recall: Pick<Row, 'of' | 'changes' | 'body'> = {
  of: async (stage, side) => ({ batchId: (await batchOf(stage, side)).batchId }),
  changes: true,
  body: { reason: 'Không dùng nữa' },
};

export const batches: Expected = {
  'GET /truy-xuat/:code': {
    access: 'public',
    of: async (stage, side) => ({ code: (await batchOf(stage, side)).code }),
    ids: { own: 200, missing: 404 },
  },
  'GET /ban-hang/san-pham/:productId/lo-hang': {
    access: 'seller:owner,manager,packer,assistant',
    of: productIn('listed'),
    ids: { own: 200, other: 404, missing: 404 },
  },
  'POST /ban-hang/san-pham/:productId/lo-hang': {
    access: 'seller:owner,manager,packer,assistant',
    of: productIn('listed'),
    ids: { own: 303, other: 404, missing: 404 },
    changes: true,
    body: { lot: 'L3' },
  },
  'POST /ban-hang/san-pham/:productId/lo-hang/thu-hoi': {
    access: 'seller:owner,manager,assistant',
    of: async (stage, side) => {
      const batch = await batchOf(stage, side);
      return { batchId: batch.batchId, productId: batch.product.productId };
    },
    ids: { own: 303, other: 404, missing: 404 },
    changes: true,
    body: ({ batchId }: { batchId: string }) => ({ batchId, reason: 'Thử' }),
  },
  'GET /v1/batches/:code': {
    access: 'public',
    of: async (stage, side) => ({ code: (await batchOf(stage, side)).code }),
    ids: { own: 200, missing: 404 },
  },
  'GET /v1/seller/products/:productId/batches': {
    access: 'seller:owner,manager,packer,assistant',
    of: productIn('listed'),
    ids: { own: 200, other: 404, missing: 404 },
  },
  'POST /v1/seller/products/:productId/batches': {
    access: 'seller:owner,manager,packer,assistant',
    of: productIn('listed'),
    ids: { own: 201, other: 404, missing: 404 },
    changes: true,
    body: { lot: 'L2' },
  },
  'POST /v1/seller/batches/:batchId/recall': {
    access: 'seller:owner,manager,assistant',
    ...recall,
    ids: { own: 204, other: 404, missing: 404 },
  },
  'POST /v1/staff/batches/:batchId/recall': { access: 'staff:moderator', ...recall, ids: { own: 204, missing: 404 } },
};
