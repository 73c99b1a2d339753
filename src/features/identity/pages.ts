import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page, seeOther } from '#web/page.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { SessionCookie } from './cookie.ts';
import type { Identity } from './service.ts';

export type DemoLogin = { readonly name: string; readonly login: string; readonly password: string };
export type IdentityPageDeps = {
  readonly site: Site;
  readonly identity: Identity;
  readonly cookie: SessionCookie;
  /** Shown under the form while the data are samples; empty elsewhere. */
  readonly demoLogins: readonly DemoLogin[];
};

/** Only a path of ours: anything else would make the sign-in a springboard to another site. */
const safeNext = (next: string): string => (/^\/(?![/\\])[\w\-/]*$/.test(next) ? next : '');

/** One press signs in: nobody should have to copy a made-up password to look around. */
const samples = ({ t, csrf, link }: View, logins: readonly DemoLogin[], next: string): SafeHtml | false =>
  logins.length > 0 &&
  html`<section class="notice wait stack" aria-labelledby="samples"><h2 id="samples">${t('signIn.demo')}</h2>${logins.map(
    ({
      name,
      login,
      password,
    }) => html`<form method="post" action="${link('/dang-nhap')}">${csrfField(csrf)}<input type="hidden" name="next" value="${next}">
<input type="hidden" name="login" value="${login}"><input type="hidden" name="password" value="${password}">
<button class="button quiet wide" type="submit">${t('signIn.as', { name })}</button><p class="small soft"><code>${login}</code></p></form>`,
  )}</section>`;

type Attempt = { readonly login: string; readonly next: string; readonly refused?: string };

const signInPage = (view: View, { login, next, refused }: Attempt, logins: readonly DemoLogin[]): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('signIn.title'),
    canonical: '/dang-nhap',
    body: html`<div class="narrow stack"><h1>${t('signIn.title')}</h1><p>${t('signIn.intro')}</p>
${errorSummary(t('checkout.faults'), refused === undefined ? [] : [{ name: 'login', message: refused }])}
<form class="box stack" method="post" action="${link('/dang-nhap')}">${csrfField(view.csrf)}<input type="hidden" name="next" value="${next}">
${input({ name: 'login', label: t('signIn.login'), value: login, required: true, more: html`type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200"` })}
${input({ name: 'password', label: t('signIn.password'), value: '', required: true, more: html`type="password" autocomplete="current-password" maxlength="1000"` })}
<button class="button wide" type="submit">${t('signIn.button')}</button></form>${samples(view, logins, next)}</div>`,
  });
};

export const identityPages: FastifyPluginAsync<IdentityPageDeps> = async (
  app,
  { site, identity, cookie, demoLogins },
) => {
  page(app, site, { url: '/dang-nhap', access: 'public' }, async ({ view, query }) =>
    signInPage(view, { login: '', next: safeNext(query('next')) }, demoLogins),
  );
  page(app, site, { method: 'POST', url: '/dang-nhap', access: 'public' }, async (context) => {
    const { view, request, reply, field, typed } = context;
    const login = field('login');
    const next = safeNext(field('next'));
    try {
      const opened = await identity.signingIn.signIn({ login, password: typed('password') }, cookie.visitOf(request));
      cookie.set(reply, opened);
      const caller = await identity.callerOf(opened.secret);
      const desk = caller.kind === 'account' && caller.staffRole ? '/quan-tri' : '/ban-hang';
      return seeOther(context, next || desk);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'wrong-credentials') throw error;
      void reply.code(401);
      const refused = view.either(error.entry.vi.join('. '), error.entry.en.join('. '));
      return signInPage(view, { login, next, refused }, demoLogins);
    }
  });
  page(app, site, { method: 'POST', url: '/dang-xuat', access: 'public' }, async (context) => {
    const sessionId = cookie.read(context.request);
    if (sessionId) await identity.signOut(sessionId);
    cookie.clear(context.reply);
    return seeOther(context, '/');
  });
};
