import { addMonths, startOfLocalDay } from '#core/clock.ts';
import { fold } from '#core/vietnamese.ts';
import type { CertificateKind } from '../types.ts';

/** Months an OCOP decision holds (Decision 26/2026/QĐ-TTg art. 4.3, unchanged since 148/QĐ-TTg of 2023). */
export const OCOP_VALID_MONTHS = 36;

/** The criteria in force on the day a decision was signed. */
const ocopBases: readonly { readonly from: string; readonly basis: string }[] = [
  { from: '2026-05-22', basis: '26/2026/QĐ-TTg' },
  { from: '2025-07-06', basis: '1489/QĐ-TTg' },
  { from: '2023-02-24', basis: '148/QĐ-TTg' },
  { from: '0000-00-00', basis: '1048/QĐ-TTg' },
];
/** What the other kinds stand on. Their texts have not changed within the life of a certificate that may still be in force. */
const otherBases: Readonly<Record<Exclude<CertificateKind, 'ocop'>, string>> = {
  gi: 'Luật Sở hữu trí tuệ 50/2005/QH11',
  vietgap: 'TCVN 11892-1:2017',
  organic: 'Nghị định 109/2018/NĐ-CP',
  'food-safety': 'Luật An toàn thực phẩm 55/2010/QH12',
};
export const legalBasisOn = (kind: CertificateKind, date: string): string =>
  kind === 'ocop' ? (ocopBases.find(({ from }) => date >= from)?.basis ?? '') : otherBases[kind];

/**
 * How long a kind holds from the day of issue. `exactly`: by the law's table, whatever the paper says. `atMost`: as
 * printed on the paper, and longer than this is a slip of the pen. `endless`: an end may stand on the paper.
 */
type Validity = { readonly exactly: number } | { readonly atMost: number } | { readonly endless: true };

/**
 * Newest first. OCOP as above. Food safety: 3 years (Law 55/2010/QH12 art. 37). A geographical indication is protected
 * without end (Law 50/2005/QH11 art. 93.7); a right to use it may be granted for a time. VietGAP and organic: the longest
 * that certifying bodies print, 3 years and 2 years; not read in the law, so they bound typing errors only.
 */
const validities: readonly { readonly kind: CertificateKind; readonly from: string; readonly holds: Validity }[] = [
  { kind: 'ocop', from: '0000-00-00', holds: { exactly: OCOP_VALID_MONTHS } },
  { kind: 'food-safety', from: '2011-07-01', holds: { atMost: 36 } },
  { kind: 'vietgap', from: '0000-00-00', holds: { atMost: 36 } },
  { kind: 'organic', from: '0000-00-00', holds: { atMost: 24 } },
  { kind: 'gi', from: '0000-00-00', holds: { endless: true } },
];
export const validityOn = (kind: CertificateKind, date: string): Validity =>
  validities.find((one) => one.kind === kind && date >= one.from)?.holds ?? { atMost: 36 };

/** From this instant on the certificate is lapsed: the local midnight that begins the day 36 months after issue. */
export const ocopValidUntil = (issuedOn: string): Date => startOfLocalDay(addMonths(issuedOn, OCOP_VALID_MONTHS));

/** Half-open bands of the score, 0–100 in tenths (148/QĐ-TTg, unchanged in 26/2026). Nothing below 50 has a certificate. */
const bands: Readonly<Record<3 | 4 | 5, readonly [from: number, below: number]>> = {
  3: [500, 700],
  4: [700, 900],
  5: [900, 1_001],
};
export const isScoreOf = (star: 3 | 4 | 5, scoreTenths: number): boolean =>
  scoreTenths >= bands[star][0] && scoreTenths < bands[star][1];

/** `1693/QĐ-UBND`, `9001/QĐ-BNNMT`: a number and the initials of who signed. */
const ocopNumber = /^\d{1,5}\/QĐ-[A-ZĐ0-9]+(?:-[A-ZĐ0-9]+)*$/;
/** Certifying bodies number as they like: letters, digits and signs between, with a digit somewhere. */
const otherNumber = /^(?=.*\d)[\p{L}\d][\p{L}\d ./\-_()]{1,58}[\p{L}\d)]$/u;
export const isNumberOf = (kind: CertificateKind, number: string): boolean =>
  (kind === 'ocop' ? ocopNumber : otherNumber).test(number);

type Level = 'district' | 'province' | 'ministry' | 'other';

/** Cities that are provinces; every other "thành phố" of before July 2025 was a district's equal. */
const centralCities = ['can tho', 'ha noi', 'ho chi minh', 'hai phong', 'da nang', 'hue'];

/** Who signed, by the name on the paper. */
export function levelOf(issuer: string): Level {
  const name = fold(issuer)
    .replace(/^uy ban nhan dan\b/, 'ubnd')
    .replace(/\btp\.?\s/, 'thanh pho ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/^bo /.test(name)) return 'ministry';
  const [, unit = '', place = ''] = /^ubnd (tinh|thanh pho|huyen|quan|thi xa) (.+)$/.exec(name) ?? [];
  if (unit === '') return 'other';
  if (unit === 'tinh') return 'province';
  return unit === 'thanh pho' && centralCities.includes(place) ? 'province' : 'district';
}

/**
 * Who may award which stars, by the day of signature. Before July 2025: 3 stars the district, 4 the province, 5 the
 * ministry (148/QĐ-TTg). Districts ended on 30 June 2025; since then the province awards 3 and 4 (1489/QĐ-TTg, 26/2026).
 */
const competences: readonly {
  readonly from: string;
  readonly stars: Readonly<Record<Exclude<Level, 'other'>, readonly number[]>>;
}[] = [
  { from: '2025-07-01', stars: { district: [], province: [3, 4], ministry: [5] } },
  { from: '0000-00-00', stars: { district: [3], province: [3, 4], ministry: [5] } },
];

/** `unsure` when the name of the authority says nothing of its level. */
export function competenceOn(issuer: string, star: number, issuedOn: string): 'passed' | 'failed' | 'unsure' {
  const level = levelOf(issuer);
  if (level === 'other') return 'unsure';
  const stars = competences.find(({ from }) => issuedOn >= from)?.stars[level] ?? [];
  return stars.includes(star) ? 'passed' : 'failed';
}
