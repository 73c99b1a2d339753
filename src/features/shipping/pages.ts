import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type BusinessId, businessProblems } from '#features/businesses/types.ts';
import type { Places } from '#features/places/index.ts';
import type { Ward } from '#features/places/types.ts';
import { ownBusinesses } from '#http/access.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { PointRow } from './queries.ts';
import { keeperOf, termsRoles } from './routes.ts';
import { homePlace, type OwnTerms, type Shipping, type TermsDraft } from './service.ts';
import { maxHours, shippingProblems } from './types.ts';

export type ShippingPageDeps = { readonly site: Site; readonly shipping: Shipping; readonly places: Places };

const refuseBusiness = refusals(businessProblems);
const refuse = refusals(shippingProblems);
const path = '/ban-hang/giao-hang';
const spec = { url: path, access: 'seller', roles: termsRoles } as const;
const fieldNames = ['freeOver', 'pickup', 'name', 'line', 'wardCode', 'hours'] as const;
type Typed = Readonly<Record<(typeof fieldNames)[number], string>>;
/** A form that came back: whose it was, what was typed, and what is wrong with it. */
type Back = {
  readonly of: string;
  readonly typed: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
};

const kept = ({ freeOverVnd, pickup }: OwnTerms): Typed => {
  const own = pickup?.businessId != null ? pickup : undefined;
  return {
    freeOver: freeOverVnd === null ? '' : String(freeOverVnd),
    pickup: own ? 'own' : (pickup?.id ?? ''),
    name: own?.name ?? '',
    line: own?.line ?? '',
    wardCode: own?.wardCode ?? '',
    hours: own?.hours ?? '',
  };
};

const choice = (id: string, value: string, chosen: string, label: string): SafeHtml =>
  html`<label class="choice"><input type="radio" name="pickup-${id}" value="${value}"${value === chosen && html` checked`}><span>${label}</span></label>`;

function termsForm(
  view: View,
  own: OwnTerms,
  points: readonly PointRow[],
  wards: readonly Ward[],
  back: Back | undefined,
) {
  const { t, link } = view;
  const { businessId: id } = own;
  const typed = back ? { ...kept(own), ...back.typed } : kept(own);
  const field = (name: keyof Typed, label: MessageKey, more: SafeHtml, hint?: MessageKey): SafeHtml =>
    input({
      name: `${name}-${id}`,
      label: t(label),
      value: typed[name] ?? '',
      error: back && errorAt(back.faults, `${name}-${id}`),
      more,
      ...(hint && { hint: t(hint) }),
    });
  const text = html`type="text" maxlength="200" autocomplete="off"`;
  return html`<li><form class="box stack" method="post" action="${link(path)}" novalidate>${csrfField(view.csrf)}<input type="hidden" name="businessId" value="${id}">
<h2>${own.name}</h2>
${field('freeOver', 'delivery.freeOver', html`type="text" inputmode="numeric" maxlength="13"`, 'delivery.freeOverHint')}
<fieldset><legend>${t('delivery.where')}</legend>${choice(id, '', typed.pickup ?? '', t('delivery.nowhere'))}
${points.map((point) => choice(id, point.id, typed.pickup ?? '', t('delivery.exchangePoint', { name: point.name, address: `${point.line}, ${point.ward}` })))}
${choice(id, 'own', typed.pickup ?? '', t('delivery.ownPoint'))}</fieldset>
${field('name', 'delivery.pointName', text)}${field('line', 'delivery.pointLine', text)}
${select(
  {
    name: `wardCode-${id}`,
    label: t('delivery.pointWard'),
    value: typed.wardCode ?? '',
    error: back && errorAt(back.faults, `wardCode-${id}`),
  },
  t('delivery.chooseWard'),
  wards.map(({ code, fullName }) => ({ value: code, label: fullName })),
)}
${field('hours', 'delivery.pointHours', text, 'delivery.pointHoursHint')}
<button class="button" type="submit" name="do" value="terms">${t('delivery.save')}<span class="hidden"> ${own.name}</span></button></form></li>`;
}

type Perishable = Awaited<ReturnType<Shipping['listPerishables']>>[number];

function limitsForm(view: View, goods: readonly Perishable[], back: Back | undefined): SafeHtml | false {
  const { t, link } = view;
  const hours = ({ productId, name, maxHours: limit }: Perishable): SafeHtml =>
    input({
      name: `hours-${productId}`,
      label: t('delivery.hoursOf', { name }),
      value: back?.typed[`hours-${productId}`] ?? (limit === null ? '' : String(limit)),
      error: back && errorAt(back.faults, `hours-${productId}`),
      more: html`type="text" inputmode="numeric" maxlength="3"`,
    });
  return (
    goods.length > 0 &&
    html`<form class="box stack" method="post" action="${link(path)}" novalidate>${csrfField(view.csrf)}<h2>${t('delivery.fresh')}</h2><p class="soft">${t('delivery.freshLead')}</p>
${goods.map(hours)}<button class="button" type="submit" name="do" value="limits">${t('delivery.save')}<span class="hidden"> ${t('delivery.fresh')}</span></button></form>`
  );
}

async function draw(context: PageContext, { shipping, places }: ShippingPageDeps, back?: Back): Promise<SafeHtml> {
  const { view, request } = context;
  const businessIds = ownBusinesses(request);
  const [{ items, points }, goods, wards] = await Promise.all([
    shipping.listOwn(businessIds),
    shipping.listPerishables(businessIds),
    places.listWards(homePlace.provinceCode),
  ]);
  const backOf = (id: string): Back | undefined => (back?.of === id ? back : undefined);
  return deskLayout(view, 'seller', {
    title: view.t('delivery.title'),
    part: path,
    body: html`<div class="narrow stack"><p>${view.t('delivery.lead')}</p>${errorSummary(view.t('delivery.wrong'), back?.faults ?? [])}
<ul class="stack">${items.map((own) => termsForm(view, own, points, wards, backOf(own.businessId)))}</ul>${limitsForm(view, goods, backOf('limits'))}</div>`,
  });
}

/** Dots and spaces are how people write thousands. */
const readSum = (typed: string): number | null | undefined => {
  const digits = typed.replace(/[.\s]/g, '');
  if (digits === '') return null;
  return /^[1-9]\d{0,9}$/.test(digits) ? Number(digits) : undefined;
};

function draftOf(typed: Typed, freeOver: number | null): TermsDraft {
  const freeOverVnd = freeOver === null ? null : vnd(freeOver);
  const { pickup, name, line, wardCode, hours } = typed;
  if (pickup === 'own') return { freeOverVnd, pickup: { own: { name, line, wardCode, hours } } };
  if (pickup !== '' && !isId<'PickupPoint'>(pickup)) throw refuse('pickup-point-not-found');
  return { freeOverVnd, pickup: pickup === '' ? null : { pickupPointId: pickup } };
}

async function sendTerms(
  context: PageContext,
  deps: ShippingPageDeps,
  id: BusinessId,
): Promise<SafeHtml | typeof SENT> {
  const { field, request, reply, view } = context;
  const typed = Object.fromEntries(
    fieldNames.map((name) => [name, field(`${name}-${id}`).slice(0, 200).toWellFormed()]),
  ) as Typed;
  const freeOver = readSum(typed.freeOver);
  if (freeOver === undefined) {
    void reply.code(422);
    return draw(context, deps, {
      of: id,
      typed,
      faults: [{ name: `freeOver-${id}`, message: view.t('delivery.badSum') }],
    });
  }
  const faults = await faultsOf(context, () =>
    deps.shipping.saveTerms(keeperOf(request), id, draftOf(typed, freeOver)),
  );
  if (!faults) return seeOther(context, path);
  const named = faults.map(({ name, message }) => ({ name: name === '' ? '' : `${name}-${id}`, message }));
  return draw(context, deps, { of: id, typed, faults: named });
}

async function sendLimits(context: PageContext, deps: ShippingPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request, reply, view } = context;
  const goods = await deps.shipping.listPerishables(ownBusinesses(request));
  const rows = goods.map((one) => ({ ...one, typed: field(`hours-${one.productId}`).slice(0, 10) }));
  const isGood = ({ typed }: { readonly typed: string }): boolean =>
    typed === '' || (/^[1-9]\d{0,2}$/.test(typed) && Number(typed) <= maxHours);
  const faults = rows
    .filter((row) => !isGood(row))
    .map(({ productId, name }) => ({ name: `hours-${productId}`, message: view.t('delivery.badHours', { name }) }));
  if (faults.length > 0) {
    void reply.code(422);
    const typed = Object.fromEntries(rows.map((row) => [`hours-${row.productId}`, row.typed]));
    return draw(context, deps, { of: 'limits', typed, faults });
  }
  for (const { productId, typed, maxHours: before } of rows) {
    const wanted = typed === '' ? null : Number(typed);
    if (wanted !== before) await deps.shipping.setProductLimit(keeperOf(request), productId, wanted);
  }
  return seeOther(context, path);
}

/** What a business gives its buyers of delivery: free from a sum on, a place to collect at, and what does not bear a long way. */
export const shippingPages: FastifyPluginAsync<ShippingPageDeps> = async (app, deps) => {
  page(app, deps.site, spec, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', ...spec }, (context) => {
    if (context.field('do') === 'limits') return sendLimits(context, deps);
    const id = context.field('businessId');
    if (!isId<'Business'>(id)) throw refuseBusiness('business-not-found');
    return sendTerms(context, deps, id);
  });
};
