import type { FoundWard } from '#features/places/types.ts';
import { errorAt, type Fault } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { businessKind } from '#web/parts/business-card.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, fileInput, input, select, textarea } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import type { View } from '#web/view.ts';
import type { Businesses } from './service.ts';
import { BUSINESS_TYPES, type PaperKind, STEPS, type Step } from './types.ts';
import type { BankAccountView, OwnBusiness } from './views/desk.ts';
import { dayName, needNames, paperName, stateTag, stepNames } from './words.ts';

export type Application = Awaited<ReturnType<Businesses['readApplication']>>;
/** Where each step has its page. */
export const stepPaths: Readonly<Record<Step, string>> = {
  who: 'ai',
  where: 'o-dau',
  papers: 'giay-to',
  bank: 'tai-khoan',
  product: 'san-pham',
  preview: 'xem-lai',
};
export const stepPath = (businessId: string, step: Step): string =>
  `/ban-hang/dang-ky/${businessId}/${stepPaths[step]}`;
export const nextStep = (step: Step): Step => STEPS[STEPS.indexOf(step) + 1] ?? 'preview';

export type StepPage = {
  readonly business: OwnBusiness;
  readonly application: Application;
  readonly step: Step;
  readonly faults: readonly Fault[];
  /** The assistant's name, when one helps. */
  readonly helper: string | undefined;
  readonly body: SafeHtml;
};
/** What an officer noted on a field the last time, while the application is open again. */
export const remarkOn = (
  { t }: View,
  { business, application }: Pick<StepPage, 'business' | 'application'>,
  field: string,
) => {
  const [last] = application.reviews;
  const said = business.status === 'draft' && last?.verdict === 'changes-requested' ? last.remarks[field] : undefined;
  return said === undefined ? undefined : t('apply.remark', { text: said });
};

const stepList = (view: View, { business, application, step, helper }: StepPage): SafeHtml => {
  const { t, link } = view;
  const open = new Set(application.missing.map((gap) => gap.step));
  const isDone = (one: Step): boolean => ['who', 'where', 'papers'].includes(one) && !open.has(one);
  // Whoever helps is never let near the account, so the way there is not shown either.
  const steps = STEPS.filter((one) => helper === undefined || one !== 'bank');
  return html`<nav aria-label="${t('apply.steps')}"><ol class="apply-steps">${steps.map(
    (one) =>
      html`<li><a href="${link(stepPath(business.businessId, one))}"${one === step && html` aria-current="step"`}>${t(stepNames[one])}${
        isDone(one) &&
        html`<span class="tag good">${icon('check')}<span class="hidden">${t('apply.done')}</span></span>`
      }</a></li>`,
  )}</ol></nav>${helper !== undefined && html`<p class="small soft">${t('apply.bankOwner')}</p>`}`;
};

/** A step of an application: where one is, what an officer said, what is wrong, then the form. */
export function stepPage(view: View, page: StepPage): SafeHtml {
  const { t } = view;
  const { business, application, step, faults, helper } = page;
  const [last] = application.reviews;
  const sentBack = business.status === 'draft' && last?.verdict === 'changes-requested' && last.reason;
  return deskLayout(view, 'seller', {
    title: t(stepNames[step]),
    part: '/ban-hang/co-so',
    body: html`<div class="narrow stack"><p class="row"><b>${business.name}</b>${stateTag(view, business.status)}</p>
${helper !== undefined && html`<p class="notice wait">${t('assist.banner', { assistant: helper, household: business.name })}</p>`}
<p class="soft">${t('apply.step', { at: String(STEPS.indexOf(step) + 1), of: String(STEPS.length) })}</p>${stepList(view, page)}
${sentBack && html`<p class="notice wait">${t('apply.sentBack', { reason: sentBack })}</p>`}
${errorSummary(t('apply.faults'), faults)}${page.body}</div>`,
  });
}

const typeOptions = (view: View) => BUSINESS_TYPES.map((value) => ({ value, label: businessKind(view, value) }));
const form = (view: View, path: string, body: SafeHtml): SafeHtml =>
  html`<form class="box stack" method="post" action="${view.link(path)}" novalidate>${csrfField(view.csrf)}${body}</form>`;

export type BeginForm = Readonly<Record<'name' | 'type' | 'phone', string>>;
export const beginForm = (view: View, typed: BeginForm, faults: readonly Fault[]): SafeHtml => {
  const { t } = view;
  return html`${errorSummary(t('apply.faults'), faults)}${form(
    view,
    '/ban-hang/dang-ky',
    html`
${input({ name: 'name', label: t('apply.name'), hint: t('apply.nameHint'), value: typed.name, error: errorAt(faults, 'name'), required: true, more: html`type="text" maxlength="200" autocomplete="organization"` })}
${select({ name: 'type', label: t('apply.type'), value: typed.type, error: errorAt(faults, 'type'), required: true }, t('apply.chooseType'), typeOptions(view))}
${input({ name: 'phone', label: t('apply.phone'), hint: t('apply.phoneHint'), value: typed.phone, error: errorAt(faults, 'phone'), required: true, more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="30"` })}
<button class="button wide" type="submit">${t('apply.begin')}</button>`,
  )}`;
};

export type WhoForm = Readonly<
  Record<
    'name' | 'type' | 'representative' | 'taxCode' | 'phone' | 'email' | 'storyVi' | 'storyEn' | 'foundedYear',
    string
  >
>;
export function whoForm(view: View, page: Omit<StepPage, 'body'>, typed: WhoForm): SafeHtml {
  const { t } = view;
  const { business, faults } = page;
  const at = (name: string) => ({ name, error: errorAt(faults, name) ?? remarkOn(view, page, name) });
  const kept = business.personalNumberLast4 ?? business.taxCode?.slice(-4);
  const taxHint = kept ? `${t('apply.taxHint')} ${t('apply.taxKept', { last: kept })}` : t('apply.taxHint');
  return form(
    view,
    stepPath(business.businessId, 'who'),
    html`
${input({ ...at('name'), label: t('apply.name'), value: typed.name, required: true, more: html`type="text" maxlength="200"` })}
${select({ ...at('type'), label: t('apply.type'), value: typed.type, required: true }, t('apply.chooseType'), typeOptions(view))}
${input({ ...at('representative'), label: t('apply.representative'), value: typed.representative, required: true, more: html`type="text" maxlength="200" autocomplete="name"` })}
${input({ ...at('taxCode'), label: t('apply.taxCode'), hint: taxHint, value: typed.taxCode, more: html`type="text" inputmode="numeric" maxlength="20" autocomplete="off"` })}
${input({ ...at('phone'), label: t('apply.phone'), hint: t('apply.phoneHint'), value: typed.phone, required: true, more: html`type="tel" inputmode="tel" maxlength="30"` })}
${input({ ...at('email'), label: t('apply.email'), value: typed.email, more: html`type="email" maxlength="200"` })}
${textarea({ ...at('storyVi'), label: t('apply.story'), hint: t('apply.storyHint'), value: typed.storyVi, more: html`rows="5" maxlength="5000"` })}
${textarea({ ...at('storyEn'), label: t('apply.storyEn'), value: typed.storyEn, more: html`rows="3" maxlength="5000"` })}
${input({ ...at('foundedYear'), label: t('apply.founded'), value: typed.foundedYear, more: html`type="number" inputmode="numeric" min="1800" max="2100"` })}
<button class="button wide" type="submit">${t('apply.next')}</button>`,
  );
}

export type WhereForm = Readonly<Record<'place' | 'wardCode' | 'addressLine', string>>;
const wardChoice = ({ t }: View, { ward, by, matched }: FoundWard, chosen: string): SafeHtml =>
  html`<li class="check"><input type="radio" id="w-${ward.code}" name="wardCode" value="${ward.code}"${ward.code === chosen && html` checked`}>
<label for="w-${ward.code}"><b>${ward.fullName}</b>${by !== 'ward' && html` <span class="small soft">${t('apply.formerly', { name: matched })}</span>`}</label></li>`;

/** Two forms in one: the first press looks for the ward by any of its names, the second keeps the choice. */
export function whereForm(
  view: View,
  page: Omit<StepPage, 'body'>,
  typed: WhereForm,
  found: readonly FoundWard[],
): SafeHtml {
  const { t } = view;
  const { business, faults } = page;
  const error = errorAt(faults, 'wardCode') ?? remarkOn(view, page, 'wardCode');
  return form(
    view,
    stepPath(business.businessId, 'where'),
    html`
${input({ name: 'place', label: t('apply.findWard'), hint: t('apply.findWardHint'), value: typed.place, more: html`type="search" maxlength="100" autocomplete="off" enterkeyhint="search"` })}
<p><button class="button quiet" type="submit" name="do" value="find" formnovalidate>${t('apply.find')}</button></p>
<fieldset id="wardCode"><legend>${t('apply.chooseWard')}</legend>${error !== undefined && html`<p class="wrong">${error}</p>`}
${found.length > 0 ? html`<ul class="stack">${found.map((one) => wardChoice(view, one, typed.wardCode))}</ul>` : html`<p class="soft">${typed.place === '' ? t('apply.findWardHint') : t('apply.foundNone')}</p>`}</fieldset>
${input({ name: 'addressLine', label: t('apply.street'), hint: t('apply.street2'), value: typed.addressLine, error: errorAt(faults, 'addressLine') ?? remarkOn(view, page, 'addressLine'), required: true, more: html`type="text" maxlength="300" autocomplete="address-line1"` })}
<button class="button wide" type="submit" name="do" value="save">${t('apply.next')}</button>`,
  );
}

export type PaperTyped = Readonly<Record<'kind' | 'number' | 'issuer' | 'issuedOn' | 'expiresOn', string>>;
const paperState = (view: View, { verdict, verdictReason }: Application['papers'][number]): SafeHtml => {
  const { t } = view;
  if (verdict === 'accepted') return html`<span class="tag good">${t('paper.accepted')}</span>`;
  if (verdict === 'waiting') return html`<span class="tag wait">${t('paper.waiting')}</span>`;
  return html`<span class="tag bad">${t('paper.refused', { reason: verdictReason ?? '' })}</span>`;
};
export const paperLine = (view: View, paper: Application['papers'][number]): SafeHtml => {
  const { t } = view;
  return html`<p>${paperState(view, paper)} ${paper.number} · ${paper.issuer} · ${t('apply.paperDated', { from: dayName(view, paper.issuedOn) })}${
    paper.expiresOn !== null && html` · ${t('apply.paperUntil', { to: dayName(view, paper.expiresOn) })}`
  }</p>`;
};

/** One form a paper, folded once it is there: a phone shows one thing at a time. */
function paperForm(view: View, page: Omit<StepPage, 'body'>, kind: PaperKind, typed: PaperTyped | undefined): SafeHtml {
  const { t, csrf, link } = view;
  const { business, faults } = page;
  const own = typed?.kind === kind ? typed : undefined;
  const at = (name: string) => ({
    name: `${name}-${kind}`,
    error: own && errorAt(faults, `${name}-${kind}`),
  });
  return html`<form class="stack" method="post" enctype="multipart/form-data" action="${link(stepPath(business.businessId, 'papers'))}" novalidate>${csrfField(csrf)}
<input type="hidden" name="kind" value="${kind}">
${fileInput({ ...at('file'), label: t('apply.paperFile'), required: true }, 'image/jpeg,image/png,image/webp,application/pdf')}
${input({ ...at('number'), label: t('apply.paperNumber'), value: own?.number ?? '', more: html`type="text" maxlength="200"` })}
${input({ ...at('issuer'), label: t('apply.paperIssuer'), value: own?.issuer ?? '', more: html`type="text" maxlength="200"` })}
${input({ ...at('issuedOn'), label: t('apply.paperIssued'), value: own?.issuedOn ?? '', required: true, more: html`type="date"` })}
${input({ ...at('expiresOn'), label: t('apply.paperExpires'), value: own?.expiresOn ?? '', more: html`type="date"` })}
<button class="button wide" type="submit">${t('apply.paperSend')}<span class="hidden"> ${paperName(view, kind)}</span></button></form>`;
}

export function papersForm(view: View, page: Omit<StepPage, 'body'>, typed: PaperTyped | undefined): SafeHtml {
  const { t, link } = view;
  const { business, application } = page;
  return html`<p>${t('apply.papersIntro')}</p>${application.checklist.map(({ kind, need, ground }) => {
    const paper = application.papers.find((one) => one.kind === kind);
    const remark = remarkOn(view, page, `papers.${kind}`);
    const isOpen = typed?.kind === kind || (!paper && need === 'required');
    return html`<section class="box stack" aria-labelledby="p-${kind}"><h2 id="p-${kind}">${paperName(view, kind)}</h2>
<p class="small soft">${t(needNames[need])} · ${ground}</p>${paper && paperLine(view, paper)}${remark !== undefined && html`<p class="wrong">${remark}</p>`}
<details${isOpen && html` open`}><summary>${paper ? t('apply.paperAgain') : t('apply.paperSend')}<span class="hidden"> ${paperName(view, kind)}</span></summary>${paperForm(view, page, kind, typed)}</details></section>`;
  })}<p><a class="button wide" href="${link(stepPath(business.businessId, page.helper === undefined ? 'bank' : 'product'))}">${t('apply.next')}</a></p>`;
}

export type BankForm = Readonly<Record<'bankBin' | 'number' | 'holderName', string>>;
export function bankForm(
  view: View,
  page: Omit<StepPage, 'body'>,
  typed: BankForm,
  { banks, accounts }: { readonly banks: Businesses['banks']; readonly accounts: readonly BankAccountView[] },
): SafeHtml {
  const { t, format, link } = view;
  const { business, faults } = page;
  const at = (name: string) => ({ name, error: errorAt(faults, name) });
  const bankName = (bin: string): string => banks.find((bank) => bank.bin === bin)?.name ?? bin;
  const line = ({ bankBin, last4, holderName }: BankAccountView): string =>
    t('apply.bankNow', { bank: bankName(bankBin), last: last4, holder: holderName });
  const [current, ...before] = accounts;
  return html`<p>${t('apply.bankIntro')}</p>${current && html`<p class="notice good">${line(current)}</p>`}${form(
    view,
    stepPath(business.businessId, 'bank'),
    html`
${select(
  { ...at('bankBin'), label: t('apply.bankName'), value: typed.bankBin, required: true },
  t('apply.chooseBank'),
  banks.map(({ bin, name }) => ({ value: bin, label: name })),
)}
${input({ ...at('number'), label: t('apply.bankNumber'), value: typed.number, required: true, more: html`type="text" inputmode="numeric" maxlength="30" autocomplete="off"` })}
${input({ ...at('holderName'), label: t('apply.bankHolder'), hint: t('apply.bankHolderHint'), value: typed.holderName, required: true, more: html`type="text" maxlength="200" autocomplete="off"` })}
<button class="button wide" type="submit">${t('apply.next')}</button>`,
  )}<p><a href="${link(stepPath(business.businessId, 'product'))}">${t('apply.skip')}</a></p>
${before.length > 0 && html`<details><summary>${t('apply.bankBefore')}</summary><ul>${before.map((one) => html`<li>${format.dateTime(one.setAt)}: ${line(one)}</li>`)}</ul></details>`}`;
}

export type ProductForm = Readonly<Record<'productName' | 'price' | 'unit', string>>;
export function productForm(
  view: View,
  page: Omit<StepPage, 'body'>,
  typed: ProductForm,
  kept: readonly { readonly name: string }[],
): SafeHtml {
  const { t, link } = view;
  const { business, faults } = page;
  const at = (name: string) => ({ name, error: errorAt(faults, name) });
  return html`<p>${t('apply.productIntro')}</p>
${kept.length > 0 && html`<section aria-labelledby="kept"><h2 id="kept">${t('apply.productKept')}</h2><ul>${kept.map(({ name }) => html`<li>${name}</li>`)}</ul></section>`}${form(
  view,
  stepPath(business.businessId, 'product'),
  html`
${input({ ...at('productName'), label: t('apply.productName'), value: typed.productName, required: true, more: html`type="text" maxlength="200"` })}
${input({ ...at('price'), label: t('apply.productPrice'), hint: t('apply.productPriceHint'), value: typed.price, required: true, more: html`type="text" inputmode="text" maxlength="30"` })}
${input({ ...at('unit'), label: t('apply.productUnit'), hint: t('apply.productUnitHint'), value: typed.unit, required: true, more: html`type="text" maxlength="60"` })}
<button class="button wide" type="submit">${t('apply.next')}</button>`,
)}<p><a href="${link(stepPath(business.businessId, 'preview'))}">${t('apply.skip')}</a></p>`;
}

export const statedFacts = (
  view: View,
  business: OwnBusiness,
): readonly (readonly [field: string, label: string, value: string])[] => {
  const { t, format } = view;
  const { personalNumberLast4, taxCode, ward } = business;
  return [
    ['name', t('apply.name'), business.name],
    ['type', t('apply.type'), businessKind(view, business.type)],
    ['representative', t('apply.representative'), business.representative ?? ''],
    ['taxCode', t('apply.taxCode'), taxCode ?? (personalNumberLast4 === null ? '' : `•••••••• ${personalNumberLast4}`)],
    ['phone', t('apply.phone'), format.phone(business.phone ?? '')],
    ['email', t('apply.email'), business.email ?? ''],
    ['wardCode', t('apply.ward'), ward?.name ?? ''],
    ['addressLine', t('apply.street'), business.addressLine ?? ''],
    ['storyVi', t('apply.story'), business.storyVi],
    ['foundedYear', t('apply.founded'), business.foundedYear === null ? '' : String(business.foundedYear)],
  ];
};

/** What will be sent, as it will be read, with the way to each gap. */
export function previewForm(view: View, page: Omit<StepPage, 'body'>): SafeHtml {
  const { t, link } = view;
  const { business, application } = page;
  const labels = new Map(statedFacts(view, business).map(([field, label]) => [field, label]));
  const gapName = (field: string): string =>
    labels.get(field) ?? paperName(view, field.replace('papers.', '') as PaperKind);
  const { missing } = application;
  const isOpen = business.status === 'draft';
  return html`<dl class="facts">${statedFacts(view, business).map(([, label, value]) => html`<dt>${label}</dt><dd>${value === '' ? html`<span class="soft">${t('apply.none')}</span>` : value}</dd>`)}</dl>
<section class="stack" aria-labelledby="sent"><h2 id="sent">${t('apply.papers')}</h2>${application.papers.length === 0 ? html`<p class="soft">${t('apply.none')}</p>` : application.papers.map((paper) => html`<div><b>${paperName(view, paper.kind)}</b>${paperLine(view, paper)}</div>`)}</section>
${
  isOpen &&
  (missing.length > 0
    ? html`<div class="notice wait"><h2>${t('apply.missing')}</h2><ul>${missing.map(({ step, field }) => html`<li><a href="${link(stepPath(business.businessId, step))}">${gapName(field)}</a></li>`)}</ul></div>`
    : html`<p class="notice good">${t('apply.ready')}</p>`)
}
${isOpen && html`<p class="soft">${t('apply.later')}</p>${form(view, stepPath(business.businessId, 'preview'), html`<button class="button wide" type="submit" name="do" value="submit">${t('apply.submit')}</button>`)}`}
${business.status === 'rejected' && form(view, stepPath(business.businessId, 'preview'), html`<p>${application.reviews[0]?.reason ?? ''}</p><button class="button wide" type="submit" name="do" value="reopen">${t('apply.reopen')}</button>`)}`;
}
