import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import { readMoney } from '#core/read-money.ts';
import { maxPhotoBytes, proofKeys, shopperOf } from '#features/care/index.ts';
import type { Guarded } from '#features/identity/index.ts';
import type { Once } from '#http/idempotency.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { csrfField, errorSummary, input, onceFields, select, textarea } from '#web/parts/field.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import type { Site, View } from '#web/view.ts';
import type { Shopper } from './deps.ts';
import { type Fault, factsOf, faultOf, history, kindName, standing, statusOf, thread, wishName } from './parts.ts';
import { isOver } from './rules/complaints.ts';
import type { Complaints } from './service.ts';
import {
  COMPLAINT_KINDS,
  COMPLAINT_SUBJECTS,
  COMPLAINT_WISHES,
  type ComplaintRule,
  type ComplaintSubject,
} from './types.ts';
import type { ComplaintView } from './views/complaints.ts';

export type ComplaintPageDeps = {
  readonly site: Site;
  readonly complaints: Complaints;
  readonly guarded: Guarded;
  readonly once: Once;
};
type Looked = Awaited<ReturnType<Complaints['lookUpOrder']>>;
type State = Awaited<ReturnType<Complaints['getComplaintState']>>;
type Typed = { readonly code: string; readonly phone: string; readonly field: (name: string) => string };
/** What is complained of, before there is a complaint. */
type Target = { readonly subject: ComplaintSubject; readonly about: string; readonly name: string };

const root = '/khieu-nai';
const blank: Typed = { code: '', phone: '', field: () => '' };
const typedIn = ({ field }: PageContext): Typed => ({
  code: field('code'),
  phone: field('phone'),
  field: (name) => field(name).toWellFormed(),
});
const unproved: Readonly<Record<string, string>> = { 'complaint-not-proved': 'phone' };
const errorOf = (faults: readonly Fault[], name: string) => faults.find((fault) => fault.name === name)?.message;

const phoneField = (view: View, value: string, error?: string, hint?: string): SafeHtml =>
  input({
    name: 'phone',
    label: view.t('complaint.phone'),
    value,
    hint,
    required: true,
    error,
    more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"`,
  });

/**
 * The published times (Decree 248/2026/NĐ-CP, art. 7), written from the row by which complaints are judged, so that the page
 * cannot promise something else.
 */
const times = ({ t }: View, rule: ComplaintRule): SafeHtml =>
  html`<section class="box stack"><h2>${t('complaint.times')}</h2><ul class="stack"><li>${t('complaint.timeAnswer', { hours: rule.answerHours })}</li><li>${t('complaint.timeChoice', { hours: rule.choiceHours })}</li>
<li>${t('complaint.timeOfficer', { days: rule.officerDays, hours: rule.unsafeHours })}</li><li>${t('complaint.timeAppeal', { days: rule.appealDays })}</li><li>${t('complaint.timeFile', { days: rule.fileDays })}</li></ul></section>`;

const startPage = (view: View, rule: ComplaintRule, typed: Typed, faults: readonly Fault[] = []): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('complaint.title'),
    canonical: root,
    body: html`<div class="narrow stack"><h1>${t('complaint.title')}</h1><p>${t('complaint.intro', { hours: rule.answerHours })}</p>
${errorSummary(t('complaint.faults'), faults)}
<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}
${input({ name: 'code', label: t('complaint.code'), value: typed.code, required: true, more: html`type="text" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
${phoneField(view, typed.phone, errorOf(faults, 'phone'))}<button class="button" type="submit">${t('complaint.open')}</button></form>${times(view, rule)}</div>`,
  });
};

type FilingForm = {
  readonly target: Target;
  readonly rule: ComplaintRule;
  readonly typed: Typed;
  readonly faults: readonly Fault[];
};

function filingForm(view: View, { target, rule, typed, faults }: FilingForm): SafeHtml {
  const { t, link } = view;
  const { subject, about } = target;
  const ofOrder = subject === 'order';
  const wishes = COMPLAINT_WISHES.filter((wish) => ofOrder || !wish.startsWith('refund'));
  return html`<form class="box stack" method="post" enctype="multipart/form-data" action="${link(`${root}/gui`)}">${onceFields(view)}
${errorSummary(t('complaint.faults'), faults)}<input type="hidden" name="subject" value="${subject}"><input type="hidden" name="about" value="${about}">
${select(
  {
    name: 'kind',
    label: t('complaint.kind'),
    value: typed.field('kind'),
    required: true,
    error: errorOf(faults, 'kind'),
  },
  t('complaint.choose'),
  COMPLAINT_KINDS.map((kind) => ({ value: kind, label: kindName(view, kind) })),
)}${textarea({ name: 'text', label: t('complaint.text'), value: typed.field('text'), required: true, error: errorOf(faults, 'text'), more: html`rows="5" maxlength="4000"` })}
${select(
  {
    name: 'wish',
    label: t('complaint.wish'),
    value: typed.field('wish'),
    required: true,
    error: errorOf(faults, 'wish'),
  },
  t('complaint.choose'),
  wishes.map((wish) => ({ value: wish, label: wishName(view, wish) })),
)}${ofOrder && input({ name: 'wishVnd', label: t('complaint.wishVnd'), hint: t('complaint.wishVndHint'), value: typed.field('wishVnd'), error: errorOf(faults, 'wishVnd'), more: html`type="text" inputmode="numeric" maxlength="20" autocomplete="off"` })}
${ofOrder ? html`<input type="hidden" name="phone" value="${typed.phone}">` : phoneField(view, typed.phone, errorOf(faults, 'phone'), t('complaint.phoneHint'))}
${pictureField(view, { name: 'photos', label: t('complaint.photos', { count: rule.maxPhotos }), multiple: true, error: errorOf(faults, 'photos') })}
<button class="button" type="submit">${t('complaint.send')}</button></form>`;
}

const filingPage = (view: View, form: FilingForm, made: Looked['complaints'] = []): SafeHtml => {
  const { t, link } = view;
  const { target, rule } = form;
  const title =
    target.subject === 'order'
      ? t('complaint.ofOrder', { code: target.about })
      : t('complaint.ofShop', { name: target.name });
  const isOpen = made.some(({ state }) => !isOver(state));
  return layout(view, {
    title,
    body: html`<div class="narrow stack"><h1>${title}</h1>${target.subject === 'order' && html`<p class="soft">${target.name}</p>`}
${made.length > 0 && html`<h2>${t('complaint.yours')}</h2><ul class="stack">${made.map((one) => html`<li class="box stack"><h3><a href="${link(`${root}/${one.code}`)}">${t('complaint.one', { code: one.code })}</a></h3>${standing(view, one)}</li>`)}</ul>`}
${!isOpen && filingForm(view, form)}${times(view, rule)}</div>`,
  });
};

const act = (name: string, label: string, quiet = false): SafeHtml =>
  html`<button class="button${quiet && ' quiet'}" type="submit" name="do" value="${name}">${label}</button>`;

/** What whoever complained can do at this step. */
function steps(view: View, { state }: State, typed: Typed, faults: readonly Fault[]): SafeHtml {
  const { t } = view;
  const withdraw = act('withdraw', t('complaint.withdraw'), true);
  const text = (label: string): SafeHtml =>
    textarea({
      name: 'text',
      label,
      value: typed.field('text'),
      error: errorOf(faults, 'text'),
      more: html`rows="4" maxlength="4000"`,
    });
  const say = html`${text(t('complaint.sayText'))}${pictureField(view, { name: 'photos', label: t('complaint.photos', { count: 5 }), multiple: true, error: errorOf(faults, 'photos') })}${act('say', t('complaint.sayButton'), true)}`;
  const ask = act('ask', t('complaint.ask'), true);
  if (state === 'offered')
    return html`<p class="row">${act('accept', t('complaint.accept'))}${ask}${withdraw}</p>${say}`;
  if (state === 'open') return html`${say}<p class="row">${ask}${withdraw}</p>`;
  if (state === 'decided')
    return html`${text(t('complaint.appealNote'))}<p class="row">${act('appeal', t('complaint.appeal'))}</p>`;
  return html`${say}${state === 'escalated' && html`<p class="row">${withdraw}</p>`}`;
}

type Shown = { readonly typed: Typed; readonly faults: readonly Fault[]; readonly whole?: ComplaintView | undefined };

function onePage(view: View, known: State, { typed, faults, whole }: Shown): SafeHtml {
  const { t, link } = view;
  const action = link(`${root}/${known.code}`);
  const prove = html`<form class="box stack" method="post" action="${action}">${csrfField(view.csrf)}<p>${t('complaint.prove')}</p>
${phoneField(view, typed.phone, errorOf(faults, 'phone'))}${act('open', t('complaint.open'))}</form>`;
  const next =
    !isOver(known.state) &&
    html`<form class="box stack" method="post" enctype="multipart/form-data" action="${action}">${onceFields(view)}<h2>${t('complaint.next')}</h2><input type="hidden" name="phone" value="${typed.phone}">${steps(view, known, typed, faults)}</form>`;
  return layout(view, {
    title: t('complaint.one', { code: known.code }),
    body: html`<div class="narrow stack"><h1>${t('complaint.one', { code: known.code })}</h1><p>${t('complaint.keep', { code: known.code })}</p>${errorSummary(t('complaint.faults'), faults)}${standing(view, known)}
<section class="box stack">${factsOf(view, known)}</section>${whole ? html`${thread(view, whole)}${next}` : prove}${history(view, known.events)}<p><a href="${link(root)}">${t('complaint.times')}</a></p></div>`,
  });
}

/** All of it where the session or the number shows whose it is; undefined otherwise. */
async function readWhole(complaints: Complaints, code: string, shopper: Shopper): Promise<ComplaintView | undefined> {
  try {
    return await complaints.getComplaint(code, shopper);
  } catch (error) {
    if (error instanceof Problem && error.code === 'complaint-not-proved') return undefined;
    throw error;
  }
}

/** The page of an order, or of a complaint whose code was typed. */
async function lookUp(context: PageContext, { complaints, guarded }: ComplaintPageDeps): Promise<SafeHtml> {
  const { view, request, reply } = context;
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  const rule = await complaints.currentRule();
  try {
    return await guarded(proofKeys(request, typed.code), async () => {
      const whole = await readWhole(complaints, typed.code, shopper);
      const kept = { ...typed, field: () => '' };
      if (whole) return onePage(view, whole, { typed: kept, faults: [], whole });
      const { order, complaints: made } = await complaints.lookUpOrder(typed.code, shopper);
      const target = { subject: 'order', about: order.code, name: order.businessName } as const;
      return filingPage(view, { target, rule, typed: kept, faults: [] }, made);
    });
  } catch (error) {
    void reply.code(statusOf(error));
    return startPage(view, rule, typed, [faultOf(view, error, unproved)]);
  }
}

const isOf = <T extends string>(values: readonly T[], typed: string): typed is T =>
  (values as readonly string[]).includes(typed);

async function targetOf(complaints: Complaints, typed: Typed, shopper: Shopper): Promise<Target> {
  const [subject, about] = [typed.field('subject'), typed.field('about')];
  if (subject === 'business' || subject === 'product')
    return { subject, about, name: (await complaints.lookUpShop(subject, about)).name };
  const { order } = await complaints.lookUpOrder(about, shopper);
  return { subject: 'order', about: order.code, name: order.businessName };
}

async function file(
  context: PageContext,
  { complaints, guarded, once }: ComplaintPageDeps,
): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply } = context;
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  const rule = await complaints.currentRule();
  const keys = proofKeys(request, typed.field('about'));
  const target = await guarded(keys, () => targetOf(complaints, typed, shopper));
  const again = (name: string, message: string, status = 422): SafeHtml => {
    void reply.code(status);
    return filingPage(view, { target, rule, typed, faults: [{ name, message }] });
  };
  const [kind, wish] = [typed.field('kind'), typed.field('wish')];
  if (!isOf(COMPLAINT_KINDS, kind)) return again('kind', view.t('complaint.choose'));
  if (!isOf(COMPLAINT_WISHES, wish)) return again('wish', view.t('complaint.choose'));
  const wishVnd = typed.field('wishVnd') === '' ? undefined : readMoney(typed.field('wishVnd'));
  if (typeof wishVnd === 'string') return again('wishVnd', view.t('complaint.wishVndBad'));
  const photos = context.files('photos').map(({ bytes, name }) => ({ bytes, name }));
  try {
    const { subject, about } = target;
    const filing = { subject, about, kind, wish, wishVnd, text: typed.field('text'), photos };
    const { code } = await once<{ code: string }>(request, (finish) =>
      complaints.fileComplaint(shopper, filing, (tx, made) => finish(tx, { code: made.code })),
    );
    return seeOther(context, `${root}/${code}`);
  } catch (error) {
    const fault = faultOf(view, error);
    return again(fault.name, fault.message, statusOf(error));
  }
}

async function take(
  context: PageContext,
  { complaints, guarded, once }: ComplaintPageDeps,
): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, param, field } = context;
  const code = param('code');
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  const text = typed.field('text');
  const photos = context.files('photos').map(({ bytes, name }) => ({ bytes, name }));
  const does: Readonly<Record<string, () => Promise<unknown>>> = {
    say: () => complaints.sayAsShopper(code, shopper, text, photos),
    accept: () => complaints.acceptOffer(code, shopper),
    ask: () => complaints.askOfficer(code, shopper, text),
    withdraw: () => complaints.withdraw(code, shopper),
    appeal: () => complaints.appeal(code, shopper, text),
  };
  const step = Object.hasOwn(does, field('do')) ? does[field('do')] : undefined;
  const known = await complaints.getComplaintState(code);
  try {
    const keys = proofKeys(request, code);
    if (step)
      await once(request, async () => {
        await guarded(keys, step);
        return { code };
      });
    else await guarded(keys, () => complaints.getComplaint(code, shopper));
    // A session shows it again; a number that was typed would have to be typed once more.
    if (step && shopper.accountId && typed.phone === '') return seeOther(context, `${root}/${known.code}`);
    const whole = await complaints.getComplaint(code, shopper);
    return onePage(view, whole, { typed: { ...typed, field: () => '' }, faults: [], whole });
  } catch (error) {
    void reply.code(statusOf(error));
    const whole = await readWhole(complaints, code, shopper);
    return onePage(view, known, { typed, faults: [faultOf(view, error, unproved)], whole });
  }
}

export const complaintPages: FastifyPluginAsync<ComplaintPageDeps> = async (app, deps) => {
  const { site, complaints } = deps;
  const spec = { access: 'public' } as const;
  page(app, site, { ...spec, url: root }, async ({ view, query }) => {
    const rule = await complaints.currentRule();
    const [subject, about] = [query('ve'), query('ten')];
    if (!isOf(COMPLAINT_SUBJECTS, subject) || subject === 'order')
      return startPage(view, rule, { ...blank, code: query('ma') });
    const { name } = await complaints.lookUpShop(subject, about);
    return filingPage(view, { target: { subject, about, name }, rule, typed: blank, faults: [] });
  });
  page(app, site, { ...spec, method: 'POST', url: root }, (context) => lookUp(context, deps));
  const upload = { maxBytes: maxPhotoBytes, maxFiles: 10 };
  page(app, site, { ...spec, method: 'POST', url: `${root}/gui`, upload }, (context) => file(context, deps));
  page(app, site, { ...spec, url: `${root}/:code` }, async ({ view, request, param }) => {
    const known = await complaints.getComplaintState(param('code'));
    const whole = await readWhole(complaints, known.code, shopperOf(request, undefined));
    return onePage(view, known, { typed: blank, faults: [], whole });
  });
  page(app, site, { ...spec, method: 'POST', url: `${root}/:code`, upload }, (context) => take(context, deps));
};
