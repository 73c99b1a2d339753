import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems, type ProblemEntry } from '#core/problem.ts';
import { fileProblems } from '#features/files/types.ts';
import type { ProductId, Storage, VariantId } from '#features/products/types.ts';

export type ImportId = Id<'Import'>;

/** What a column of a sheet can mean. */
export const FIELDS = [
  'sku',
  'variantSku',
  'label',
  'nameVi',
  'nameEn',
  'category',
  'priceVnd',
  'compareAtVnd',
  'stock',
  'unitVi',
  'netWeightG',
  'gtin',
  'producedOn',
  'descriptionVi',
  'descriptionEn',
  'vatRatePercent',
  'ingredientsVi',
  'allergens',
  'storage',
  'shelfLifeDays',
  'minOrder',
  'maxOrder',
] as const;
export type Field = (typeof FIELDS)[number];

/** What our own sheets call each column, in Vietnamese and English. */
export const FIELD_HEADINGS: Readonly<Record<Field, readonly [vi: string, en: string]>> = {
  sku: ['Mã hàng', 'SKU'],
  variantSku: ['Mã quy cách', 'Variant SKU'],
  label: ['Quy cách', 'Size'],
  nameVi: ['Tên sản phẩm', 'Name'],
  nameEn: ['Tên tiếng Anh', 'English name'],
  category: ['Nhóm hàng', 'Category'],
  priceVnd: ['Giá bán', 'Price'],
  compareAtVnd: ['Giá gạch bỏ', 'Compare-at price'],
  stock: ['Tồn kho', 'Stock'],
  unitVi: ['Đơn vị tính', 'Unit'],
  netWeightG: ['Khối lượng (g)', 'Net weight (g)'],
  gtin: ['Mã vạch', 'Barcode'],
  producedOn: ['Ngày sản xuất', 'Produced on'],
  descriptionVi: ['Mô tả', 'Description'],
  descriptionEn: ['Mô tả tiếng Anh', 'English description'],
  vatRatePercent: ['Thuế GTGT (%)', 'VAT (%)'],
  ingredientsVi: ['Thành phần', 'Ingredients'],
  allergens: ['Chất gây dị ứng', 'Allergens'],
  storage: ['Bảo quản', 'Storage'],
  shelfLifeDays: ['Hạn sử dụng (ngày)', 'Shelf life (days)'],
  minOrder: ['Mua tối thiểu', 'Min order'],
  maxOrder: ['Mua tối đa', 'Max order'],
};

/** Which column, from 0, holds which field. A column that is not named is passed over. */
export type Mapping = Partial<Readonly<Record<Field, number>>>;

/** A cell as the file has it: text of a CSV, or what a workbook says it is. */
export type Cell = string | number | boolean | Date | null;

/** What a row says, read. A field that its row leaves open is absent: a product that is there keeps what it has. */
export type RowValues = {
  readonly sku?: string;
  readonly variantSku?: string;
  readonly label?: string;
  readonly nameVi?: string;
  readonly nameEn?: string;
  readonly categoryId?: number;
  readonly priceVnd?: Vnd;
  readonly compareAtVnd?: Vnd;
  readonly stock?: number;
  readonly unitVi?: string;
  readonly netWeightG?: number;
  readonly gtin?: string;
  readonly producedOn?: string;
  readonly descriptionVi?: string;
  readonly descriptionEn?: string;
  readonly vatRatePercent?: number;
  readonly ingredientsVi?: string;
  readonly allergens?: readonly string[];
  readonly storage?: Storage;
  readonly shelfLifeDays?: number;
  readonly minOrder?: number;
  readonly maxOrder?: number;
};
export type ValueName = keyof RowValues;

type Said = readonly [vi: string, en: string];
const repaired = {
  PRICE_NORMALISED: ['Giá được đọc thành số đồng', 'The price was read as whole đồng'],
  WHITESPACE_TRIMMED: ['Đã bỏ khoảng trắng thừa', 'Surplus spaces were removed'],
  INVISIBLE_REMOVED: ['Đã bỏ ký tự vô hình', 'Invisible characters were removed'],
  UNICODE_NFC: ['Dấu tiếng Việt được ghép lại đúng chuẩn', 'Vietnamese accents were composed'],
  HTML_STRIPPED: ['Đã bỏ thẻ định dạng HTML', 'HTML formatting was removed'],
  ENTITY_DECODED: ['Ký hiệu HTML được đổi thành chữ', 'HTML entities became characters'],
  LOOKALIKE_FIXED: ['Chữ giống chữ Đ (hoặc chữ La-tinh) được sửa lại', 'Look-alike letters were put right'],
  NEWLINE_COLLAPSED: ['Xuống dòng trong ô được đổi thành khoảng trắng', 'Line breaks became spaces'],
  STOCK_NORMALISED: ['Tồn kho được đọc thành số nguyên', 'The stock was read as a whole number'],
  STOCK_DEFAULTED: ['Tồn kho để trống, tính là 0', 'Stock is blank and counts as 0'],
  CATEGORY_MATCHED: ['Nhóm hàng được nhận ra dù viết khác', 'The product set was recognised'],
  GTIN_NORMALISED: ['Đã bỏ dấu cách trong mã vạch', 'Spaces in the barcode were removed'],
  DATE_NORMALISED: ['Ngày được đọc theo ngày/tháng/năm', 'The date was read as day/month/year'],
  DATE_EXCEL_SERIAL: ['Số thứ tự của bảng tính được đổi thành ngày', "A spreadsheet's serial number became a date"],
  WEIGHT_NORMALISED: ['Khối lượng được đổi ra gam', 'The weight was converted to grams'],
  VAT_NORMALISED: ['Thuế suất được đọc thành phần trăm', 'The VAT rate was read as a percentage'],
  NUMBER_NORMALISED: ['Số được đọc thành số nguyên', 'The number was read as a whole number'],
  STORAGE_MATCHED: ['Cách bảo quản được nhận ra', 'The storage was recognised'],
  ALLERGENS_MATCHED: ['Chất gây dị ứng được nhận ra', 'The allergens were recognised'],
  UNIT_DEFAULTED: ['Không có đơn vị tính, ghi là "sản phẩm"', 'There is no unit; "sản phẩm" is used'],
} as const satisfies Readonly<Record<string, Said>>;

const rejected = {
  PRICE_UNPARSEABLE: ['Giá không đọc được', 'The price cannot be read'],
  PRICE_MISSING: ['Thiếu giá bán', 'The price is missing'],
  PRICE_NOT_POSITIVE: ['Giá phải lớn hơn 0', 'The price must be above 0'],
  PRICE_AMBIGUOUS: ['Giá ghi khoảng hoặc đọc được hai cách; ghi một số', 'The price can be read two ways; give one'],
  PRICE_FRACTION: ['Giá phải là số đồng nguyên', 'The price must be whole đồng'],
  PRICE_OUT_OF_RANGE: ['Giá vượt quá 10 tỷ đồng', 'The price is above 10 billion đồng'],
  COMPARE_AT_BELOW_PRICE: ['Giá gạch bỏ phải cao hơn giá bán', 'The struck-out price must be above the price'],
  NAME_MISSING: ['Thiếu tên sản phẩm', 'The name is missing'],
  NAME_TOO_LONG: ['Tên dài quá 200 ký tự', 'The name is longer than 200 characters'],
  TEXT_TOO_LONG: ['Ô này quá dài', 'This cell is too long'],
  ENCODING_MOJIBAKE: ['Chữ bị vỡ; lưu lại tệp bằng UTF-8', 'The text is garbled; save the file as UTF-8'],
  ENCODING_LEGACY: [
    'Chữ gõ bằng bảng mã cũ (TCVN3, VNI); đổi sang Unicode',
    'Typed in TCVN3 or VNI; convert it to Unicode',
  ],
  FORMULA_INJECTION: ['Ô bắt đầu như công thức bảng tính', 'The cell begins like a spreadsheet formula'],
  HTML_UNSAFE: ['Ô chứa mã HTML có thể chạy được', 'The cell holds HTML that could run'],
  STOCK_NEGATIVE: ['Tồn kho không thể âm', 'Stock cannot be negative'],
  STOCK_UNPARSEABLE: ['Tồn kho không đọc được; ghi một số', 'The stock cannot be read; give a number'],
  STOCK_NOT_INTEGER: ['Tồn kho phải là số nguyên', 'Stock must be a whole number'],
  STOCK_OUT_OF_RANGE: ['Tồn kho vượt quá 10 triệu', 'Stock is above 10 million'],
  STOCK_BELOW_HELD: ['Tồn kho thấp hơn số đang giữ cho khách', 'Stock is below what is held for shoppers'],
  CATEGORY_MISSING: ['Thiếu nhóm hàng', 'The product set is missing'],
  CATEGORY_UNKNOWN: ['Nhóm hàng không có trong 26 bộ sản phẩm', 'The product set is none of the 26'],
  SKU_MISSING: ['Thiếu mã hàng', 'The code is missing'],
  SKU_INVALID: ['Mã hàng có ký tự lạ hoặc dài quá 60 ký tự', 'The code has odd characters or more than 60'],
  SKU_DUPLICATE: ['Mã hàng đã có ở dòng trên', 'The code stands in a row above'],
  VARIANT_UNKNOWN: ['Sản phẩm không có quy cách mang mã này', 'The product has no size with this code'],
  GTIN_SCIENTIFIC: [
    'Bảng tính đã đổi mã vạch sang dạng mũ; nhập lại dạng chữ',
    'The barcode became scientific notation; enter it as text',
  ],
  GTIN_CHECK_DIGIT: ['Sai số kiểm tra của mã vạch', 'The check digit of the barcode is wrong'],
  GTIN_LENGTH: ['Mã vạch phải có 13 chữ số', 'A barcode has 13 digits'],
  DATE_IN_FUTURE: ['Ngày sản xuất sau hôm nay', 'The day of making is after today'],
  DATE_INVALID: ['Ngày không có thật hoặc không đọc được', 'The date does not exist or cannot be read'],
  WEIGHT_NOT_POSITIVE: ['Khối lượng phải lớn hơn 0', 'The weight must be above 0'],
  WEIGHT_UNPARSEABLE: ['Khối lượng không đọc được; ghi số gam', 'The weight cannot be read; give grams'],
  VAT_UNKNOWN: ['Thuế suất phải là 0, 5, 8 hoặc 10', 'The VAT rate is 0, 5, 8 or 10'],
  NUMBER_INVALID: ['Cần một số nguyên từ 1 trở lên', 'A whole number from 1 on is needed'],
  ORDER_LIMITS_CROSSED: ['Số mua tối đa thấp hơn tối thiểu', 'The most is below the fewest an order'],
  STORAGE_UNKNOWN: ['Cách bảo quản không nhận ra', 'The storage is not recognised'],
  ALLERGENS_UNKNOWN: ['Chất gây dị ứng không nhận ra', 'An allergen is not recognised'],
  REPEATED_HEADER: ['Dòng tiêu đề lặp lại', 'The headings are repeated'],
  TOTAL_ROW: ['Dòng tổng cộng, không phải hàng hóa', 'A row of totals, not a product'],
  COMPARE_AT_NEVER_CHARGED: ['Giá gạch bỏ chưa từng bán', 'The struck-out price was never charged'],
  VAT_NOT_IN_FORCE: [
    'Thuế suất này không áp dụng cho nhóm hàng hôm nay',
    'This VAT rate does not hold for these goods today',
  ],
  PRODUCT_TAKEN_DOWN: ['Sản phẩm đang bị gỡ theo yêu cầu', "The product was taken down on an authority's request"],
  PRODUCT_REFUSED: [
    'Sản phẩm có chỗ chưa đúng; sửa ở trang sản phẩm',
    'Something about the product is not right; mend it on its page',
  ],
  CHANGED_SINCE_PREVIEW: ['Sản phẩm đã đổi sau khi xem trước', 'The product changed after the preview'],
} as const satisfies Readonly<Record<string, Said>>;

export type RepairCode = keyof typeof repaired;
export type RejectCode = keyof typeof rejected;
export type ReasonCode = RepairCode | RejectCode;

/** What is said of a cell, or of a whole row where `field` is null. */
export type Reason = { readonly field: Field | null; readonly code: ReasonCode };

/** A reason in Vietnamese and English. */
const sayings: Readonly<Record<ReasonCode, Said>> = { ...repaired, ...rejected };
export const saidOf = (code: ReasonCode): Said => sayings[code];
export const isRejection = (code: ReasonCode): code is RejectCode => code in rejected;
/** Rows that are no goods at all: they are left out, and do not keep the others from being written all or none. */
export const isNoGoods = (code: ReasonCode): boolean => code === 'REPEATED_HEADER' || code === 'TOTAL_ROW';

export const VERDICTS = ['error', 'new', 'changed', 'unchanged'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `waiting` for an officer to look at it; `rejected` when a row that looked right could not be written after all. */
export const OUTCOMES = ['written', 'waiting', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One value that is to change: what it was when the preview was made, and what the sheet says. */
export type Change = { readonly from: unknown; readonly to: unknown };
export type Changes = Partial<Readonly<Record<ValueName, Change>>>;

/** A row with what was decided about it. `row` counts the records of the file from 1. */
export type JudgedRow = {
  readonly row: number;
  readonly verdict: Verdict;
  readonly values: RowValues;
  readonly reasons: readonly Reason[];
  readonly changes: Changes;
  readonly productId: ProductId | null;
  readonly variantId: VariantId | null;
};

export const IMPORT_STATES = ['reading', 'mapping', 'ready', 'applying', 'done', 'failed', 'cancelled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
/** `all`: nothing is written unless every row can be. `valid`: rows that can be written are. */
export const MODES = ['all', 'valid'] as const;
export type Mode = (typeof MODES)[number];
export const SHEET_KINDS = ['csv', 'xlsx'] as const;
export type SheetKind = (typeof SHEET_KINDS)[number];

/** How the bytes were read. */
export type SheetFacts = {
  readonly kind: SheetKind;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  /** The record that names the columns, from 1; null where none does. */
  readonly headerRow: number | null;
  readonly headings: readonly string[];
};

export type Counts = Readonly<Record<Verdict, number>> & {
  /** Rows below the headings that hold something. */
  readonly rows: number;
  readonly repaired: number;
  /** Rejected rows that are goods: with one of them `all` writes nothing. */
  readonly blocking: number;
};

export const importProblems = defineProblems({
  'import-not-found': {
    status: 404,
    vi: ['Không có lần nhập này', 'Xem các lần nhập của cơ sở ở trang Nhập hàng.'],
    en: ['There is no such import', "See your businesses' imports on the import page."],
  },
  'import-business-unclear': {
    status: 422,
    vi: ['Chưa rõ nhập cho cơ sở nào', 'Chọn một trong các cơ sở của bạn.'],
    en: ['It is not clear which business this is for', 'Choose one of your businesses.'],
  },
  'sheet-missing': {
    status: 422,
    vi: ['Chưa chọn tệp', 'Chọn một tệp CSV hoặc XLSX rồi gửi lại.'],
    en: ['No file was chosen', 'Choose a CSV or XLSX file and send it again.'],
  },
  'sheet-type-refused': {
    status: 415,
    vi: [
      'Không phải bảng tính đọc được',
      'Lưu tệp dạng .xlsx hoặc .csv (UTF-8) rồi gửi lại; tệp .xls và tệp có macro không nhận.',
    ],
    en: [
      'This is not a sheet that can be read',
      'Save it as .xlsx or .csv (UTF-8); .xls and files with macros are not taken.',
    ],
  },
  'sheet-damaged': {
    status: 422,
    vi: [
      'Tệp hỏng hoặc dở dang',
      'Mở tệp bằng chương trình bảng tính, lưu lại rồi gửi lại. Với CSV, xem dòng nêu trong line.',
    ],
    en: [
      'The file is damaged or cut off',
      'Open it in a spreadsheet program and save it again. For CSV see the row in line.',
    ],
  },
  'sheet-encoding-unknown': {
    status: 422,
    vi: ['Không chắc bảng mã của tệp', 'Lưu lại dạng "CSV UTF-8" hoặc .xlsx; đoán bảng mã sẽ làm vỡ chữ.'],
    en: ['The encoding of the file is not certain', 'Save it as "CSV UTF-8" or .xlsx; a guess would garble the text.'],
  },
  'sheet-empty': {
    status: 422,
    vi: ['Tệp không có dòng hàng nào', 'Cần một dòng tiêu đề và ít nhất một dòng hàng.'],
    en: ['The file has no rows of goods', 'It needs a row of headings and at least one row of goods.'],
  },
  'sheet-too-long': {
    status: 422,
    vi: ['Tệp có quá nhiều dòng', 'Chia tệp thành các phần tối đa 50.000 dòng.'],
    en: ['The file has too many rows', 'Split it into parts of at most 50,000 rows.'],
  },
  'sheet-too-wide': {
    status: 422,
    vi: ['Tệp có quá nhiều cột', 'Giữ lại tối đa 200 cột.'],
    en: ['The file has too many columns', 'Keep at most 200 columns.'],
  },
  'import-mapping-invalid': {
    status: 422,
    vi: ['Ghép cột chưa đúng', 'Cần cột mã hàng, và mỗi nội dung chỉ lấy từ một cột.'],
    en: [
      'The columns are not assigned properly',
      'A column of codes is needed, and each content comes from one column.',
    ],
  },
  'import-state-refused': {
    status: 409,
    vi: ['Lần nhập không ở bước này', 'Tải lại trang để xem bước hiện tại.'],
    en: ['The import is not at this step', 'Reload to see where it stands.'],
  },
  'import-outdated': {
    status: 409,
    vi: ['Bản xem trước đã được thay bằng bản mới', 'Xem lại bản mới rồi xác nhận.'],
    en: ['A newer preview has replaced this one', 'Look at the new one, then confirm.'],
  },
  'import-has-errors': {
    status: 409,
    vi: ['Còn dòng lỗi nên chưa thể ghi tất cả', 'Sửa tệp rồi gửi lại, hoặc chọn chỉ ghi các dòng hợp lệ.'],
    en: [
      'Some rows are wrong, so all cannot be written',
      'Mend the file and send it again, or write the valid rows only.',
    ],
  },
});

/** Why a sheet was not taken, in words: by this slice, or by what looks into archives before it. */
export const entryOf = (problem: string | null): ProblemEntry | undefined =>
  new Map<string | null, ProblemEntry>(Object.entries({ ...fileProblems, ...importProblems })).get(problem);
