import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { emptyFields, emptyVariant } from '#features/products/rules/fields.ts';
import type { ProductFields, ProductState } from '#features/products/types.ts';
import type { Side, Stage } from './stage.ts';

export const editorOf = (businessId: BusinessId) => ({
  actor: 'test',
  businessIds: [businessId],
  assisted: [],
  address: '',
});

/** Everything that a listing must have, and no more. */
export const whole: ProductFields = {
  ...emptyFields,
  nameVi: 'Hàng thử',
  unitVi: 'gói',
  categoryId: 6,
  vatBps: 800,
  variants: [{ ...emptyVariant, sku: 'THU', label: 'gói', priceVnd: vnd(20_000), onHand: 5 }],
};

export async function draftOf({ node, businesses }: Stage, side: Side): Promise<{ productId: string }> {
  const { businessId } = businesses[side];
  return { productId: await node.services.editing.create(editorOf(businessId), businessId, () => whole) };
}

/** A product of that side in that state, made for one call. */
export const productIn =
  (state: ProductState) =>
  async ({ node, businesses }: Stage, side: Side): Promise<{ productId: string }> => {
    const productId = newId<'Product'>();
    const variants = whole.variants.map((variant) => ({ ...variant, sku: productId.slice(-12) }));
    await transact(node.db, 'test', async (tx) => {
      const { businessId } = businesses[side];
      await node.services.applying.listFirst(tx, { productId, businessId, fields: { ...whole, variants } });
      if (state !== 'listed') await node.services.products.setState(tx, productId, state);
    });
    return { productId };
  };
