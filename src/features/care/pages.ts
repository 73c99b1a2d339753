import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import type { Guarded } from '#features/identity/index.ts';
import type { Once } from '#http/idempotency.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { csrfField, errorSummary, input, onceFields, select, textarea } from '#web/parts/field.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import type { Site, View } from '#web/view.ts';
import { type Fault, faultOf, goodsOf, history, money, reasonNames, standing, statusOf } from './parts.ts';
import { policyPage } from './policy-page.ts';
import { maxPhotoBytes, proofKeys, shopperOf } from './routes.ts';
import type { Care } from './service.ts';
import { RETURN_REASONS, type ReturnReason } from './types.ts';

export type CarePageDeps = { readonly site: Site; readonly care: Care; readonly guarded: Guarded; readonly once: Once };
type Looked = Awaited<ReturnType<Care['lookUp']>>;
type State = Awaited<ReturnType<Care['getReturnState']>>;

const root = '/doi-tra';
const phoneField = (view: View, value: string, fault?: string): SafeHtml =>
  input({
    name: 'phone',
    label: view.t('care.phone'),
    value,
    required: true,
    error: fault,
    more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"`,
  });

const proofPage = (view: View, code: string, phone: string, faults: readonly Fault[] = []): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('care.title'),
    canonical: root,
    body: html`<div class="narrow stack"><h1>${t('care.title')}</h1><p>${t('care.intro')}</p>
${errorSummary(t('care.faults'), faults)}
<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}
${input({ name: 'code', label: t('care.code'), value: code, required: true, more: html`type="text" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
${phoneField(view, phone)}<button class="button" type="submit">${t('care.open')}</button></form>
<p><a href="${link('/chinh-sach-doi-tra')}">${t('care.policy')}</a></p></div>`,
  });
};

const returnRow = (view: View, known: Looked['returns'][number]): SafeHtml =>
  html`<li class="box stack"><h3><a href="${view.link(`${root}/${known.code}`)}">${view.t('care.one', { code: known.code })}</a></h3>${standing(view, known)}${goodsOf(known)}${money(view, known)}</li>`;

const pieceField = (view: View, line: Looked['lines'][number], typed: string): SafeHtml => {
  const { t, format } = view;
  const terms = [
    t('care.returnable', { count: line.returnable }),
    line.until && t('care.until', { time: format.dateTime(line.until) }),
    line.perishable && t('care.perishable'),
  ].filter((part) => part);
  return input({
    name: `q-${line.variantId}`,
    label: t('care.pieces', { name: `${line.name} ${line.label}` }),
    hint: terms.join(' · '),
    value: typed,
    more: html`type="number" inputmode="numeric" min="0" max="${line.returnable}"`,
  });
};

type Typed = { readonly code: string; readonly phone: string; readonly field: (name: string) => string };

function askForm(view: View, looked: Looked, typed: Typed, faults: readonly Fault[]): SafeHtml {
  const { t, link } = view;
  const open = looked.lines.filter(({ returnable }) => returnable > 0);
  const errorOf = (name: string) => faults.find((fault) => fault.name === name)?.message;
  if (open.length === 0)
    return html`<div class="notice wait"><p><b>${t('care.nothing')}</b></p><p>${t('care.nothingText')}</p></div>`;
  return html`<form class="box stack" method="post" enctype="multipart/form-data" action="${link(`${root}/gui`)}">${onceFields(view)}<h2>${t('care.ask')}</h2>
${errorSummary(t('care.faults'), faults)}<input type="hidden" name="code" value="${looked.order.code}"><input type="hidden" name="phone" value="${typed.phone}">
<fieldset class="stack"><legend>${t('care.which')}</legend>${open.map((line) => pieceField(view, line, typed.field(`q-${line.variantId}`) || '0'))}</fieldset>
${select(
  { name: 'reason', label: t('care.reason'), value: typed.field('reason'), required: true, error: errorOf('reason') },
  t('care.choose'),
  RETURN_REASONS.map((reason) => ({ value: reason, label: t(reasonNames[reason]) })),
)}
${textarea({ name: 'note', label: t('care.note'), value: typed.field('note'), more: html`rows="4" maxlength="2000"` })}
${pictureField(view, { name: 'photos', label: t('care.photos', { count: looked.policy.maxPhotos }), multiple: true, error: errorOf('photos') })}
<button class="button" type="submit">${t('care.send')}</button></form>`;
}

const orderPage = (view: View, looked: Looked, typed: Typed, faults: readonly Fault[] = []): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('care.ofOrder', { code: looked.order.code }),
    body: html`<div class="narrow stack"><h1>${t('care.ofOrder', { code: looked.order.code })}</h1><p class="soft">${looked.order.businessName} · <a href="${link('/chinh-sach-doi-tra')}">${t('care.policy')}</a></p>
${looked.returns.length > 0 && html`<h2>${t('care.yours')}</h2><ul class="stack">${looked.returns.map((one) => returnRow(view, one))}</ul>`}
${askForm(view, looked, typed, faults)}</div>`,
  });
};

/** What the shopper can do at this step; each needs the phone number, for the page itself opens to the code alone. */
function nextSteps(view: View, known: State, typed: Typed, faults: readonly Fault[]): SafeHtml | false {
  const { t, link } = view;
  const text = html`type="text" maxlength="100" autocomplete="off"`;
  const field = (name: string, label: string) => input({ name, label, value: typed.field(name), more: text });
  const act = (name: string, label: string, quiet = false): SafeHtml =>
    html`<button class="button${quiet && ' quiet'}" type="submit" name="do" value="${name}">${label}</button>`;
  const steps: Partial<Readonly<Record<State['state'], SafeHtml>>> = {
    requested: act('withdraw', t('care.withdraw'), true),
    refused: html`${textarea({ name: 'note', label: t('care.appealNote'), value: typed.field('note'), error: faults.find(({ name }) => name === 'note')?.message, more: html`rows="4" maxlength="2000"` })}${act('appeal', t('care.appeal'))}`,
    accepted: html`<div class="cells">${field('carrier', t('care.carrier'))}${field('trackingNumber', t('care.tracking'))}</div><p class="row">${act('send-back', t('care.sendBack'))}${act('withdraw', t('care.withdraw'), true)}</p>`,
  };
  const step = steps[known.state];
  return (
    step !== undefined &&
    html`<form class="box stack" method="post" action="${link(`${root}/${known.code}`)}">${onceFields(view)}${errorSummary(t('care.faults'), faults)}
<p>${t('care.prove')}</p>${phoneField(view, typed.phone, faults.find(({ name }) => name === 'phone')?.message)}${step}</form>`
  );
}

const statePage = (view: View, known: State, typed: Typed, faults: readonly Fault[] = []): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('care.one', { code: known.code }),
    body: html`<div class="narrow stack"><h1>${t('care.one', { code: known.code })}</h1><p>${t('care.keep', { code: known.code })}</p>${standing(view, known)}
<section class="box stack"><p>${t('care.order')} <a href="${link(`/don-hang/${known.orderCode}`)}">${known.orderCode}</a> · ${known.businessName}</p>${money(view, known)}</section>
${nextSteps(view, known, typed, faults)}${history(view, known.events)}<p><a href="${link('/chinh-sach-doi-tra')}">${t('care.policy')}</a></p></div>`,
  });
};

const typedIn = ({ field }: PageContext): Typed => ({
  code: field('code'),
  phone: field('phone'),
  field: (name) => field(name).toWellFormed(),
});
const unproved: Readonly<Record<string, string>> = { 'tracking-mismatch': 'phone' };

/** The page of an order, or of a return whose code was typed. */
async function lookUp(context: PageContext, { care, guarded }: CarePageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply } = context;
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  try {
    return await guarded(proofKeys(request, typed.code), async () => {
      try {
        return orderPage(view, await care.lookUp(typed.code, shopper), { ...typed, field: () => '' });
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'tracking-mismatch') throw error;
        return seeOther(context, `${root}/${(await care.getReturn(typed.code, shopper)).code}`);
      }
    });
  } catch (error) {
    void reply.code(statusOf(error));
    return proofPage(view, typed.code, typed.phone, [faultOf(view, error, unproved)]);
  }
}

const isReason = (typed: string): typed is ReturnReason => (RETURN_REASONS as readonly string[]).includes(typed);

async function ask(context: PageContext, { care, guarded, once }: CarePageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply } = context;
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  const looked = await guarded(proofKeys(request, typed.code), () => care.lookUp(typed.code, shopper));
  const reason = typed.field('reason');
  const again = (fault: Fault, status: number): SafeHtml => {
    void reply.code(status);
    return orderPage(view, looked, typed, [fault]);
  };
  if (!isReason(reason)) return again({ name: 'reason', message: view.t('care.choose') }, 422);
  const lines = looked.lines.flatMap(({ variantId }) => {
    const quantity = Number(typed.field(`q-${variantId}`) || 0);
    return quantity > 0 && Number.isSafeInteger(quantity) ? [{ variantId, quantity }] : [];
  });
  try {
    const photos = context.files('photos').map(({ bytes, name }) => ({ bytes, name }));
    const wanted = { lines, reason, note: typed.field('note'), photos };
    const { code } = await once<{ code: string }>(request, (finish) =>
      care.requestReturn(typed.code, shopper, wanted, (tx, made) => finish(tx, { code: made.code })),
    );
    return seeOther(context, `${root}/${code}`);
  } catch (error) {
    const first = looked.lines.find(({ returnable }) => returnable > 0)?.variantId;
    return again(faultOf(view, error, { 'pieces-not-returnable': `q-${first}` }), statusOf(error));
  }
}

async function act(context: PageContext, { care, guarded, once }: CarePageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, param } = context;
  const code = param('code');
  const typed = typedIn(context);
  const shopper = shopperOf(request, typed.phone);
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    withdraw: () => care.withdraw(code, shopper),
    appeal: () => care.appeal(code, shopper, typed.field('note')),
    'send-back': () =>
      care.sendBack(code, shopper, { carrier: typed.field('carrier'), trackingNumber: typed.field('trackingNumber') }),
  };
  const known = await care.getReturnState(code);
  const step = Object.hasOwn(steps, typed.field('do')) ? steps[typed.field('do')] : undefined;
  if (!step) return seeOther(context, `${root}/${known.code}`);
  try {
    await once(request, async () => {
      await guarded(proofKeys(request, code), step);
      return { code };
    });
    return seeOther(context, `${root}/${known.code}`);
  } catch (error) {
    void reply.code(statusOf(error));
    return statePage(view, known, typed, [faultOf(view, error, unproved)]);
  }
}

const blank: Typed = { code: '', phone: '', field: () => '' };

export const carePages: FastifyPluginAsync<CarePageDeps> = async (app, deps) => {
  const { site, care } = deps;
  const spec = { access: 'public' } as const;
  page(app, site, { ...spec, url: '/chinh-sach-doi-tra' }, async ({ view }) =>
    policyPage(view, await care.currentPolicy()),
  );
  page(app, site, { ...spec, url: root }, async ({ view, query }) => proofPage(view, query('ma'), ''));
  page(app, site, { ...spec, method: 'POST', url: root }, (context) => lookUp(context, deps));
  const upload = { maxBytes: maxPhotoBytes, maxFiles: 10 };
  page(app, site, { ...spec, method: 'POST', url: `${root}/gui`, upload }, (context) => ask(context, deps));
  page(app, site, { ...spec, url: `${root}/:code` }, async ({ view, param }) =>
    statePage(view, await care.getReturnState(param('code')), blank),
  );
  page(app, site, { ...spec, method: 'POST', url: `${root}/:code` }, (context) => act(context, deps));
};
