import type { FastifyPluginAsync } from 'fastify';
import { type Clock, localDate, startOfLocalDay } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { BUSINESS_TYPES } from '#features/businesses/types.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { businessKind } from '#web/parts/business-card.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { feeRoles } from './routes.ts';
import { earliestFee } from './rules.ts';
import type { FeeRequest, Fees } from './service.ts';
import type { ListedFee } from './views.ts';

export type FeePageDeps = {
  readonly site: Site;
  readonly fees: Fees;
  readonly listCategories: () => Promise<
    readonly { readonly id: number; readonly nameVi: string; readonly nameEn: string }[]
  >;
  readonly now: Clock;
};
type Published = Awaited<ReturnType<Fees['published']>>;
const root = '/quan-tri/bieu-phi';
const percent = (rateBps: number): string => `${String(rateBps / 100).replace('.', ',')}%`;

function forWhom(view: View, { business, category, categoryEn, businessType }: ListedFee): string {
  const { t, either } = view;
  if (business !== null) return t('fee.forBusiness', { name: business });
  if (category !== null) return t('fee.forCategory', { name: either(category, categoryEn ?? category) });
  return businessType === null ? t('fee.forAll') : t('fee.forType', { type: businessKind(view, businessType) });
}

const feeTable = (view: View, { fees, vat }: Published): SafeHtml => {
  const { t, format } = view;
  return html`<ul class="stack">${fees.map(
    (fee) =>
      html`<li class="box"><h2 class="small-title">${forWhom(view, fee)}</h2><p><b>${fee.rateBps === null ? t('fee.ended') : t('fee.rate', { percent: percent(fee.rateBps) })}</b>
<span class="tag ${fee.state === 'in-force' ? 'good' : 'wait'}">${t(fee.state === 'in-force' ? 'fee.state.in-force' : 'fee.state.announced')}</span></p>
<p class="small soft">${t('fee.from', { time: format.date(fee.validFrom) })} · ${t('fee.published', { time: format.date(fee.publishedAt) })}</p><p class="small">${fee.note}</p></li>`,
  )}</ul><section class="box"><h2 class="small-title">${t('fee.vat')}</h2><ul>${vat.map(({ rateBps, validFrom }) => html`<li>${percent(rateBps)} · ${t('fee.from', { time: format.date(validFrom) })}</li>`)}</ul></section>`;
};

const publicPage = (view: View, published: Published): SafeHtml => {
  const { t } = view;
  return layout(view, {
    title: t('fee.publicTitle'),
    description: t('fee.lead'),
    canonical: '/bieu-phi',
    body: html`<div class="narrow stack"><h1>${t('fee.publicTitle')}</h1><p class="soft">${t('fee.lead')}</p>${feeTable(view, published)}<p class="small soft">${t('fee.rules')}</p></div>`,
  });
};

const names = ['rate', 'businessType', 'categoryId', 'businessId', 'validFrom', 'note'] as const;
type Typed = ReadonlyMap<string, string>;
type Fault = { readonly name: string; readonly message: string };

async function showDesk(
  context: PageContext,
  deps: FeePageDeps,
  typed: Typed = new Map(),
  faults: readonly Fault[] = [],
) {
  const { view } = context;
  const { t, link, either } = view;
  const categories = await deps.listCategories();
  const base = (name: (typeof names)[number], label: string, hint?: string) => ({
    ...{ name, label, value: typed.get(name) ?? '', error: faults.find((one) => one.name === name)?.message },
    ...(hint && { hint }),
  });
  const earliest = localDate(new Date(earliestFee(deps.now()).getTime() + 86_400_000));
  const text = html`type="text" autocomplete="off" maxlength="200"`;
  return deskLayout(view, 'staff', {
    title: t('fee.title'),
    part: root,
    body: html`<div class="narrow stack">${feeTable(view, await deps.fees.published())}
<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}<h2>${t('fee.new')}</h2><p class="small soft">${t('fee.newHint')}</p>${errorSummary(t('fee.faults'), faults)}
${input({ ...base('rate', t('fee.percent'), t('fee.percentHint')), more: html`type="text" inputmode="decimal" maxlength="6" autocomplete="off"` })}
${select(
  base('businessType', t('fee.type')),
  t('fee.none'),
  BUSINESS_TYPES.map((one) => ({ value: one, label: businessKind(view, one) })),
)}
${select(
  base('categoryId', t('fee.category')),
  t('fee.none'),
  categories.map(({ id, nameVi, nameEn }) => ({ value: String(id), label: either(nameVi, nameEn) })),
)}
${input({ ...base('businessId', t('fee.business')), more: text })}
${input({ ...base('validFrom', t('fee.validFrom'), t('fee.earliest', { day: earliest })), more: html`type="date" min="${earliest}" required` })}
${input({ ...base('note', t('fee.note')), more: text })}
<button class="button" type="submit">${t('fee.publish')}</button></form></div>`,
  });
}

/** A day that is none comes to no instant, which the rules refuse. */
const dayOf = (typed: string): Date => {
  try {
    return startOfLocalDay(typed);
  } catch {
    return new Date(Number.NaN);
  }
};

function requestOf(typed: Typed): FeeRequest {
  const of = (name: (typeof names)[number]): string => typed.get(name) ?? '';
  const rate = of('rate') === '' ? null : Math.round(Number(of('rate').replace(',', '.')) * 100);
  return {
    rateBps: rate,
    businessId: (of('businessId') || null) as FeeRequest['businessId'],
    categoryId: /^\d{1,3}$/.test(of('categoryId')) ? Number(of('categoryId')) : null,
    businessType: BUSINESS_TYPES.find((one) => one === of('businessType')) ?? null,
    validFrom: dayOf(of('validFrom')),
    note: of('note'),
  };
}

async function sendDesk(context: PageContext, deps: FeePageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, view, reply, request } = context;
  const typed: Typed = new Map(names.map((name) => [name, field(name).slice(0, 200).toWellFormed()]));
  const again = (fault: Fault, status = 422) => {
    void reply.code(status);
    return showDesk(context, deps, typed, [fault]);
  };
  const sent = requestOf(typed);
  if (sent.businessId !== null && !isId<'Business'>(sent.businessId))
    return again({ name: 'businessId', message: view.t('fee.badBusiness') });
  try {
    await deps.fees.publish(byOf(request), sent);
    return seeOther(context, root);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const pointer = typeof error.extra.pointer === 'string' ? error.extra.pointer.slice(1) : '';
    const message = view.either(error.entry.vi.join('. '), error.entry.en.join('. '));
    return again({ name: pointer === 'rateBps' ? 'rate' : pointer, message }, error.status);
  }
}

export const feePages: FastifyPluginAsync<FeePageDeps> = async (app, deps) => {
  const { site, fees } = deps;
  const spec = { access: 'staff', roles: feeRoles } as const;
  page(app, site, { access: 'public', url: '/bieu-phi' }, async ({ view }) => publicPage(view, await fees.published()));
  page(app, site, { ...spec, url: root }, (context) => showDesk(context, deps));
  page(app, site, { ...spec, method: 'POST', url: root }, (context) => sendDesk(context, deps));
};
