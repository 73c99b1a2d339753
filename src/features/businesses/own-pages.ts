import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { onBehalfOf, ownBusinesses, signedIn } from '#http/access.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { actName } from '#web/i18n/acts.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { stepPath } from './apply-forms.ts';
import { refuse } from './deps.ts';
import { actingOn } from './seller-routes.ts';
import type { Businesses } from './service.ts';
import type { BusinessId } from './types.ts';
import type { AssistedAct, OwnBusiness } from './views/desk.ts';
import { dayName, isDay, measureNames, stateTag } from './words.ts';

/** What the slice of consents shows of a household's helpers; it is asked for, since it knows businesses and not the other way round. */
export type Helpers = {
  readonly draw: (view: View, businessId: BusinessId) => Promise<SafeHtml>;
  readonly revoke: (context: PageContext, businessId: BusinessId, consentId: string) => Promise<void>;
};
export type OwnPageDeps = { readonly site: Site; readonly businesses: Businesses; readonly helpers: Helpers };

const path = '/ban-hang/co-so';
const describing = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'profile' } as const;
type HolidayForm = { readonly businessId: string; readonly from: string; readonly to: string };

const holidayForm = (
  view: View,
  business: OwnBusiness,
  typed: HolidayForm | undefined,
  faults: readonly Fault[],
): SafeHtml => {
  const { t, link, csrf } = view;
  const { businessId: id, holidayFrom, holidayTo } = business;
  const own = typed?.businessId === id ? typed : undefined;
  const field = (name: 'from' | 'to', label: string, value: string) =>
    input({
      name: `${name}-${id}`,
      label,
      value: own?.[name] ?? value,
      error: own && errorAt(faults, `${name}-${id}`),
      more: html`type="date"`,
    });
  return html`<details${(holidayTo !== null || own !== undefined) && html` open`}><summary>${t('mine.holiday')}<span class="hidden"> ${business.name}</span></summary><p class="soft">${t('mine.holidayText')}</p>
${holidayFrom !== null && holidayTo !== null && html`<p class="notice wait">${t('mine.holidayNow', { from: dayName(view, holidayFrom), to: dayName(view, holidayTo) })}</p>`}
<form class="stack" method="post" action="${link(path)}" novalidate>${csrfField(csrf)}<input type="hidden" name="businessId" value="${id}">
${field('from', t('mine.holidayFrom'), holidayFrom ?? '')}${field('to', t('mine.holidayTo'), holidayTo ?? '')}
<p class="row"><button class="button" type="submit" name="do" value="holiday">${t('mine.holidaySet')}<span class="hidden"> ${business.name}</span></button>
${holidayTo !== null && html`<button class="button quiet" type="submit" name="do" value="open">${t('mine.holidayEnd')}<span class="hidden"> ${business.name}</span></button>`}</p></form></details>`;
};

const actLine = (view: View, { happenedAt, assistant, household, action }: AssistedAct): SafeHtml =>
  html`<li>${view.format.dateTime(happenedAt)} · ${view.t('mine.act', { assistant: assistant ?? '–', household })}: ${actName(view.locale, action)}</li>`;

/** What assistants did, with both names: shown to the household, by its page and by the link in its message. */
export const actList = (view: View, acts: readonly AssistedAct[]): SafeHtml | false =>
  acts.length > 0 &&
  html`<section class="stack"><h3>${view.t('mine.acts')}</h3><ul class="acts">${acts.map((act) => actLine(view, act))}</ul></section>`;

async function measuresOf(view: View, { businesses }: OwnPageDeps, id: BusinessId): Promise<readonly SafeHtml[]> {
  const { t, format } = view;
  const standing = (await businesses.listMeasures(id)).filter(({ liftedAt }) => !liftedAt);
  return standing.map(
    ({ kind, reason, effectiveAt }) =>
      html`<p class="notice bad"><b>${t(measureNames[kind])}</b> ${t('mine.measureFrom', { from: format.dateTime(effectiveAt), reason })}</p>`,
  );
}

async function card(
  context: PageContext,
  deps: OwnPageDeps,
  business: OwnBusiness,
  typed: HolidayForm | undefined,
  faults: readonly Fault[],
) {
  const { view, request } = context;
  const { t, link } = view;
  const { businessId: id, name, status, slug } = business;
  const isAssisted = onBehalfOf(request, id) !== undefined;
  const isClosed = status === 'closed';
  return html`<li class="box stack"><h2>${name}</h2><p class="row">${stateTag(view, status)}${business.ward && html`<span class="soft">${business.ward.name}</span>`}</p>
${isAssisted && html`<p class="notice wait">${t('assist.banner', { assistant: signedIn(request).name, household: name })}</p>`}
${await measuresOf(view, deps, id)}
<p class="row"><a class="button" href="${link(stepPath(id, 'preview'))}">${t('mine.edit')}<span class="hidden"> ${name}</span></a>
${!isAssisted && !isClosed && html`<a class="button quiet" href="${link(stepPath(id, 'bank'))}">${t('apply.bank')}<span class="hidden"> ${name}</span></a>`}
${status === 'approved' && html`<a class="button quiet" href="${link(`/co-so/${slug}`)}">${t('mine.page')}<span class="hidden"> ${name}</span></a>`}</p>
${status === 'approved' && holidayForm(view, business, typed, faults)}
${!isAssisted && html`<section class="stack"><h3>${t('mine.helpers')}</h3>${await deps.helpers.draw(view, id)}</section>`}
${actList(view, await deps.businesses.listActsFor(id))}</li>`;
}

async function draw(
  context: PageContext,
  deps: OwnPageDeps,
  typed?: HolidayForm,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { view, request } = context;
  const own = await deps.businesses.listOwn(ownBusinesses(request));
  const cards = await Promise.all(own.map((business) => card(context, deps, business, typed, faults)));
  return deskLayout(view, 'seller', {
    title: view.t('mine.title'),
    part: path,
    body: html`<div class="narrow stack">${errorSummary(view.t('apply.faults'), faults)}<ul class="stack">${cards}</ul>
<p><a href="${view.link('/ban-hang/dang-ky')}">${view.t('apply.title')}</a></p></div>`,
  });
}

async function setHoliday(context: PageContext, deps: OwnPageDeps, id: BusinessId): Promise<SafeHtml | typeof SENT> {
  const { field, request, view } = context;
  const by = actingOn(request, id);
  const typed = { businessId: id, from: field(`from-${id}`), to: field(`to-${id}`) };
  const ends = field('do') === 'open';
  const isRead = isDay(typed.from) && isDay(typed.to);
  const faults =
    ends || isRead
      ? await faultsOf(context, () => deps.businesses.setHoliday(by, id, ends ? null : typed))
      : [{ name: 'from', message: view.t('apply.paperMissingDate') }];
  if (!faults) return seeOther(context, path);
  if (!ends && !isRead) void context.reply.code(422);
  return draw(
    context,
    deps,
    typed,
    faults.map(({ name, message }) => ({ name: `${name || 'to'}-${id}`, message })),
  );
}

/** A member's businesses: where they stand, their holidays, and who may act for them. */
export const ownPages: FastifyPluginAsync<OwnPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: path, ...describing }, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', url: path, ...describing }, async (context) => {
    const { field, request } = context;
    const id = field('businessId');
    if (!isId<'Business'>(id)) throw refuse('business-not-found');
    await deps.businesses.getOwn(id, ownBusinesses(request));
    if (field('do') !== 'revoke') return setHoliday(context, deps, id);
    await deps.helpers.revoke(context, id, field('consentId'));
    return seeOther(context, path);
  });
};
