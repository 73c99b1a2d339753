import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { settlementProblems } from '#features/settlement/types.ts';
import { byOf } from '#http/access.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { Coming, Watched } from './desk-views.ts';
import type { Direct } from './service.ts';

type Officer = ReturnType<typeof byOf>;
export type DirectStaffDeps = {
  readonly site: Site;
  readonly direct: Pick<Direct, 'watch'>;
  readonly confirmAccount: (officer: Officer, businessId: BusinessId, note: string) => Promise<void>;
};
type Shown = { readonly faults: readonly Fault[]; readonly businessId: string; readonly note: string };

const path = '/quan-tri/nhan-truc-tiep';
const refuse = refusals(settlementProblems);
const modes: Readonly<Record<Watched['mode'], readonly [tone: string, name: MessageKey]>> = {
  direct: ['good', 'direct.isDirect'],
  lapsed: ['wait', 'direct.watch.lapsed'],
  collected: ['away', 'direct.isCollected'],
};
const calls = ({ visitor }: View): boolean => visitor?.staffRole === 'finance' || visitor?.staffRole === 'admin';

const callForm = (view: View, { businessId, name }: Watched, shown: Shown): SafeHtml => {
  const isThis = shown.businessId === businessId;
  const field = `note-${businessId}`;
  return html`<form class="stack" method="post" action="${view.link(path)}">${csrfField(view.csrf)}<input type="hidden" name="businessId" value="${businessId}">${input(
    {
      name: field,
      label: view.t('runs.confirmNote'),
      value: isThis ? shown.note : '',
      error: isThis ? shown.faults[0]?.message : undefined,
      required: true,
      more: html`type="text" maxlength="300" autocomplete="off"`,
    },
  )}<button class="button quiet" type="submit">${view.t('runs.confirm')}<span class="hidden"> ${name}</span></button></form>`;
};

function watchedBox(view: View, one: Watched, shown: Shown): SafeHtml {
  const { t, format } = view;
  const { mode, last4, holderName, confirmed, feeVnd, backVnd, lateVnd } = one;
  const [tone, modeName] = modes[mode];
  const sum = (amountVnd: number, name: MessageKey): SafeHtml | false =>
    amountVnd > 0 && html`<p class="row"><span>${t(name)}</span><b class="price">${format.vnd(amountVnd)}</b></p>`;
  return html`<li class="box stack"><h3>${one.name}</h3><p><span class="tag ${tone}">${t(modeName)}</span></p>
${sum(feeVnd, 'direct.watch.fee')}${sum(backVnd, 'direct.watch.back')}${sum(lateVnd, 'direct.watch.late')}
<p class="small soft">${t(confirmed ? 'direct.watch.checked' : 'direct.watch.unchecked', { last: last4, holder: holderName })}</p>${!confirmed && calls(view) && callForm(view, one, shown)}</li>`;
}

const comingTable = ({ t, format }: View, coming: readonly Coming[]): SafeHtml =>
  html`<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('staff.code')}</th><th scope="col">${t('nav.producers')}</th><th scope="col">${t('direct.watch.until')}</th><th scope="col" class="number">${t('staff.amount')}</th></tr></thead><tbody>
${coming.map(({ orderCode, business, expiresAt, amountVnd, receivedVnd }) => html`<tr><td class="code">${orderCode}</td><td>${business}</td><td>${format.dateTime(expiresAt)}</td><td class="number">${format.vnd(amountVnd)}${receivedVnd > 0 && html`<br><span class="small soft">${t('direct.soFar', { amount: format.vnd(receivedVnd) })}</span>`}</td></tr>`)}</tbody></table></div>`;

const nothing: Shown = { faults: [], businessId: '', note: '' };

async function drawDesk({ view }: PageContext, { direct }: DirectStaffDeps, shown = nothing): Promise<SafeHtml> {
  const { t } = view;
  const { watched, coming } = await direct.watch();
  return deskLayout(view, 'staff', {
    title: t('direct.title'),
    part: path,
    body: html`<p class="soft">${t('direct.watch.lead')}</p>${errorSummary(t('checkout.faults'), shown.faults)}
<section class="section stack" aria-labelledby="houses"><h2 id="houses">${t('direct.watch.businesses')}</h2>${watched.length === 0 ? html`<p>${t('direct.watch.none')}</p>` : html`<ul class="producers">${watched.map((one) => watchedBox(view, one, shown))}</ul>`}</section>
<section class="section stack" aria-labelledby="coming"><h2 id="coming">${t('direct.waiting')}</h2>${coming.length === 0 ? html`<p>${t('direct.noneWaits')}</p>` : comingTable(view, coming)}</section>`,
  });
}

async function confirm(context: PageContext, deps: DirectStaffDeps): Promise<SafeHtml | typeof SENT> {
  const businessId = context.field('businessId').slice(0, 40);
  const note = context.field(`note-${businessId}`);
  const faults = await faultsOf(context, async () => {
    if (!isId<'Business'>(businessId)) throw refuse('bank-account-unknown');
    await deps.confirmAccount(byOf(context.request), businessId, note);
  });
  if (!faults) return seeOther(context, path);
  const named = faults.map(({ message }) => ({ name: `note-${businessId}`, message }));
  return drawDesk(context, deps, { faults: named, businessId, note });
}

/** Where finance calls owners about their accounts, and sees who is paid past the exchange and owes of it. */
export const directStaffPages: FastifyPluginAsync<DirectStaffDeps> = async (app, deps) => {
  const { site } = deps;
  page(app, site, { url: path, access: 'staff', roles: ['finance', 'auditor'] }, (context) => drawDesk(context, deps));
  page(app, site, { method: 'POST', url: path, access: 'staff', roles: ['finance'], fresh: true }, (context) =>
    confirm(context, deps),
  );
};
