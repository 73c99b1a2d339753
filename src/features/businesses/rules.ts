import { hourMs, localDate } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import {
  type BusinessState,
  type BusinessType,
  businessProblems,
  type MeasureGround,
  type MeasureKind,
  type PaperKind,
  type PaperNeed,
  type PaperVerdict,
  type Remarks,
  type ReviewVerdict,
  type Step,
  type WithholdingMode,
} from './types.ts';

const refuse = refusals(businessProblems);
/** Weights of the tax code's check digit, as the tax office computes it (python-stdnum, stdnum.vn.mst). */
const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];

function hasCheckDigit(digits: string): boolean {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return 10 - (sum % 11) === Number(digits[9]);
}

/** 10 digits with a check digit, optionally a 3-digit branch, or the 12-digit personal number that households use since 1 July 2025. */
export function checkTaxCode(taxCode: string): string {
  const written = taxCode.replace(/\s/g, '');
  // A hyphen stands before a branch: with it twelve digits are a code that lost one, not a person's number.
  if (/^\d{12}$/.test(written)) return written;
  if (/^\d{10}(-?\d{3})?$/.test(written) && hasCheckDigit(written)) return written.replace('-', '');
  throw refuse('tax-code-invalid', { taxCode, pointer: '/taxCode' });
}
/** Of a person, and so kept sealed. */
export const isPersonalNumber = (taxCode: string): boolean => taxCode.length === 12;

/** What may follow what. The same table stands in the database, where it binds everybody. */
const transitions: Readonly<Record<BusinessState, readonly BusinessState[]>> = {
  draft: ['submitted'],
  submitted: ['draft', 'approved', 'rejected'],
  approved: ['suspended', 'closed'],
  rejected: ['draft'],
  suspended: ['approved', 'closed'],
  closed: [],
};
export function checkTransition(from: BusinessState, to: BusinessState): void {
  if (!transitions[from].includes(to)) throw refuse('business-state-forbids', { status: from, wanted: to });
}
/** Members change an application until it is sent; what is approved changes by other ways. */
export function checkEditable(status: BusinessState): void {
  if (status !== 'draft') throw refuse('business-state-forbids', { status });
}

export function checkName(name: string): string {
  if ([...name].length < 2 || [...name].length > 200) throw refuse('business-name-missing', { pointer: '/name' });
  return name;
}
export function checkEmail(email: string): string | null {
  if (email === '') return null;
  if (email.length > 200 || !/^[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}$/.test(email))
    throw refuse('business-email-invalid', { pointer: '/email' });
  return email;
}
export function checkStreet(line: string): string {
  if (line === '') throw refuse('business-street-missing', { pointer: '/addressLine' });
  return line;
}

export type PaperDates = { readonly issuedOn: string; readonly expiresOn: string | null };
/** An expired paper proves nothing, and one of tomorrow was misread. */
export function checkPaperDates({ issuedOn, expiresOn }: PaperDates, now: Date): void {
  const today = localDate(now);
  if (expiresOn !== null && expiresOn < today) throw refuse('paper-expired', { pointer: '/expiresOn', expiresOn });
  if (issuedOn > today || (expiresOn !== null && expiresOn < issuedOn))
    throw refuse('paper-dates-invalid', { pointer: '/issuedOn' });
}

/** No without a reason helps nobody, and yes to an expired paper helps nobody for long. */
export function checkVerdict(paper: PaperDates, verdict: PaperVerdict, reason: string, now: Date): void {
  if (verdict === 'refused' && reason === '') throw refuse('business-reason-missing', { pointer: '/reason' });
  if (verdict === 'accepted') checkPaperDates(paper, now);
}

export type PaperRule = {
  readonly kind: PaperKind;
  readonly need: PaperNeed;
  readonly ground: string;
  readonly validFrom: string;
};
/** The newest rule of each kind that is in force on the day. */
export function checklistOn(rules: readonly PaperRule[], day: string): readonly PaperRule[] {
  const newest = new Map<PaperKind, PaperRule>();
  for (const rule of rules.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)))
    if (rule.validFrom <= day) newest.set(rule.kind, rule);
  return [...newest.values()];
}

export type PaperState = {
  readonly kind: PaperKind;
  readonly verdict: PaperVerdict;
  readonly expiresOn: string | null;
};
const isInForce = ({ expiresOn }: PaperState, now: Date): boolean => expiresOn === null || expiresOn >= localDate(now);

export type Application = {
  readonly name: string;
  readonly type: BusinessType;
  readonly representative: string | null;
  readonly taxCode: string | null;
  readonly personalNumberLast4: string | null;
  readonly phone: string | null;
  readonly wardCode: string | null;
  readonly addressLine: string | null;
};
export type Gap = { readonly step: Step; readonly field: string };

/** What still stands between an application and its being sent. Account and product can come later: nothing is sold before approval. */
export function gapsIn(
  application: Application,
  papers: readonly PaperState[],
  checklist: readonly PaperRule[],
  now: Date,
): readonly Gap[] {
  const { representative, taxCode, personalNumberLast4, phone, wardCode, addressLine } = application;
  const own: readonly (readonly [Step, string, boolean])[] = [
    ['who', 'representative', Boolean(representative)],
    ['who', 'taxCode', Boolean(taxCode ?? personalNumberLast4)],
    ['who', 'phone', Boolean(phone)],
    ['where', 'wardCode', Boolean(wardCode)],
    ['where', 'addressLine', Boolean(addressLine)],
  ];
  const sent = (kind: PaperKind): boolean =>
    papers.some((paper) => paper.kind === kind && paper.verdict !== 'refused' && isInForce(paper, now));
  const missing = checklist.filter(({ kind, need }) => need === 'required' && !sent(kind));
  return [
    ...own.flatMap(([step, field, given]) => (given ? [] : [{ step, field }])),
    ...missing.map(({ kind }): Gap => ({ step: 'papers', field: `papers.${kind}` })),
  ];
}
export function checkComplete(gaps: readonly Gap[]): void {
  if (gaps.length > 0) throw refuse('application-incomplete', { missing: gaps });
}

export type Review = { readonly verdict: ReviewVerdict; readonly reason: string; readonly remarks: Remarks };
/** Whoever is told no learns why; whoever approves has accepted each paper that is required. */
export function checkReview(
  { verdict, reason }: Review,
  papers: readonly PaperState[],
  checklist: readonly PaperRule[],
  now: Date,
): BusinessState {
  if (verdict !== 'approved') {
    if (reason === '') throw refuse('business-reason-missing', { pointer: '/reason' });
    return verdict === 'rejected' ? 'rejected' : 'draft';
  }
  const accepted = (kind: PaperKind): boolean =>
    papers.some((paper) => paper.kind === kind && paper.verdict === 'accepted' && isInForce(paper, now));
  const open = checklist.filter(({ kind, need }) => need === 'required' && !accepted(kind)).map(({ kind }) => kind);
  if (open.length > 0) throw refuse('papers-not-accepted', { papers: open });
  return 'approved';
}

/** Hours within which an authority's request is carried out, and hours of notice in every other case (Decree 248/2026 art. 18.2). */
const AUTHORITY_HOURS = 24;
const NOTICE_HOURS = 5 * 24;
export const dueBy = (requestedAt: Date): Date => new Date(requestedAt.getTime() + AUTHORITY_HOURS * hourMs);
export const earliestAfterNotice = (noticeAt: Date): Date => new Date(noticeAt.getTime() + NOTICE_HOURS * hourMs);

export type MeasureDraft = {
  readonly kind: MeasureKind;
  readonly ground: MeasureGround;
  readonly reason: string;
  readonly basis?: string | undefined;
  readonly authority?: string | undefined;
  readonly requestNumber?: string | undefined;
  readonly requestedAt?: Date | undefined;
  /** When it takes effect after notice; the earliest that the law allows when absent. */
  readonly effectiveAt?: Date | undefined;
};

/** When the measure takes effect: now on an authority's request or the business's own wish, after notice otherwise. */
export function effectOf(draft: MeasureDraft, now: Date): Date {
  if (draft.reason === '') throw refuse('business-reason-missing', { pointer: '/reason' });
  if (draft.ground === 'authority') {
    if (!draft.authority) throw refuse('measure-invalid', { pointer: '/authority' });
    if (!draft.requestNumber) throw refuse('measure-invalid', { pointer: '/requestNumber' });
    if (!draft.requestedAt || draft.requestedAt > now) throw refuse('measure-invalid', { pointer: '/requestedAt' });
    return now;
  }
  if (draft.ground === 'own-wish') return now;
  const earliest = earliestAfterNotice(now);
  const wanted = draft.effectiveAt ?? earliest;
  if (wanted < earliest) throw refuse('measure-invalid', { pointer: '/effectiveAt', earliest: earliest.toISOString() });
  return wanted;
}
export const stateAfter = (kind: MeasureKind): BusinessState => (kind === 'closure' ? 'closed' : 'suspended');

const maxHolidayDays = 90;
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
export type Holiday = { readonly from: string; readonly to: string };

export function checkHoliday({ from, to }: Holiday, now: Date): Holiday {
  const days = dayOf(to) - dayOf(from);
  if (!(days >= 0 && days < maxHolidayDays) || to < localDate(now)) throw refuse('holiday-invalid', { pointer: '/to' });
  return { from, to };
}

export type BankDraft = { readonly bankBin: string; readonly number: string; readonly holderName: string };
export function checkBankAccount(draft: BankDraft, bins: ReadonlySet<string>): BankDraft {
  const number = draft.number.replace(/[\s.-]/g, '');
  if (!bins.has(draft.bankBin)) throw refuse('bank-account-invalid', { pointer: '/bankBin' });
  if (!/^\d{6,19}$/.test(number)) throw refuse('bank-account-invalid', { pointer: '/number' });
  if (draft.holderName === '') throw refuse('bank-account-invalid', { pointer: '/holderName' });
  return { bankBin: draft.bankBin, number, holderName: draft.holderName };
}

/** Companies declare for themselves; for households the exchange withholds unless they ask to declare (Decree 117/2025). */
export const withholdingOf = (type: BusinessType): WithholdingMode =>
  type === 'household' || type === 'farm' ? 'exchange' : 'none';

/** Days before a paper expires on which the business and the officers are told. */
export const REMINDER_DAYS = [90, 60, 30, 7] as const;
/** The reminder that is due: the smallest that the paper has come within; none once it has expired. */
export function reminderDue(expiresOn: string, now: Date): number | undefined {
  const left = dayOf(expiresOn) - dayOf(localDate(now));
  return left < 0 ? undefined : REMINDER_DAYS.findLast((days) => left <= days);
}
