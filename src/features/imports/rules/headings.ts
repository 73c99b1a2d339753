import { clean, fold } from '#core/vietnamese.ts';
import { type Cell, FIELDS, type Field, type Mapping } from '../types.ts';

/** What people call the columns, folded. The first of each list is how our own export calls it, in Vietnamese and English. */
const names: Readonly<Record<Field, readonly string[]>> = {
  sku: [
    'ma hang',
    'sku',
    'ma san pham',
    'ma sp',
    'ma hang hoa',
    'ma hh',
    'ma noi bo',
    'ma so',
    'ma',
    'code',
    'item code',
    'product code',
    'product sku',
  ],
  variantSku: ['ma quy cach', 'variant sku', 'ma phan loai', 'ma bien the', 'variant code'],
  label: ['quy cach', 'size', 'phan loai', 'ten phan loai', 'quy cach dong goi', 'variant', 'variant name', 'option'],
  nameVi: [
    'ten san pham',
    'name',
    'ten hang',
    'ten hang hoa',
    'ten sp',
    'ten',
    'san pham',
    'ten mat hang',
    'mat hang',
    'product',
    'product name',
    'item',
    'item name',
    'title',
  ],
  nameEn: ['ten tieng anh', 'english name', 'ten san pham tieng anh', 'name en', 'ten en'],
  category: [
    'nhom hang',
    'category',
    'bo san pham',
    'nhom san pham',
    'nhom',
    'danh muc',
    'loai hang',
    'nganh hang',
    'product set',
    'group',
  ],
  priceVnd: [
    'gia ban',
    'price',
    'don gia',
    'gia',
    'gia ban le',
    'gia le',
    'gia niem yet',
    'unit price',
    'selling price',
    'price vnd',
  ],
  compareAtVnd: [
    'gia gach bo',
    'compare at price',
    'gia goc',
    'gia cu',
    'gia truoc giam',
    'original price',
    'list price',
    'compare at',
  ],
  stock: [
    'ton kho',
    'stock',
    'so luong ton',
    'ton',
    'so luong',
    'sl',
    'sl ton',
    'ton cuoi',
    'quantity',
    'qty',
    'on hand',
    'inventory',
  ],
  unitVi: ['don vi tinh', 'unit', 'dvt', 'don vi', 'uom'],
  netWeightG: [
    'khoi luong',
    'net weight',
    'khoi luong tinh',
    'trong luong',
    'trong luong tinh',
    'can nang',
    'weight',
    'net content',
  ],
  gtin: ['ma vach', 'barcode', 'gtin', 'ean', 'ean 13', 'gtin 13', 'ma vach san pham'],
  producedOn: ['ngay san xuat', 'produced on', 'nsx', 'ngay sx', 'production date', 'manufactured on', 'mfg date'],
  descriptionVi: ['mo ta', 'description', 'mo ta san pham', 'dien giai', 'gioi thieu', 'chi tiet', 'noi dung'],
  descriptionEn: ['mo ta tieng anh', 'english description', 'description en'],
  vatRatePercent: [
    'thue gtgt',
    'vat',
    'thue suat',
    'thue suat gtgt',
    'thue vat',
    'thue',
    'vat rate',
    'tax',
    'tax rate',
  ],
  ingredientsVi: ['thanh phan', 'ingredients', 'nguyen lieu'],
  allergens: ['chat gay di ung', 'allergens', 'di ung'],
  storage: ['bao quan', 'storage', 'cach bao quan', 'huong dan bao quan'],
  shelfLifeDays: ['han su dung', 'shelf life', 'hsd', 'so ngay su dung', 'thoi han su dung', 'shelf life days'],
  minOrder: ['mua toi thieu', 'min order', 'so luong toi thieu', 'minimum order', 'moq'],
  maxOrder: ['mua toi da', 'max order', 'so luong toi da', 'maximum order'],
};
const fieldOf = new Map(FIELDS.flatMap((field) => names[field].map((name) => [name, field] as const)));

export const cellText = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
};

/** A heading without what stands in brackets, its marks and its accents. */
const bare = (heading: string): string =>
  fold(clean(heading))
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

export const fieldOfHeading = (heading: string): Field | undefined =>
  fieldOf.get(bare(heading)) ?? fieldOf.get(bare(heading.replace(/[()]/g, ' ')));

/** A unit that a heading names in brackets: `Khối lượng (kg)`, `Giá (nghìn đồng)`. */
export function factorOf(field: Field, heading: string): number {
  const inside = fold(/\(([^)]*)\)/.exec(heading)?.[1] ?? '').replace(/\s+/g, '');
  if (field === 'netWeightG') return inside === 'kg' || inside === 'kilogam' ? 1_000 : 1;
  const thousands = /^(?:nghin|ngan|1[.,]?000|k)(?:dong|vnd|d)?$|^x1[.,]?000$/.test(inside);
  return (field === 'priceVnd' || field === 'compareAtVnd') && thousands ? 1_000 : 1;
}

/** What each column means; the first of two that claim the same content has it. */
export function mappingOf(headings: readonly string[]): Mapping {
  const found = new Map<Field, number>();
  headings.forEach((heading, column) => {
    const field = fieldOfHeading(heading);
    if (field && !found.has(field)) found.set(field, column);
  });
  return Object.fromEntries(found);
}

const searchedRows = 20;

/**
 * Which record names the columns: the one that most known names stand in, below whatever titles a sheet begins with.
 * Undefined when no record names two.
 */
export function findHeadings(records: readonly (readonly Cell[])[]): number | undefined {
  let best: { readonly index: number; readonly known: number } | undefined;
  records.slice(0, searchedRows).forEach((record, index) => {
    const known = Object.keys(mappingOf(record.map(cellText))).length;
    if (known >= 2 && known > (best?.known ?? 0)) best = { index, known };
  });
  return best?.index;
}

/** The same headings in the same order mean the same again, whoever typed them. */
export const fingerprintOf = (headings: readonly string[]): string =>
  headings.map((heading) => fold(clean(heading))).join('\u001f');

/** Whether a mapping can be worked with: a column of codes, each column used once, all of them there. */
export function isMapping(mapping: Mapping, width: number): boolean {
  const columns = Object.values(mapping);
  return (
    mapping.sku !== undefined &&
    columns.length > 1 &&
    new Set(columns).size === columns.length &&
    columns.every((column) => Number.isInteger(column) && column >= 0 && column < width)
  );
}
