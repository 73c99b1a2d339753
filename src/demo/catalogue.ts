import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { bps, vnd } from '#core/money.ts';
import type { BusinessType, PaymentMethod } from '#features/businesses/types.ts';
import type { CertificateKind } from '#features/certificates/types.ts';
import type { FormerWard, Province, Ward } from '#features/places/types.ts';
import type { ProductDraft, VariantDraft } from '#features/products/index.ts';
import type { Storage } from '#features/products/types.ts';

/** The demonstration catalogue. Sellers, prices, decisions and numbers are invented; kinds of goods and places are real. */
type Row = Readonly<Record<string, string>>;
const open = (name: string): string => readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8');
const rowsOf = (name: string): Row[] => parse(open(name), { columns: true, skip_empty_lines: true });
const cell = (row: Row, name: string): string => {
  const value = row[name];
  if (value === undefined) throw new Error(`The demonstration has no column ${name}`);
  return value;
};
const list = (text: string): string[] => text.split(';').flatMap((part) => (part === '' ? [] : [part]));
const optional = <T>(text: string, read: (text: string) => T): T | undefined => (text === '' ? undefined : read(text));
const some = <Key extends string, T>(key: Key, value: T | undefined): { readonly [K in Key]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { [K in Key]: T });

export const demoBusinesses = () =>
  rowsOf('businesses.csv').map((row) => ({
    code: cell(row, 'code'),
    slug: cell(row, 'slug'),
    name: cell(row, 'name'),
    type: cell(row, 'type') as BusinessType,
    taxCode: cell(row, 'tax_code'),
    wardCode: cell(row, 'ward_code'),
    addressLine: cell(row, 'address_line'),
    phone: cell(row, 'phone'),
    email: cell(row, 'email'),
    storyVi: cell(row, 'story_vi'),
    storyEn: cell(row, 'story_en'),
    foundedYear: Number(cell(row, 'founded_year')),
    latitude: Number(cell(row, 'ship_from_lat')),
    longitude: Number(cell(row, 'ship_from_lng')),
    supports: list(cell(row, 'supports')) as PaymentMethod[],
    status: 'approved' as const,
  }));

const variantOf = (row: Row): VariantDraft => ({
  sku: cell(row, 'variant_sku'),
  label: cell(row, 'label_vi'),
  priceVnd: vnd(Number(cell(row, 'price_vnd'))),
  netWeightG: Number(cell(row, 'net_weight_g')),
  onHand: Number(cell(row, 'stock')),
});

/** The variants of a product with the default first: the one whose price and weight equal the product's own. */
function variantsOf(product: Row, all: readonly Row[]): VariantDraft[] {
  const compareAt = some(
    'compareAtVnd',
    optional(cell(product, 'compare_at_vnd'), (text) => vnd(Number(text))),
  );
  const own = all.filter((row) => cell(row, 'sku') === cell(product, 'sku')).map(variantOf);
  const single = {
    sku: cell(product, 'sku'),
    label: cell(product, 'unit_vi'),
    priceVnd: vnd(Number(cell(product, 'price_vnd'))),
    netWeightG: Number(cell(product, 'net_weight_g')),
    onHand: Number(cell(product, 'stock')),
  };
  if (own.length === 0) return [{ ...single, ...compareAt }];
  const isDefault = (variant: VariantDraft): boolean =>
    variant.priceVnd === single.priceVnd && variant.netWeightG === single.netWeightG;
  const first = own.find(isDefault) ?? own[0];
  return first ? [{ ...first, ...compareAt }, ...own.filter((variant) => variant !== first)] : [];
}

export type DemoProduct = {
  readonly businessCode: string;
  readonly draft: ProductDraft;
  readonly decision:
    | { readonly star: number; readonly decisionNumber: string; readonly issuer: string; readonly issuedOn: string }
    | undefined;
};

const draftOf = (row: Row, variants: readonly Row[]): ProductDraft => ({
  sku: cell(row, 'sku'),
  slug: cell(row, 'slug'),
  nameVi: cell(row, 'name_vi'),
  nameEn: cell(row, 'name_en'),
  aliases: list(cell(row, 'aliases')),
  categoryId: Number(cell(row, 'category_id')),
  unitVi: cell(row, 'unit_vi'),
  netWeightG: Number(cell(row, 'net_weight_g')),
  grossWeightG: Number(cell(row, 'gross_weight_g')),
  lengthCm: Number(cell(row, 'length_cm')),
  widthCm: Number(cell(row, 'width_cm')),
  heightCm: Number(cell(row, 'height_cm')),
  storage: cell(row, 'storage') as Storage,
  ...some('shelfLifeDays', optional(cell(row, 'shelf_life_days'), Number)),
  vatBps: bps(Number(cell(row, 'vat_rate_percent')) * 100),
  ...some('gtin', optional(cell(row, 'gtin'), String)),
  ingredientsVi: cell(row, 'ingredients_vi'),
  allergens: list(cell(row, 'allergens')),
  descriptionVi: cell(row, 'description_vi'),
  descriptionEn: cell(row, 'description_en'),
  tags: list(cell(row, 'tags')),
  seasonMonths: list(cell(row, 'season_months')).map(Number),
  minOrder: Number(cell(row, 'min_order')),
  maxOrder: Number(cell(row, 'max_order')),
  variants: variantsOf(row, variants),
});

export function demoProducts(): DemoProduct[] {
  const variants = rowsOf('variants.csv');
  return rowsOf('products.csv').map((row) => {
    const decision = {
      star: Number(cell(row, 'ocop_star')),
      decisionNumber: cell(row, 'certificate_no'),
      issuer: cell(row, 'certificate_issuer'),
      issuedOn: cell(row, 'certificate_issued_on'),
    };
    return {
      businessCode: cell(row, 'business_code'),
      draft: draftOf(row, variants),
      decision: decision.star === 0 ? undefined : decision,
    };
  });
}

/** Certificates beside the stars, by the product's code. */
export const demoCertificates = () =>
  rowsOf('certificates.csv').map((row) => ({
    sku: cell(row, 'sku'),
    kind: cell(row, 'kind') as CertificateKind,
    issuer: cell(row, 'issuer'),
    decisionNumber: cell(row, 'number'),
    issuedOn: cell(row, 'issued_on'),
    expiresOn: optional(cell(row, 'expires_on'), String) ?? null,
    star: null,
  }));

type CategoryFile = {
  readonly id: number;
  readonly code: string;
  readonly group: { readonly id: number; readonly vi: string; readonly en: string };
  readonly sector: { readonly code: string; readonly vi: string; readonly en: string };
  readonly name: { readonly vi: string; readonly en: string };
  readonly managingBody: readonly string[];
  readonly isFood: boolean;
  readonly isAlcohol: boolean;
  readonly isTourism: boolean;
};

/** The 26 product sets of Decision 26/2026/QĐ-TTg, Appendix I. Every exchange needs them, demonstration or not. */
export const ocopCategories = () =>
  (JSON.parse(open('categories.json')) as CategoryFile[]).map(
    ({ id, code, group, sector, name, managingBody, isFood, isAlcohol, isTourism }) => ({
      id,
      slug: code,
      nameVi: name.vi,
      nameEn: name.en,
      groupId: group.id,
      groupVi: group.vi,
      groupEn: group.en,
      sectorCode: sector.code,
      sectorVi: sector.vi,
      sectorEn: sector.en,
      managingBody: [...managingBody],
      isFood,
      isAlcohol,
      isTourism,
    }),
  );

type WardFile = {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly fullName: string;
  readonly provinceCode: string;
  readonly legacyDistrict: { readonly code: string; readonly name: string };
};

export const provincesOfToday = (): Province[] => JSON.parse(open('provinces-gso2025.json')) as Province[];
export const wardsOfSocTrang = (): Ward[] =>
  (JSON.parse(open('wards-soctrang.json')) as WardFile[]).map(
    ({ code, name, type, fullName, provinceCode, legacyDistrict }) => ({
      code,
      provinceCode,
      name,
      fullName,
      kind: type,
      legacyDistrict: { code: legacyDistrict.code, name: legacyDistrict.name },
    }),
  );

type FormerFile = {
  readonly items: readonly {
    readonly district: string;
    readonly names: readonly string[];
    readonly wardCode: string;
  }[];
};
/** Communes of before 1 July 2025 with the ward of today; the file says where from and what it lacks. */
export const formerWardsOfSocTrang = (): FormerWard[] =>
  (JSON.parse(open('former-wards-soctrang.json')) as FormerFile).items.flatMap(({ district, names, wardCode }) =>
    names.map((name) => ({ name, district, wardCode })),
  );
