import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { KEY_SCOPES } from '#core/roles.ts';
import { ownBusinesses, signedIn } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, seeOther } from '#web/page.ts';
import { copyable } from '#web/parts/copyable.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { KeyState } from './api-keys.ts';
import { attempt, errorAt, type Fault, faultsOf, oneButton, type Shown } from './forms.ts';
import type { Identity } from './service.ts';
import type { NamedBusiness } from './views.ts';
import { keyStateNames, scopeNames } from './words.ts';

export type KeyPageDeps = { readonly site: Site; readonly identity: Identity; readonly now: () => Date };

const url = '/ban-hang/khoa-api';
const day = 86_400_000;
type Typed = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly days: string;
  readonly businessId: string;
};
const blank: Typed = { name: '', scopes: [], days: '90', businessId: '' };

const stateTag = ({ t }: View, { state }: KeyState): SafeHtml => {
  const colour = { live: 'good', expired: 'wait', revoked: 'bad' }[state];
  return html`<span class="tag ${colour}">${t(keyStateNames[state])}</span>`;
};

const keyRow = (view: View, key: KeyState): SafeHtml => {
  const { t, format } = view;
  const used = key.lastUsedAt ? t('keys.used', { time: format.dateTime(key.lastUsedAt) }) : t('keys.unused');
  return html`<li class="person"><div><b>${key.name}</b> ${stateTag(view, key)}
<p class="small soft"><code>${key.prefix}…</code> · ${t('keys.until', { date: format.date(key.expiresAt) })} · ${used}<br>${format.list(key.scopes.map((scope) => t(scopeNames[scope])))}</p></div>
${key.state === 'live' && oneButton(view, url, { do: 'revoke', keyId: key.id }, t('keys.revoke'), key.name)}</li>`;
};

const makeForm = (view: View, businesses: readonly NamedBusiness[], typed: Typed, fault?: Fault): SafeHtml => {
  const { t, link } = view;
  const [only] = businesses;
  return html`<section aria-labelledby="new"><h2 id="new">${t('keys.new')}</h2>
<form class="box stack" method="post" action="${link(url)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="make">
${
  businesses.length === 1 && only
    ? html`<input type="hidden" name="businessId" value="${only.businessId}">`
    : select(
        { name: 'businessId', label: t('keys.business'), value: typed.businessId, required: true },
        '…',
        businesses.map(({ businessId, name }) => ({ value: businessId, label: name })),
      )
}
${input({ name: 'name', label: t('keys.name'), value: typed.name, error: errorAt(fault, 'name'), required: true, more: html`type="text" maxlength="100" autocomplete="off"` })}
<fieldset class="ticks"><legend>${t('keys.scopes')}</legend>${KEY_SCOPES.map(
    (scope) =>
      html`<label class="tick"><input type="checkbox" name="scopes" value="${scope}"${typed.scopes.includes(scope) && html` checked`}><span>${t(scopeNames[scope])} <code class="small soft">${scope}</code></span></label>`,
  )}</fieldset>
${input({ name: 'days', label: t('keys.days'), value: typed.days, required: true, more: html`type="number" inputmode="numeric" min="1" max="366"` })}
<button class="button wide" type="submit">${t('keys.make')}</button></form></section>`;
};

type Facts = {
  readonly keys: readonly KeyState[];
  readonly businesses: readonly NamedBusiness[];
  readonly typed?: Typed;
  readonly fault?: Fault;
  /** The new key itself, this once. */
  readonly made?: string;
};
const keysPage = (view: View, { keys, businesses, typed = blank, fault, made }: Facts): SafeHtml => {
  const { t } = view;
  return deskLayout(view, 'seller', {
    title: t('keys.title'),
    part: url,
    body: html`<div class="narrow stack"><p>${t('keys.intro')}</p>${faultsOf(view, fault)}
${made !== undefined && html`<div class="notice good stack" role="status"><p>${t('keys.made')}</p><dl class="secret">${copyable(view, { label: t('keys.name'), shown: made })}</dl></div>`}
${keys.length === 0 ? html`<p class="soft">${t('keys.none')}</p>` : html`<ul>${keys.map((key) => keyRow(view, key))}</ul>`}
${makeForm(view, businesses, typed, fault)}</div>`,
  });
};

async function act(context: PageContext, { identity, now }: KeyPageDeps): Promise<Shown> {
  const { view, request, field, fields } = context;
  const own = ownBusinesses(request);
  const { accountId } = signedIn(request);
  const shown = async (more: Partial<Facts>) =>
    keysPage(view, {
      keys: await identity.keys.list(own),
      businesses: await identity.keys.listBusinesses(own),
      ...more,
    });
  const keyId = field('keyId');
  if (field('do') === 'revoke') {
    return attempt(
      context,
      async () => {
        if (isId<'ApiKey'>(keyId)) await identity.keys.revoke(accountId, own, keyId);
        return seeOther(context, url);
      },
      (fault) => shown({ fault }),
    );
  }
  const businessId = own.find((id) => id === field('businessId'));
  if (!businessId) throw httpProblem('not-found');
  const typed = { name: field('name'), scopes: fields('scopes'), days: field('days'), businessId };
  const wish = {
    name: typed.name,
    scopes: KEY_SCOPES.filter((scope) => typed.scopes.includes(scope)),
    expiresAt: new Date(now().getTime() + Number(typed.days || Number.NaN) * day),
  };
  return attempt(
    context,
    async () => shown({ made: (await identity.keys.make(accountId, businessId, wish)).key }),
    (fault) => shown({ typed, fault }),
  );
}

export const keyPages: FastifyPluginAsync<KeyPageDeps> = async (app, deps) => {
  const { site, identity } = deps;
  const spec = { url, access: 'seller', roles: ['owner'] } as const;
  page(app, site, spec, async ({ view, request }) => {
    const own = ownBusinesses(request);
    return keysPage(view, { keys: await identity.keys.list(own), businesses: await identity.keys.listBusinesses(own) });
  });
  page(app, site, { ...spec, method: 'POST', fresh: true }, (context) => act(context, deps));
};
