import { dayMs } from '#core/clock.ts';
import { readGtin13 } from '#core/gtin.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { type MoneyFault, readMoney } from '#core/read-money.ts';
import { fold } from '#core/vietnamese.ts';
import { STORAGE, type Storage } from '#features/products/types.ts';
import type { Cell, RejectCode, RepairCode } from '../types.ts';
import { cellText } from './headings.ts';
import { readText } from './text.ts';

/** A cell that was read, a cell that cannot be, or one that says nothing. */
export type Read<Value> =
  | { readonly value: Value; readonly repairs: readonly RepairCode[] }
  | { readonly fault: RejectCode }
  | undefined;

const read = <Value>(value: Value, ...repairs: readonly (RepairCode | false)[]): Read<Value> => ({
  value,
  repairs: repairs.filter((code): code is RepairCode => code !== false),
});
const fault = (code: RejectCode): { readonly fault: RejectCode } => ({ fault: code });
const squeeze = (cell: Cell): string =>
  cellText(cell)
    .replace(/[\s\u00a0\u200b]+/g, ' ')
    .trim();

export function readWords(cell: Cell, most: number, tooLong: RejectCode = 'TEXT_TOO_LONG'): Read<string> {
  const text = readText(cellText(cell));
  if (typeof text === 'string') return fault(text);
  if (text.text === '') return undefined;
  return text.text.length > most ? fault(tooLong) : { value: text.text, repairs: text.repairs };
}

const priceFaults: Readonly<Record<MoneyFault, RejectCode>> = {
  missing: 'PRICE_MISSING',
  unreadable: 'PRICE_UNPARSEABLE',
  ambiguous: 'PRICE_AMBIGUOUS',
  negative: 'PRICE_NOT_POSITIVE',
  fraction: 'PRICE_FRACTION',
  'too-large': 'PRICE_OUT_OF_RANGE',
};
const maxPriceVnd = 10_000_000_000;

/** A price in đồng; `factor` is 1000 under a heading that says thousands. */
export function readPrice(cell: Cell, factor: number): Read<Vnd> {
  const text = squeeze(cell);
  const isPlain = /^\d+$/.test(text);
  // The heading multiplies bare numbers; `125k` already says its thousands.
  const amount = factor > 1 && /^\d+(?:[.,]\d{1,2})?$/.test(text) ? readMoney(`${text}k`) : readMoney(text);
  if (amount === 'missing') return undefined;
  if (typeof amount === 'string') return fault(priceFaults[amount]);
  if (amount <= 0) return fault('PRICE_NOT_POSITIVE');
  if (amount > maxPriceVnd) return fault('PRICE_OUT_OF_RANGE');
  return read(vnd(amount), (!isPlain || factor > 1) && 'PRICE_NORMALISED');
}

/** A plain number as sheets write it: `1.200`, `12,5`, `-7`. NaN when it is none. */
function numeral(text: string): number {
  const [, sign = '', digits = ''] = /^([-−]?)\s?(.*)$/.exec(text) ?? [];
  const amount = readMoney(digits);
  if (typeof amount === 'number' && /^[\d.,\s]+$/.test(digits)) return sign === '' ? amount : -amount;
  const decimal = /^(\d+)[.,](\d+)$/.exec(digits);
  return decimal ? Number(`${sign && '-'}${decimal[1]}.${decimal[2]}`) : Number.NaN;
}

const maxStock = 10_000_000;

export function readStock(cell: Cell): Read<number> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  const count = numeral(text);
  if (Number.isNaN(count)) return fault('STOCK_UNPARSEABLE');
  if (count < 0) return fault('STOCK_NEGATIVE');
  if (!Number.isInteger(count)) return fault('STOCK_NOT_INTEGER');
  if (count > maxStock) return fault('STOCK_OUT_OF_RANGE');
  return read(count, !/^\d+$/.test(text) && 'STOCK_NORMALISED');
}

/** A whole number from 1 on: days, pieces. */
export function readCount(cell: Cell, most: number): Read<number> {
  const text = squeeze(cell).replace(/\s*(?:ngày|ngay|days?)$/i, '');
  if (text === '') return undefined;
  const count = numeral(text);
  if (!Number.isInteger(count) || count < 1 || count > most) return fault('NUMBER_INVALID');
  return read(count, !/^\d+$/.test(squeeze(cell)) && 'NUMBER_NORMALISED');
}

const grams: Readonly<Record<string, number>> = {
  '': 1,
  g: 1,
  gr: 1,
  gam: 1,
  gram: 1,
  kg: 1_000,
  kilogam: 1_000,
  ky: 1_000,
  ki: 1_000,
  ml: 1,
  l: 1_000,
  lit: 1_000,
};
const maxGrams = 2_000_000;

/** A weight in grams. Of liquids the weight of the content is taken as that of water. Vouchers alone weigh nothing. */
export function readWeight(cell: Cell, factor: number, mayBeNothing: boolean): Read<number> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  const [, digits = '', unit = ''] = /^([-−]?[\d.,\s]+)([a-z]*)\.?$/.exec(fold(text)) ?? [];
  const per = grams[unit];
  const amount = numeral(digits.trim());
  if (per === undefined || Number.isNaN(amount)) return fault('WEIGHT_UNPARSEABLE');
  const weight = amount * (unit === '' ? factor : per);
  if (weight < 0 || (weight === 0 && !mayBeNothing)) return fault('WEIGHT_NOT_POSITIVE');
  const whole = Math.round(weight * 1_000) / 1_000;
  if (!Number.isInteger(whole) || whole > maxGrams) return fault('WEIGHT_UNPARSEABLE');
  return read(whole, (!/^\d+$/.test(text) || factor > 1) && 'WEIGHT_NORMALISED');
}

export function readBarcode(cell: Cell): Read<string> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(text)) return fault('GTIN_SCIENTIFIC');
  const known = readGtin13(text);
  if ('fault' in known) return fault(known.fault === 'length' ? 'GTIN_LENGTH' : 'GTIN_CHECK_DIGIT');
  return read(known.gtin, known.gtin !== text && 'GTIN_NORMALISED');
}

/** Spreadsheets count days from 30 December 1899, since Lotus took 1900 for a leap year. 1980 to 2100 are dates of goods. */
const epochMs = Date.UTC(1899, 11, 30);
const [firstSerial, lastSerial] = [29_221, 73_415];

function calendarDay(year: number, month: number, day: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isReal = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal && year >= 1980 && year <= 2100 ? at.toISOString().slice(0, 10) : undefined;
}

function dayOf(cell: Cell): Read<string> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T00:00:00(?:\.000)?Z?)?$/.exec(text);
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(text);
  if (iso) {
    const day = calendarDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return day ? read(day) : fault('DATE_INVALID');
  }
  if (local) {
    const year = Number(local[3]) + (local[3]?.length === 2 ? 2_000 : 0);
    const day = calendarDay(year, Number(local[2]), Number(local[1]));
    return day ? read(day, 'DATE_NORMALISED') : fault('DATE_INVALID');
  }
  const serial = /^\d{5}$/.test(text) ? Number(text) : 0;
  if (serial < firstSerial || serial > lastSerial) return fault('DATE_INVALID');
  return read(new Date(epochMs + serial * dayMs).toISOString().slice(0, 10), 'DATE_EXCEL_SERIAL');
}

/** The day on which something was made. */
export function readDay(cell: Cell, today: string): Read<string> {
  const found = dayOf(cell);
  return found && 'value' in found && found.value > today ? fault('DATE_IN_FUTURE') : found;
}

const rates: readonly number[] = [0, 5, 8, 10];
const untaxed = /^(?:kct|khong chiu thue|mien thue|khong|exempt|none)$/;

/** A workbook keeps 8 % as 0.08. */
export function readVat(cell: Cell): Read<number> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  if (untaxed.test(fold(text))) return read(0, 'VAT_NORMALISED');
  const [, digits = '', percent = ''] = /^(\d+(?:[.,]\d+)?)\s*(%?)$/.exec(text) ?? [];
  const number = Number(digits.replace(',', '.'));
  const rate =
    digits === '' ? Number.NaN : percent === '' && number > 0 && number < 1 ? Math.round(number * 100) : number;
  if (!rates.includes(rate)) return fault('VAT_UNKNOWN');
  return read(rate, !/^\d+$/.test(text) && 'VAT_NORMALISED');
}

const storages: readonly (readonly [Storage, string])[] = [
  ['frozen', 'dong lanh,dong da,cap dong,ngan da,ngan dong'],
  ['chilled', 'lanh,ngan mat,giu lanh,mat lanh,tu lanh'],
  ['cool', 'mat,noi mat,kho mat,kho rao thoang mat'],
  ['fresh', 'tuoi,tuoi song'],
  ['ambient', 'thuong,nhiet do thuong,nhiet do phong,kho rao,noi kho rao'],
];
const storageOf = new Map(
  storages.flatMap(([storage, words]) => words.split(',').map((word) => [word, storage] as const)),
);

export function readStorage(cell: Cell): Read<Storage> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  const exact = STORAGE.find((storage) => storage === text);
  if (exact) return read(exact);
  const known = STORAGE.find((storage) => storage === fold(text)) ?? storageOf.get(fold(text));
  return known ? read(known, 'STORAGE_MATCHED') : fault('STORAGE_UNKNOWN');
}

const allergenWords: Readonly<Record<string, string>> = {
  gluten: 'gluten',
  'lua mi': 'gluten',
  'bot mi': 'gluten',
  egg: 'egg',
  trung: 'egg',
  milk: 'milk',
  sua: 'milk',
  peanut: 'peanut',
  'dau phong': 'peanut',
  lac: 'peanut',
  soy: 'soy',
  'dau nanh': 'soy',
  'dau tuong': 'soy',
  fish: 'fish',
  ca: 'fish',
  crustacean: 'crustacean',
  'giap xac': 'crustacean',
  tom: 'crustacean',
  cua: 'crustacean',
  mollusc: 'mollusc',
  'nhuyen the': 'mollusc',
  muc: 'mollusc',
  sesame: 'sesame',
  me: 'sesame',
  vung: 'sesame',
};

export function readAllergens(cell: Cell): Read<readonly string[]> {
  const text = squeeze(cell);
  if (text === '') return undefined;
  const parts = text
    .split(/[;,]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const known = parts.map((part) => allergenWords[fold(part)]);
  if (known.some((one) => one === undefined)) return fault('ALLERGENS_UNKNOWN');
  const found = [...new Set(known as string[])];
  return read(found, found.join(';') !== text && 'ALLERGENS_MATCHED');
}

const maxSku = 60;
/** Codes are compared without spaces and case: `ds-075 ` is `DS-075`. */
export const keyOf = (sku: string): string => sku.replace(/\s+/g, '').toLowerCase();

/** A code is kept as typed but for spaces, which nobody sees at its ends and nobody types alike in its midst. */
export function readSku(cell: Cell): Read<string> {
  const words = readWords(cell, 1_000, 'SKU_INVALID');
  if (!words || 'fault' in words) return words;
  const sku = words.value.replace(/\s+/g, '');
  if (sku.length > maxSku || !/^[\p{L}\p{M}\p{N}._/#+-]+$/u.test(sku)) return fault('SKU_INVALID');
  return read(
    sku,
    ...words.repairs,
    sku !== words.value && !words.repairs.includes('WHITESPACE_TRIMMED') && 'WHITESPACE_TRIMMED',
  );
}
