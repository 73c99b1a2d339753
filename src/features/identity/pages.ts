import type { FastifyPluginAsync } from 'fastify';
import { halfwayIn, signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { leaveFor, page, seeOther } from '#web/page.ts';
import { csrfField } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import {
  type AccountPageDeps,
  attempt,
  codeField,
  type Fault,
  faultsOf,
  goOn,
  loginField,
  narrowPage,
  passkeyButton,
  passwordField,
  safeNext,
  script,
} from './forms.ts';

export type DemoLogin = { readonly name: string; readonly login: string; readonly password: string };
export type IdentityPageDeps = AccountPageDeps & {
  /** Shown under the form while the data are samples; empty elsewhere. */
  readonly demoLogins: readonly DemoLogin[];
};

/** One press signs in: nobody should have to copy a made-up password to look around. */
const samples = ({ t, csrf, link }: View, logins: readonly DemoLogin[], next: string): SafeHtml | false =>
  logins.length > 0 &&
  html`<section class="notice wait stack" aria-labelledby="samples"><h2 id="samples">${t('signIn.demo')}</h2>
<p>${t('signIn.demoNote')}</p>${logins.map(
    ({
      name,
      login,
      password,
    }) => html`<form method="post" action="${link('/dang-nhap')}">${csrfField(csrf)}<input type="hidden" name="next" value="${next}">
<input type="hidden" name="login" value="${login}"><input type="hidden" name="password" value="${password}">
<button class="button quiet wide" type="submit">${t('signIn.as', { name })}</button><p class="small soft"><code>${login}</code></p></form>`,
  )}</section>`;

type Asked = { readonly login: string; readonly next: string; readonly fault?: Fault; readonly notice?: string };

const providerForm = (view: View, label: string | undefined, next: string): SafeHtml | false =>
  label !== undefined &&
  html`<form method="post" action="${view.link('/dang-nhap/nha-cung-cap')}">${csrfField(view.csrf)}<input type="hidden" name="next" value="${next}">
<button class="button quiet wide" type="submit">${view.t('signIn.provider', { label })}</button></form>`;

const signInPage = (view: View, { login, next, fault, notice }: Asked, deps: IdentityPageDeps): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('signIn.title'),
    canonical: '/dang-nhap',
    head: script(),
    body: html`<div class="narrow stack"><h1>${t('signIn.title')}</h1><p>${t('signIn.intro')}</p>
${notice !== undefined && html`<p class="notice good" role="status">${notice}</p>`}${faultsOf(view, fault)}
<form class="box stack" method="post" action="${link('/dang-nhap')}">${csrfField(view.csrf)}<input type="hidden" name="next" value="${next}">
${loginField(view, login, 'signIn.login')}
${passwordField(view, 'password', 'signIn.password', false)}
<button class="button wide" type="submit">${t('signIn.button')}</button>
<p><a href="${link('/quen-mat-khau')}">${t('reset.forgot')}</a></p></form>
${passkeyButton(view, 'sign-in', next || '/tai-khoan')}${providerForm(view, deps.identity.provider.label, next)}
<p>${t('signUp.none')} <a href="${link('/dang-ky')}">${t('signUp.button')}</a></p>${samples(view, deps.demoLogins, next)}</div>`,
  });
};

const secondStepPage = (view: View, next: string, fault?: Fault): SafeHtml =>
  narrowPage(
    view,
    view.t('factor.stepTitle'),
    html`<p>${view.t('factor.stepText')}</p>${faultsOf(view, fault)}
<form class="box stack" method="post" action="${view.link('/dang-nhap/buoc-hai')}">${csrfField(view.csrf)}<input type="hidden" name="next" value="${next}">
${codeField(view, 'factor.code', fault)}<button class="button wide" type="submit">${view.t('factor.goIn')}</button></form>
${passkeyButton(view, 'prove', next || '/tai-khoan')}
<form method="post" action="${view.link('/dang-xuat')}">${csrfField(view.csrf)}<button class="link-button" type="submit">${view.t('nav.signOut')}</button></form>`,
    { head: script() },
  );

const provePage = (view: View, next: string, fault?: Fault): SafeHtml => {
  const { t, link, csrf } = view;
  return narrowPage(
    view,
    t('prove.title'),
    html`<p>${t('prove.text')}</p>${faultsOf(view, fault && { ...fault, name: fault.name === 'login' ? 'password' : fault.name })}
<form class="box stack" method="post" action="${link('/xac-nhan')}">${csrfField(csrf)}<input type="hidden" name="next" value="${next}">
${passwordField(view, 'password', 'signIn.password', false)}<button class="button wide" type="submit">${t('me.confirm')}</button></form>
<details class="box"><summary>${t('prove.orCode')}</summary>
<form class="stack" method="post" action="${link('/xac-nhan')}">${csrfField(csrf)}<input type="hidden" name="next" value="${next}">
${codeField(view, 'factor.code', fault)}<button class="button quiet wide" type="submit">${t('me.confirm')}</button></form></details>
${passkeyButton(view, 'prove', next || '/tai-khoan')}`,
    { head: script() },
  );
};

export const identityPages: FastifyPluginAsync<IdentityPageDeps> = async (app, deps) => {
  const { site, identity, cookie } = deps;
  page(app, site, { url: '/dang-nhap', access: 'public' }, async ({ view, query }) => {
    const notice = query('xong') === '1' ? view.t('reset.done') : undefined;
    return signInPage(view, { login: '', next: safeNext(query('next')), ...(notice && { notice }) }, deps);
  });
  page(app, site, { method: 'POST', url: '/dang-nhap', access: 'public' }, (context) => {
    const { view, request, field, typed } = context;
    const [login, next] = [field('login'), safeNext(field('next'))];
    const credentials = { login, password: typed('password') };
    return attempt(
      context,
      async () => goOn(context, deps, await identity.signingIn.signIn(credentials, cookie.visitOf(request)), next),
      (fault) => signInPage(view, { login, next, fault }, deps),
    );
  });
  page(app, site, { method: 'POST', url: '/dang-xuat', access: 'public' }, async (context) => {
    const secret = cookie.read(context.request);
    if (secret) await identity.signOut(secret);
    cookie.clear(context.reply);
    // Phones are shared: what the desk kept in this browser, pages that were seen and drafts, goes with the session.
    void context.reply.header('clear-site-data', '"storage"');
    return seeOther(context, '/');
  });
  await app.register(proofPages, deps);
  await app.register(providerPages, deps);
};

/** The second step, and the same proof again before what matters. */
const proofPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity, cookie } = deps;
  page(app, site, { url: '/dang-nhap/buoc-hai', access: 'halfway' }, async ({ view, query }) =>
    secondStepPage(view, safeNext(query('next'))),
  );
  page(app, site, { method: 'POST', url: '/dang-nhap/buoc-hai', access: 'halfway' }, (context) => {
    const { view, request, field } = context;
    const next = safeNext(field('next'));
    return attempt(
      context,
      async () =>
        goOn(
          context,
          deps,
          await identity.factors.prove(halfwayIn(request), field('code'), cookie.visitOf(request)),
          next,
        ),
      (fault) => secondStepPage(view, next, fault),
    );
  });
  page(app, site, { url: '/xac-nhan', access: 'shopper' }, async ({ view, query }) =>
    provePage(view, safeNext(query('next'))),
  );
  page(app, site, { method: 'POST', url: '/xac-nhan', access: 'shopper' }, (context) => {
    const { view, request, field, typed } = context;
    const next = safeNext(field('next'));
    const holder = signedIn(request);
    const visit = cookie.visitOf(request);
    return attempt(
      context,
      async () => {
        const opened =
          field('code') === ''
            ? await identity.signingIn.prove(holder, typed('password'), visit)
            : await identity.factors.prove(holder, field('code'), visit);
        return goOn(context, deps, opened, next || '/tai-khoan');
      },
      (fault) => provePage(view, next, fault),
    );
  });
};

/** To a provider of identities and back. Without one configured there is nothing here but a refusal. */
const providerPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity, cookie } = deps;
  page(app, site, { method: 'POST', url: '/dang-nhap/nha-cung-cap', access: 'public' }, async (context) => {
    const { request, reply, field } = context;
    const holder = request.caller.kind === 'account' && request.caller.fresh ? request.caller : undefined;
    const { address, browser } = await identity.provider.begin(safeNext(field('next')), holder);
    cookie.ceremony.set(reply, browser);
    return leaveFor(context, address);
  });
  page(app, site, { url: '/dang-nhap/nha-cung-cap/ve', access: 'public' }, async (context) => {
    const { request, reply } = context;
    const browser = cookie.ceremony.read(request);
    cookie.ceremony.clear(reply);
    const holder = request.caller.kind === 'account' ? request.caller : undefined;
    const calledBack = `${site.publicUrl}${request.url}`;
    const { next, opened } = await identity.provider.finish(browser, calledBack, holder, cookie.visitOf(request));
    return opened ? goOn(context, deps, opened, next) : seeOther(context, next || '/tai-khoan');
  });
};
