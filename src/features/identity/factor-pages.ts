import type { FastifyPluginAsync } from 'fastify';
import QRCode from 'qrcode';
import { isId } from '#core/ids.ts';
import { signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, seeOther } from '#web/page.ts';
import { csrfField, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { enrolling } from './factor-routes.ts';
import {
  type AccountPageDeps,
  attempt,
  codeField,
  type Fault,
  faultsOf,
  narrowPage,
  offersPasskeys,
  oneButton,
  recoveryPage,
  type Shown,
  safeNext,
  script,
} from './forms.ts';
import type { Identity } from './service.ts';

type Factors = Awaited<ReturnType<Identity['factors']['list']>>;
/** Where the forms of a page lead: to the account, or to the door of who may not enter without a factor. */
type Place = { readonly url: '/tai-khoan/xac-thuc' | '/dang-nhap/cai-buoc-hai'; readonly next: string };
const home: Place = { url: '/tai-khoan/xac-thuc', next: '/tai-khoan/xac-thuc' };

const passkeyAdd = (view: View, next: string): SafeHtml | false => {
  const { t, link } = view;
  if (!offersPasskeys(view)) return false;
  return html`<section class="box stack" aria-labelledby="keys"><h2 id="keys">${t('factor.keys')}</h2><p>${t('factor.keysText')}</p>
<p class="soft" data-without-passkeys>${t('factor.keyNone')}</p>
${input({ name: 'keyName', label: t('factor.keyName'), value: '', more: html`type="text" maxlength="100" autocomplete="off"` })}
<p><button class="button quiet wide" type="button" hidden data-passkey="register" data-next="${link(next)}">${t('factor.keyAdd')}</button></p>
<p class="notice bad" role="alert" hidden data-passkey-failed>${t('factor.keyFailed')}</p>
<div class="notice good stack" role="status" hidden data-recovery><p>${t('factor.codesShown')}</p><ul class="recovery"></ul>
<p><a class="button" href="${link(next)}">${t('factor.goOn')}</a></p></div></section>`;
};

const appBegin = (
  view: View,
  { url, next }: Place,
): SafeHtml => html`<section class="box stack" aria-labelledby="app"><h2 id="app">${view.t('factor.app')}</h2><p>${view.t('factor.appText')}</p>
<form method="post" action="${view.link(url)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="begin"><input type="hidden" name="next" value="${next}">
<button class="button wide" type="submit">${view.t('factor.appBegin')}</button></form></section>`;

const factorsPage = (view: View, factors: Factors): SafeHtml => {
  const { t, format } = view;
  const { totpSince, passkeys, recoveryCodesLeft } = factors;
  return narrowPage(
    view,
    t('me.factors'),
    html`<p>${t('factor.intro')}</p>${
      totpSince
        ? html`<section class="box stack" aria-labelledby="app"><h2 id="app">${t('factor.app')}</h2><p>${t('factor.appSince', { date: format.date(totpSince) })}</p>
${oneButton(view, home.url, { do: 'remove-app' }, t('factor.remove'), t('factor.app'))}</section>`
        : appBegin(view, home)
    }
${
  passkeys.length > 0 &&
  html`<ul>${passkeys.map(
    ({ id, name, lastUsedAt }) => html`<li class="person"><div><b>${name}</b>
${lastUsedAt && html`<p class="small soft">${t('factor.keyUsed', { date: format.date(lastUsedAt) })}</p>`}</div>
${oneButton(view, home.url, { do: 'remove-key', id }, t('factor.remove'), name)}</li>`,
  )}</ul>`
}${passkeyAdd(view, home.next)}
${
  (totpSince || passkeys.length > 0) &&
  html`<section class="box stack" aria-labelledby="codes"><h2 id="codes">${t('factor.codes')}</h2><p>${t('factor.codesLeft', { count: recoveryCodesLeft })}</p>
${oneButton(view, home.url, { do: 'codes' }, t('factor.codesNew'))}</section>`
}<p><a href="${view.link('/tai-khoan')}">${t('me.title')}</a></p>`,
    { head: script() },
  );
};

const finishForm = (
  view: View,
  { url, next }: Place,
  fault?: Fault,
): SafeHtml => html`<form class="box stack" method="post" action="${view.link(url)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="confirm"><input type="hidden" name="next" value="${next}">
${codeField(view, 'factor.firstCode', fault)}<button class="button wide" type="submit">${view.t('factor.finish')}</button></form>`;

type Begun = { readonly secret: string; readonly uri: string };
async function scanPage(view: View, place: Place, { secret, uri }: Begun): Promise<SafeHtml> {
  const { t } = view;
  const picture = await QRCode.toDataURL(uri, { errorCorrectionLevel: 'M', margin: 2, width: 416 });
  return narrowPage(
    view,
    t('factor.app'),
    html`<p>${t('factor.scan')}</p>
<img class="scan" src="${picture}" alt="${t('factor.qr')}" width="208" height="208">
<p>${t('factor.secret')}: <span class="secret">${secret.replace(/.{4}(?=.)/g, '$& ')}</span></p>${finishForm(view, place)}`,
  );
}

/** A wrong first code: the seed was shown once and is in the app already, so only the code is asked for again. */
const againPage = (view: View, place: Place, fault: Fault): SafeHtml =>
  narrowPage(
    view,
    view.t('factor.app'),
    html`${faultsOf(view, fault)}${finishForm(view, place, fault)}${appBegin(view, place)}`,
  );

const mustPage = (view: View, place: Place): SafeHtml =>
  narrowPage(
    view,
    view.t('factor.mustTitle'),
    html`<p>${view.t('factor.mustText')}</p><p>${view.t('factor.intro')}</p>${appBegin(view, place)}${passkeyAdd(view, place.next)}
<form method="post" action="${view.link('/dang-xuat')}">${csrfField(view.csrf)}<button class="link-button" type="submit">${view.t('nav.signOut')}</button></form>`,
    { head: script() },
  );

/** Setting up an app, in its two steps, wherever it is done from. */
async function setUp(context: PageContext, { identity, cookie }: AccountPageDeps, place: Place): Promise<Shown> {
  const { view, request, reply, field } = context;
  const holder = enrolling(request);
  if (field('do') !== 'confirm') return scanPage(view, place, await identity.factors.beginTotp(holder.accountId));
  return attempt(
    context,
    async () => {
      const confirmed = await identity.factors.confirmTotp(holder, field('code'), cookie.visitOf(request));
      cookie.set(reply, confirmed.opened);
      return recoveryPage(view, confirmed.recoveryCodes, place.next);
    },
    (fault) => againPage(view, place, fault),
  );
}

async function change(context: PageContext, deps: AccountPageDeps): Promise<Shown> {
  const { view, request, field } = context;
  const { factors } = deps.identity;
  const { accountId } = signedIn(request);
  const id = field('id');
  switch (field('do')) {
    case 'codes':
      return recoveryPage(view, await factors.newRecoveryCodes(accountId), home.next);
    case 'remove-app':
      await factors.removeTotp(accountId);
      return seeOther(context, home.url);
    case 'remove-key':
      if (isId<'Passkey'>(id)) await factors.removePasskey(accountId, id);
      return seeOther(context, home.url);
    default:
      return setUp(context, deps, home);
  }
}

export const factorPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity } = deps;
  page(app, site, { url: home.url, access: 'shopper', fresh: true }, async ({ view, request }) =>
    factorsPage(view, await identity.factors.list(signedIn(request).accountId)),
  );
  page(app, site, { method: 'POST', url: home.url, access: 'shopper', fresh: true }, (context) =>
    change(context, deps),
  );
  const door = { url: '/dang-nhap/cai-buoc-hai', access: 'halfway' } as const;
  const placeOf = (next: string): Place => ({ url: door.url, next: safeNext(next) || '/tai-khoan' });
  page(app, site, door, async ({ view, query }) => mustPage(view, placeOf(query('next'))));
  page(app, site, { ...door, method: 'POST', fresh: true }, (context) =>
    setUp(context, deps, placeOf(context.field('next'))),
  );
};
