import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { systemClock } from '#core/clock.ts';
import { bps, vnd } from '#core/money.ts';
import { type Db, transact } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import { createBusinesses } from '#features/businesses/index.ts';
import type { BusinessType } from '#features/businesses/types.ts';
import { createPlaces } from '#features/places/index.ts';
import { createProducts } from '#features/products/index.ts';
import type { Storage } from '#features/products/types.ts';
import { createStock } from '#features/stock/index.ts';

const file = (name: string): string => readFileSync(new URL(`../../../src/demo/data/${name}`, import.meta.url), 'utf8');
type Row = Readonly<Record<string, string>>;
const csv = (name: string): Row[] => parse(file(name), { columns: true });
const cell = (row: Row, name: string): string => row[name] ?? '';
const listOf = (row: Row, name: string): string[] => cell(row, name).split(';').filter(Boolean);
const number = (row: Row, name: string): number => Number(cell(row, name) || 0);

type Category = {
  id: number;
  code: string;
  group: { id: number; vi: string; en: string };
  sector: { code: string; vi: string; en: string };
  name: { vi: string; en: string };
  managingBody: string[];
  isFood: boolean;
  isAlcohol: boolean;
  isTourism: boolean;
};
type Ward = {
  code: string;
  name: string;
  type: string;
  fullName: string;
  provinceCode: string;
  legacyDistrict: { code: string; name: string };
};

function variantsOf(row: Row, sizes: readonly Row[]) {
  const own = sizes.filter((size) => cell(size, 'sku') === cell(row, 'sku'));
  const isDefault = (size: Row) => number(size, 'price_vnd') === number(row, 'price_vnd');
  const ordered = [...own.filter(isDefault), ...own.filter((size) => !isDefault(size))];
  const one = { sku: cell(row, 'sku'), label: cell(row, 'unit_vi'), priceVnd: vnd(number(row, 'price_vnd')) };
  if (ordered.length === 0) return [{ ...one, netWeightG: number(row, 'net_weight_g'), onHand: number(row, 'stock') }];
  return ordered.map((size) => ({
    sku: cell(size, 'variant_sku'),
    label: cell(size, 'label_vi'),
    priceVnd: vnd(number(size, 'price_vnd')),
    netWeightG: number(size, 'net_weight_g'),
    onHand: number(size, 'stock'),
  }));
}

const draftOf = (row: Row, sizes: readonly Row[]) => ({
  sku: cell(row, 'sku'),
  slug: cell(row, 'slug'),
  nameVi: cell(row, 'name_vi'),
  nameEn: cell(row, 'name_en'),
  aliases: listOf(row, 'aliases'),
  categoryId: number(row, 'category_id'),
  unitVi: cell(row, 'unit_vi'),
  netWeightG: number(row, 'net_weight_g'),
  grossWeightG: number(row, 'gross_weight_g'),
  lengthCm: number(row, 'length_cm'),
  widthCm: number(row, 'width_cm'),
  heightCm: number(row, 'height_cm'),
  storage: cell(row, 'storage') as Storage,
  vatBps: bps(number(row, 'vat_rate_percent') * 100),
  ingredientsVi: cell(row, 'ingredients_vi'),
  allergens: listOf(row, 'allergens'),
  descriptionVi: cell(row, 'description_vi'),
  descriptionEn: cell(row, 'description_en'),
  tags: listOf(row, 'tags'),
  seasonMonths: [],
  minOrder: 1,
  maxOrder: 999,
  variants: variantsOf(row, sizes),
});

/** The demonstration's places, businesses and products, through the services that sellers use; no certificates. */
export async function fillMarket(db: Db, events: Events): Promise<void> {
  const deps = { db, events, now: systemClock };
  const places = createPlaces(deps);
  const businesses = createBusinesses(deps);
  const products = createProducts({ ...deps, stock: createStock(deps) });
  const wards = (JSON.parse(file('wards-soctrang.json')) as Ward[]).map(({ type, ...ward }) => ({
    ...ward,
    kind: type,
  }));
  const categories = (JSON.parse(file('categories.json')) as Category[]).map((category) => ({
    id: category.id,
    slug: category.code,
    nameVi: category.name.vi,
    nameEn: category.name.en,
    groupId: category.group.id,
    groupVi: category.group.vi,
    groupEn: category.group.en,
    sectorCode: category.sector.code,
    sectorVi: category.sector.vi,
    sectorEn: category.sector.en,
    managingBody: category.managingBody,
    isFood: category.isFood,
    isAlcohol: category.isAlcohol,
    isTourism: category.isTourism,
  }));
  const sellers = csv('businesses.csv');
  const sizes = csv('variants.csv');
  await transact(db, 'system:test', async (tx) => {
    await places.addPlaces(tx, [{ code: '92', slug: 'can-tho', name: 'Cần Thơ', nameEn: 'Can Tho' }], wards);
    await products.addCategories(tx, categories);
    const ids = await businesses.addBusinesses(
      tx,
      sellers.map((row) => ({
        code: cell(row, 'code'),
        slug: cell(row, 'slug'),
        name: cell(row, 'name'),
        type: cell(row, 'type') as BusinessType,
        wardCode: cell(row, 'ward_code'),
        status: 'approved' as const,
      })),
    );
    const idOf = new Map(sellers.map((row, index) => [cell(row, 'code'), ids[index]]));
    const additions = csv('products.csv').flatMap((row) => {
      const businessId = idOf.get(cell(row, 'business_code'));
      return businessId ? [{ businessId, draft: draftOf(row, sizes) }] : [];
    });
    await products.addProducts(tx, additions);
  });
}
