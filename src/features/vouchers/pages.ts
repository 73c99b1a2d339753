import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { type DeskKind, deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField } from '#web/parts/field.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import { conditions } from './conditions.ts';
import { type Fault, nothingTyped, readTerms, type Typed, termsForm, typedTerms } from './form.ts';
import { clerkRoles, giverRoles, sellerGiver } from './routes.ts';
import { stateOf } from './rules.ts';
import type { Giver, Vouchers } from './service.ts';
import { type VoucherState, voucherProblems } from './types.ts';
import type { PublicVoucher } from './views.ts';
import { stateNames } from './words.ts';

export type VoucherPageDeps = { readonly site: Site; readonly vouchers: Vouchers; readonly now: Clock };
const refuse = refusals(voucherProblems);

const publicRow = (view: View, shown: PublicVoucher): SafeHtml => {
  const { t, link } = view;
  const { code, name } = shown.voucher;
  return html`<li class="box stack"><h2 class="small-title">${name}</h2>${
    code === null
      ? html`<p class="tag good">${t('voucher.automatic')}</p>`
      : html`<p>${t('voucher.code')}: <b class="code">${code}</b></p>`
  }${conditions(view, shown)}${
    shown.business && html`<p><a href="${link(`/co-so/${shown.business.slug}`)}">${t('voucher.goods')}</a></p>`
  }</li>`;
};

function publicPage(view: View, list: readonly PublicVoucher[]): SafeHtml {
  const { t, link } = view;
  return layout(view, {
    title: t('voucher.publicTitle'),
    description: t('voucher.publicLead'),
    canonical: '/uu-dai',
    body: html`<div class="narrow stack"><h1>${t('voucher.publicTitle')}</h1><p class="soft">${t('voucher.publicLead')}</p>
${
  list.length > 0
    ? html`<ul class="stack">${list.map((one) => publicRow(view, one))}</ul>`
    : empty(
        t('voucher.none'),
        t('voucher.noneText'),
        html`<a class="button" href="${link('/tim-kiem')}">${t('home.browse')}</a>`,
      )
}</div>`,
  });
}

const tones: Readonly<Record<VoucherState, Tone>> = {
  scheduled: 'wait',
  running: 'good',
  'used-up': 'away',
  ended: 'away',
};
type Desk = { readonly kind: DeskKind; readonly root: string; readonly giver: Giver };

const ownRow = (view: View, { root }: Desk, shown: PublicVoucher, now: Date): SafeHtml => {
  const { t, format, link } = view;
  const { voucher } = shown;
  const state = stateOf(voucher, now);
  const of = (left: string, most: string | null): string => (most === null ? left : `${left} / ${most}`);
  return html`<li class="box stack"><h3>${voucher.name}</h3><p class="row"><span class="tag ${tones[state]}">${t(stateNames[state])}</span>
${voucher.code === null ? t('voucher.automatic') : html`<span class="code">${voucher.code}</span>`}</p>${conditions(view, shown)}
<dl class="facts"><dt>${t('voucher.spent')}</dt><dd>${of(format.vnd(voucher.spentVnd), voucher.budgetVnd && format.vnd(voucher.budgetVnd))}</dd>
<dt>${t('voucher.uses')}</dt><dd>${of(String(voucher.uses), voucher.maxUses === null ? null : String(voucher.maxUses))}</dd>
<dt>${t('voucher.bearer')}</dt><dd>${t('voucher.bearerShare', { percent: voucher.exchangeBps / 100 })}</dd></dl>
${
  (state === 'running' || state === 'scheduled') &&
  html`<form method="post" action="${link(root)}">${csrfField(view.csrf)}<input type="hidden" name="voucherId" value="${voucher.id}">
<button class="button quiet" type="submit" name="do" value="end">${t('voucher.end')}<span class="hidden"> ${voucher.name}</span></button></form>`
}</li>`;
};

async function showDesk(
  { view }: PageContext,
  { vouchers, now }: VoucherPageDeps,
  desk: Desk,
  typed: Typed = nothingTyped,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { t } = view;
  const [list, givers] = await Promise.all([vouchers.listOwn(desk.giver), vouchers.listGivers(desk.giver)]);
  return deskLayout(view, desk.kind, {
    title: t('voucher.title'),
    part: desk.root,
    body: html`<div class="narrow stack"><p class="soft">${t(desk.kind === 'seller' ? 'voucher.sellerLead' : 'voucher.staffLead')}</p>
${list.length > 0 ? html`<ul class="changes">${list.map((one) => ownRow(view, desk, one, now()))}</ul>` : html`<p>${t('voucher.noneYet')}</p>`}
${termsForm(view, { root: desk.root, kind: desk.kind, givers }, typed, faults)}</div>`,
  });
}

/** A refusal at the field it speaks of. */
function faultOf({ either }: View, { entry, extra }: Problem): Fault {
  const pointer = typeof extra.pointer === 'string' ? extra.pointer.slice(1) : '';
  const name = { rateBps: 'amount', amountVnd: 'amount', scopeIds: 'goods' }[pointer] ?? pointer;
  const missing = Array.isArray(extra.missing) ? ` (${extra.missing.join(', ')})` : '';
  return { name, message: `${either(entry.vi[0], entry.en[0])}${missing}. ${either(entry.vi[1], entry.en[1])}` };
}

async function sendDesk(context: PageContext, deps: VoucherPageDeps, desk: Desk): Promise<SafeHtml | typeof SENT> {
  const { view, field, reply } = context;
  if (field('do') === 'end') {
    const id = field('voucherId');
    if (!isId<'Voucher'>(id)) throw refuse('voucher-not-found');
    await deps.vouchers.end(desk.giver, id);
    return seeOther(context, desk.root);
  }
  const typed = typedTerms(context);
  const again = (faults: readonly Fault[], status = 422) => {
    void reply.code(status);
    return showDesk(context, deps, desk, typed, faults);
  };
  const { faults, request } = readTerms(view, typed, desk.giver, deps.now());
  if (!request) return again(faults);
  try {
    await deps.vouchers.give(desk.giver, request);
    return seeOther(context, desk.root);
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404 || error.status >= 500) throw error;
    return again([faultOf(view, error)], error.status);
  }
}

export const voucherPages: FastifyPluginAsync<VoucherPageDeps> = async (app, deps) => {
  const { site, vouchers } = deps;
  page(app, site, { access: 'public', url: '/uu-dai' }, async ({ view }) =>
    publicPage(view, await vouchers.listPublic()),
  );
  const desks = [
    { spec: { access: 'seller', roles: giverRoles }, kind: 'seller', root: '/ban-hang/uu-dai', giverOf: sellerGiver },
    { spec: { access: 'staff', roles: clerkRoles }, kind: 'staff', root: '/quan-tri/uu-dai', giverOf: byOf },
  ] as const;
  for (const { spec, kind, root, giverOf } of desks) {
    const deskOf = ({ request }: PageContext): Desk => ({ kind, root, giver: giverOf(request) });
    page(app, site, { ...spec, url: root }, (context) => showDesk(context, deps, deskOf(context)));
    page(app, site, { ...spec, method: 'POST', url: root }, (context) => sendDesk(context, deps, deskOf(context)));
  }
};
