import { TIME_ZONE } from '#core/clock.ts';
import type { Locale } from './locale.ts';

/** How a page writes numbers and times. Built once per language: an `Intl` formatter costs more than a page. */
export type Format = {
  /** `55.000 ₫` from whole đồng. */
  readonly vnd: (amountVnd: number) => string;
  readonly integer: (value: number) => string;
  /** `4,6`: one digit after the comma, also where it is 0. */
  readonly decimal: (value: number) => string;
  /** `12 Tr` of 12,000,000: as much as a drawing has room for. */
  readonly compact: (value: number) => string;
  /** `95%` of 0.95. */
  readonly percent: (part: number) => string;
  /** `23/11/2026`, the day in Vietnam. */
  readonly date: (at: Date) => string;
  /** `11/2026` */
  readonly month: (at: Date) => string;
  /** `14:05 23/11/2026`, Vietnamese time. */
  readonly dateTime: (at: Date) => string;
  readonly time: (at: Date) => string;
  readonly list: (items: readonly string[]) => string;
  /** `500 g`, `1,5 kg` from grams. */
  readonly weight: (grams: number) => string;
  /** `0912 345 678` from `+84912345678`, its spaces not to be broken at; a number of another shape as it is. */
  readonly phone: (number: string) => string;
  readonly compare: (one: string, other: string) => number;
};

const tags: Readonly<Record<Locale, string>> = { vi: 'vi-VN', en: 'en-GB', km: 'km-KH' };

function build(locale: Locale): Format {
  const tag = tags[locale];
  const timeZone = TIME_ZONE;
  const vnd = new Intl.NumberFormat(tag, { style: 'currency', currency: 'VND', currencyDisplay: 'narrowSymbol' });
  const integer = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 });
  const gram = new Intl.NumberFormat(tag, { style: 'unit', unit: 'gram', maximumFractionDigits: 0 });
  const kilogram = new Intl.NumberFormat(tag, { style: 'unit', unit: 'kilogram', maximumFractionDigits: 2 });
  const date = new Intl.DateTimeFormat(tag, { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' });
  // The British form is the bare `09/2029` that Vietnamese papers use too.
  const month = new Intl.DateTimeFormat('en-GB', { timeZone, month: '2-digit', year: 'numeric' });
  const time = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', hour12: false });
  const list = new Intl.ListFormat(tag, { type: 'conjunction' });
  const collator = new Intl.Collator(tag);
  return {
    vnd: (amountVnd) => vnd.format(amountVnd),
    integer: (value) => integer.format(value),
    decimal: (value) => decimal.format(value),
    compact: (value) => compact.format(value),
    percent: (part) => percent.format(part),
    date: (at) => date.format(at),
    month: (at) => month.format(at),
    dateTime: (at) => `${time.format(at)} ${date.format(at)}`,
    time: (at) => time.format(at),
    list: (items) => list.format(items),
    weight: (grams) => (grams >= 1000 ? kilogram.format(grams / 1000) : gram.format(grams)),
    phone: (number) => number.replace(/^\+84(\d{3})(\d{3,4})(\d{3})$/, '0$1\u00a0$2\u00a0$3'),
    compare: collator.compare,
  };
}

const formats: Readonly<Record<Locale, Format>> = { vi: build('vi'), en: build('en'), km: build('km') };

export const formatIn = (locale: Locale): Format => formats[locale];
