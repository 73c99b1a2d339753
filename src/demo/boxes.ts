import { vnd } from '#core/money.ts';
import type { ProductId } from '#features/products/types.ts';
import type { DemoServices } from './load.ts';

/** Goods of three businesses that go well together. */
const skus = ['ST-0001', 'ST-0011', 'ST-0021', 'ST-0031'] as const;

/** A box that an officer put together from the catalogue, a tenth below what its goods cost. */
export async function loadBoxes(
  { bundles, products }: DemoServices,
  bySku: ReadonlyMap<string, ProductId>,
): Promise<void> {
  const found = await Promise.all(skus.flatMap((sku) => bySku.get(sku) ?? []).map((id) => products.getProduct(id)));
  const goods = found.flatMap(({ business, variants: [first] }) =>
    first && first.available > 0 && first.minOrder === 1 ? [{ businessId: business.businessId, ...first }] : [],
  );
  if (new Set(goods.map(({ businessId }) => businessId)).size < 2) return;
  const goodsVnd = goods.reduce((sum, { priceVnd }) => sum + priceVnd, 0);
  await bundles.create(
    { actor: 'demo:moderator', address: '127.0.0.1' },
    {
      nameVi: 'Hộp quà Ghe Ngo Sóc Trăng',
      nameEn: 'Ghe Ngo gift box of Sóc Trăng',
      descriptionVi: 'Đặc sản của nhiều cơ sở trong một hộp, gói sẵn để biếu.',
      priceVnd: vnd(Math.floor((goodsVnd * 0.9) / 1_000) * 1_000),
      items: goods.map(({ variantId }) => ({ variantId, quantity: 1 })),
    },
  );
}
