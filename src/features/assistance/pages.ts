import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { ASSIST_SCOPES, type AssistScope } from '#core/roles.ts';
import type { Businesses } from '#features/businesses/index.ts';
import { actList, type Helpers } from '#features/businesses/index.ts';
import { actorOf } from '#http/access.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { checkbox, csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { assistantOf } from './routes.ts';
import { stateOf } from './rules.ts';
import type { Assistance } from './service.ts';
import { assistanceProblems, type ConsentState } from './types.ts';
import type { ConsentView } from './views.ts';

export type AssistPageDeps = {
  readonly site: Site;
  readonly assistance: Assistance;
  readonly businesses: Businesses;
};
const refuse = refusals(assistanceProblems);
const path = '/ho-tro';
const tones = { asked: 'wait', given: 'good', expired: 'away', revoked: 'bad' } as const;
const scopeLabels: Readonly<Record<AssistScope, MessageKey>> = {
  profile: 'assist.scope.profile',
  products: 'assist.scope.products',
  stock: 'assist.scope.stock',
  'orders-read': 'assist.scope.orders-read',
};
const stateLabels: Readonly<Record<ConsentState, MessageKey>> = {
  asked: 'assist.state.asked',
  given: 'assist.state.given',
  expired: 'assist.state.expired',
  revoked: 'assist.state.revoked',
};
const lastDay = ({ format }: View, expiresAt: Date): string => format.date(new Date(expiresAt.getTime() - 1));

const scopeNames = ({ t, format }: View, { scopes }: ConsentView): string =>
  format.list(scopes.map((scope) => t(scopeLabels[scope])));
const stateTag = ({ t }: View, consent: ConsentView, now: Date): SafeHtml => {
  const state = stateOf(consent, now);
  return html`<span class="tag ${tones[state]}">${t(stateLabels[state])}</span>`;
};

/** What a household's own page shows of its helpers, with one press to take the consent back. */
export const consentHelpers = ({ assistance }: Pick<AssistPageDeps, 'assistance'>): Helpers => ({
  draw: async (view, businessId) => {
    const { t, link, csrf } = view;
    const now = assistance.now();
    const shown = (await assistance.listOf(businessId)).filter((one) => stateOf(one, now) !== 'expired');
    if (shown.length === 0) return html`<p class="soft">${t('mine.noHelpers')}</p>`;
    return html`<ul>${shown.map(
      (consent) =>
        html`<li class="person"><div><b>${consent.assistant ?? '–'}</b> ${stateTag(view, consent, now)}<p class="small soft">${consent.team} · ${scopeNames(view, consent)} · ${t('assist.until', { date: lastDay(view, consent.expiresAt) })}</p></div>${
          ['given', 'asked'].includes(stateOf(consent, now)) &&
          html`<form method="post" action="${link('/ban-hang/co-so')}">${csrfField(csrf)}<input type="hidden" name="businessId" value="${businessId}"><input type="hidden" name="consentId" value="${consent.consentId}"><button class="button quiet" type="submit" name="do" value="revoke">${t('assist.revoke')}<span class="hidden"> ${consent.assistant}</span></button></form>`
        }</li>`,
    )}</ul>`;
  },
  revoke: async ({ request }, businessId, consentId) => {
    if (!isId<'Consent'>(consentId)) throw refuse('consent-not-found');
    await assistance.revoke({ actor: actorOf(request), address: request.ip, businessIds: [businessId] }, consentId);
  },
});

type AskForm = {
  readonly phone: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly months: string;
};
const emptyAsk: AskForm = { phone: '', name: '', scopes: ['profile', 'products', 'stock'], months: '6' };

const askForm = (view: View, typed: AskForm, faults: readonly Fault[]): SafeHtml => {
  const { t, link, csrf } = view;
  return html`<form class="box stack" method="post" action="${link(path)}" novalidate><h2>${t('assist.ask')}</h2>${csrfField(csrf)}
${input({ name: 'phone', label: t('assist.phone'), value: typed.phone, error: errorAt(faults, 'phone'), required: true, more: html`type="tel" inputmode="tel" maxlength="30" autocomplete="off"` })}
${input({ name: 'name', label: t('assist.newName'), hint: t('assist.newNameHint'), value: typed.name, error: errorAt(faults, 'name'), more: html`type="text" maxlength="200" autocomplete="off"` })}
<fieldset id="scopes"><legend>${t('assist.scopes')}</legend>${ASSIST_SCOPES.map((scope) => checkbox({ name: 'scopes', label: t(scopeLabels[scope]), value: scope, checked: typed.scopes.includes(scope) }, `scope-${scope}`))}<p class="small soft">${t('assist.never')}</p></fieldset>
${input({ name: 'months', label: t('assist.months'), value: typed.months, error: errorAt(faults, 'months') ?? errorAt(faults, 'scopes'), required: true, more: html`type="number" inputmode="numeric" min="1" max="12"` })}
<button class="button wide" type="submit" name="do" value="ask">${t('assist.send')}</button></form>`;
};

const codeForm = (
  { t, link, csrf, site }: View,
  { consentId, household }: ConsentView,
  faults: readonly Fault[],
): SafeHtml =>
  html`<form class="stack" method="post" action="${link(path)}" novalidate>${csrfField(csrf)}<input type="hidden" name="consentId" value="${consentId}">
${input({ name: `code-${consentId}`, label: t('assist.code'), hint: t('assist.codeSent'), value: '', error: errorAt(faults, `code-${consentId}`), required: true, more: html`type="text" inputmode="numeric" maxlength="10" autocomplete="one-time-code"` })}
<button class="button" type="submit" name="do" value="confirm">${t('assist.confirm')}<span class="hidden"> ${household}</span></button>
${site.demo && html`<p class="sample"><a href="${link('/minh-hoa/tin-nhan')}">${t('assist.demoCode')}</a></p>`}</form>`;

function household(view: View, consent: ConsentView, now: Date, faults: readonly Fault[]): SafeHtml {
  const { t, link } = view;
  const state = stateOf(consent, now);
  return html`<li class="box stack"><h3>${consent.household}</h3><p class="row">${stateTag(view, consent, now)}<span class="small soft">${scopeNames(view, consent)} · ${t('assist.until', { date: lastDay(view, consent.expiresAt) })}</span></p>
${state === 'asked' && codeForm(view, consent, faults)}
${state === 'given' && consent.scopes.includes('profile') && html`<p><a class="button" href="${link(`/ban-hang/dang-ky/${consent.businessId}`)}">${t('assist.open')}<span class="hidden"> ${consent.household}</span></a></p>`}</li>`;
}

async function draw(
  { view, request }: PageContext,
  { assistance }: AssistPageDeps,
  typed = emptyAsk,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { t } = view;
  const assistant = assistantOf(request);
  const [teams, asked] = await Promise.all([assistance.listTeamsOf(assistant), assistance.listAsked(assistant)]);
  const now = assistance.now();
  const open = asked.filter((one) => ['asked', 'given'].includes(stateOf(one, now)));
  const body =
    teams.length === 0
      ? html`<p class="notice wait">${t('assist.notYet')}</p>`
      : html`<p class="lead">${t('assist.intro')}</p><p><b>${t('assist.teams')}:</b> ${teams.map(({ name }) => name).join(', ')}</p>
${errorSummary(t('apply.faults'), faults)}
<section class="stack" aria-labelledby="households"><h2 id="households">${t('assist.households')}</h2>${open.length === 0 ? html`<p class="soft">${t('assist.noHouseholds')}</p>` : html`<ul class="stack">${open.map((one) => household(view, one, now, faults))}</ul>`}</section>
${askForm(view, typed, faults)}`;
  return layout(view, {
    title: t('assist.title'),
    body: html`<div class="narrow stack"><h1>${t('assist.title')}</h1>${body}</div>`,
  });
}

async function ask(context: PageContext, deps: AssistPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, fields, request } = context;
  const typed = { phone: field('phone'), name: field('name'), scopes: fields('scopes'), months: field('months') };
  const wanted = { scopes: typed.scopes, months: /^\d{1,2}$/.test(typed.months) ? Number(typed.months) : 0 };
  const assistant = assistantOf(request);
  const faults = await faultsOf(context, () =>
    typed.name === ''
      ? deps.assistance.askHousehold(assistant, typed.phone, wanted)
      : deps.assistance.beginHousehold(assistant, typed, wanted),
  );
  return faults ? draw(context, deps, typed, faults) : seeOther(context, path);
}

async function confirm(context: PageContext, deps: AssistPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request } = context;
  const id = field('consentId');
  if (!isId<'Consent'>(id)) throw refuse('consent-not-found');
  const faults = await faultsOf(context, () => deps.assistance.confirm(assistantOf(request), id, field(`code-${id}`)));
  if (!faults) return seeOther(context, path);
  return draw(
    context,
    deps,
    emptyAsk,
    faults.map(({ message }) => ({ name: `code-${id}`, message })),
  );
}

/** The page behind the link in a household's message: no account, one press. */
function consentPages(app: Parameters<FastifyPluginAsync>[0], { site, assistance }: AssistPageDeps): void {
  page(app, site, { url: '/uy-quyen/:token', access: 'public' }, async ({ view, param }) => {
    const { t, link, csrf } = view;
    const { consent, acts } = await assistance.readByLink(param('token'));
    const state = stateOf(consent, assistance.now());
    const values = {
      assistant: consent.assistant ?? '–',
      team: consent.team,
      household: consent.household,
      date: lastDay(view, consent.expiresAt),
    };
    const isOpen = state === 'given' || state === 'asked';
    return layout(view, {
      title: t('consent.title'),
      body: html`<div class="narrow stack"><h1>${t('consent.title')}</h1><p class="lead">${t('consent.text', values)}</p><p>${scopeNames(view, consent)}</p><p class="small soft">${t('assist.never')}</p>
${state === 'asked' && html`<p class="notice wait">${t('consent.waiting')}</p>`}${!isOpen && html`<p class="notice bad">${t('consent.over')}</p>`}
${isOpen && html`<form method="post" action="${link(`/uy-quyen/${param('token')}`)}">${csrfField(csrf)}<button class="button wide" type="submit">${t('consent.stop')}</button></form>`}${actList(view, acts)}</div>`,
    });
  });
  page(app, site, { method: 'POST', url: '/uy-quyen/:token', access: 'public' }, async (context) => {
    await assistance.revokeByLink(context.param('token'), context.request.ip);
    return seeOther(context, `/uy-quyen/${context.param('token')}`);
  });
}

/** An assistant's own page: households that consented, and how one asks another. */
export const assistPages: FastifyPluginAsync<AssistPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: path, access: 'shopper' }, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', url: path, access: 'shopper' }, (context) =>
    context.field('do') === 'confirm' ? confirm(context, deps) : ask(context, deps),
  );
  consentPages(app, deps);
};
