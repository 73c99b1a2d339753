import { type Clock, dayMs, localDate } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { Batches, BatchRequest } from '#features/batches/index.ts';
import type { Editing, Products } from '#features/products/index.ts';
import type { ProductFields, ProductId, VariantFields } from '#features/products/types.ts';

/** What the desks have to do on the first day of the demonstration. Everything goes through the sellers' own doors. */
export type DeskServices = {
  readonly now: Clock;
  readonly editing: Editing;
  readonly batches: Batches;
  readonly products: Pick<Products, 'findId' | 'findLive'>;
};
type Patch = (fields: ProductFields) => ProductFields;

const editorFor = (businessId: Parameters<DeskServices['editing']['create']>[1]) => ({
  actor: 'demo:seller',
  businessIds: [businessId],
  assisted: [],
  address: '',
});

const cookie: Patch = (fields) => ({
  ...fields,
  nameVi: 'Bánh quy hành tím',
  nameEn: 'Shallot biscuits',
  unitVi: 'hộp 300 g',
  categoryId: 6,
  netWeightG: 300,
  ingredientsVi: 'Bột mì, bơ, hành tím sấy, đường, muối',
  allergens: ['gluten', 'milk'],
  descriptionVi: 'Bánh nướng giòn với hành tím sấy của hợp tác xã, vị mặn ngọt, dùng kèm trà nóng.',
  storage: 'ambient',
  shelfLifeDays: 120,
  variants: fields.variants.map((variant) => ({ ...variant, sku: 'HT-QUY', priceVnd: vnd(65_000), onHand: 40 })),
});
const idea: Patch = (fields) => ({ ...fields, nameVi: 'Hành tím ngâm mắm', unitVi: 'hũ 500 g' });
/** Of what the word filter is for: a claim to heal and a telephone number. */
const boast: Patch = (fields) => ({
  ...fields,
  descriptionVi: `${fields.descriptionVi} Ăn mỗi ngày hỗ trợ chữa khỏi cao huyết áp, liên hệ zalo 0912 345 678.`,
});
const dearer: Patch = (fields) => ({
  ...fields,
  nameVi: `${fields.nameVi} loại một`,
  variants: fields.variants.map(
    (variant): VariantFields => ({
      ...variant,
      priceVnd: variant.priceVnd === null ? null : vnd(Math.ceil((variant.priceVnd * 1.5) / 1_000) * 1_000),
    }),
  ),
});

/** Packed three days after the harvest and good for two months. */
const lot = (name: string, packedDaysAgo: number, now: Date): BatchRequest => ({
  lot: name,
  harvestedOn: localDate(new Date(now.getTime() - (packedDaysAgo + 3) * dayMs)),
  packedOn: localDate(new Date(now.getTime() - packedDaysAgo * dayMs)),
  expiresOn: localDate(new Date(now.getTime() + (60 - packedDaysAgo) * dayMs)),
  quantityNote: '600 túi',
  reportNumber: 'KN-2026-118',
});

/** Products by slug that wait for an officer, with how they are to change. */
const edits: readonly (readonly [slug: string, patch: Patch])[] = [
  ['hanh-tim-say-lat-gion', boast],
  ['bot-hanh-tim-nguyen-chat', dearer],
];

async function edit({ editing, products }: DeskServices, slug: string, patch: Patch): Promise<void> {
  const id = await products.findId(slug);
  const live = id && (await products.findLive(id));
  if (live) await editing.save(editorFor(live.businessId), live.productId, patch, () => undefined);
}

async function trace(services: DeskServices, id: ProductId): Promise<void> {
  const { batches, products, now } = services;
  const live = await products.findLive(id);
  if (!live) return;
  const keeper = editorFor(live.businessId);
  await batches.addBatch(keeper, id, lot('L02', 12, now()));
  const code = await batches.addBatch(keeper, id, lot('L01', 50, now()));
  const { batchId } = await batches.getBatch(code);
  await batches.recall(keeper, batchId, 'Một số túi bị ẩm. Ngừng dùng và mang trả nơi mua để đổi túi khác.');
}

/** After the catalogue is there: a product and two edits that wait, one of them flagged, a draft, and batches to trace. */
export async function loadDesk(services: DeskServices): Promise<void> {
  const id = await services.products.findId('hanh-tim-vinh-chau-tui-luoi');
  const live = id && (await services.products.findLive(id));
  // The half of a node that does not list it has nothing to show here.
  if (!live) return;
  const editor = editorFor(live.businessId);
  const { editing } = services;
  await editing.submit(editor, await editing.create(editor, live.businessId, cookie));
  await editing.create(editor, live.businessId, idea);
  for (const [slug, patch] of edits) await edit(services, slug, patch);
  await trace(services, live.productId);
}
