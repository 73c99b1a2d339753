import type { FastifyPluginAsync } from 'fastify';
import { startOfLocalDay } from '#core/clock.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { page, seeOther } from '#web/page.ts';
import { csrfField, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { POLICY_VERSION } from './consents.ts';
import { readLogin } from './deps.ts';
import {
  type AccountPageDeps,
  attempt,
  errorAt,
  type Fault,
  faultsOf,
  goOn,
  loginField,
  narrowPage,
  passwordField,
} from './forms.ts';
import { PURPOSES } from './types.ts';
import { asked, policyParts } from './words.ts';

type Typed = { readonly name: string; readonly login: string; readonly ticked: readonly string[] };
const blank: Typed = { name: '', login: '', ticked: [] };

/** None is ticked beforehand; what was ticked stays ticked when the form comes back. */
const ticks = (view: View, { ticked }: Typed, fault: Fault | undefined): SafeHtml =>
  html`<div class="ticks">${PURPOSES.map(
    (purpose) =>
      html`<label class="tick"><input type="checkbox" id="${purpose}" name="consents" value="${purpose}"${ticked.includes(purpose) && html` checked`}${purpose === 'terms' && html` required`}>
<span>${view.t(asked[purpose])}${purpose === fault?.name && html`<span class="wrong">${fault.message}</span>`}</span></label>`,
  )}</div>`;

const signUpPage = (view: View, typed: Typed, fault?: Fault): SafeHtml => {
  const { t, link } = view;
  return narrowPage(
    view,
    t('signUp.title'),
    html`<p>${t('signUp.intro')}</p>${faultsOf(view, fault)}
<form class="box stack" method="post" action="${link('/dang-ky')}">${csrfField(view.csrf)}
${input({ name: 'name', label: t('me.name'), value: typed.name, error: errorAt(fault, 'name'), required: true, more: html`type="text" autocomplete="name" maxlength="200"` })}
${loginField(view, typed.login, 'signIn.login', view.site.tells === 'mail' ? 'signUp.mailHint' : 'signUp.phoneHint', fault)}
${passwordField(view, 'password', 'signIn.password', true, fault)}
${ticks(view, typed, fault)}<p><a href="${link('/quyen-rieng-tu')}">${t('signUp.read')}</a></p>
<button class="button wide" type="submit">${t('signUp.button')}</button></form>
<p>${t('signUp.have')} <a href="${link('/dang-nhap')}">${t('signIn.button')}</a></p>`,
    { canonical: '/dang-ky' },
  );
};

const forgotPage = (view: View, login: string, sent: boolean, fault?: Fault): SafeHtml =>
  narrowPage(
    view,
    view.t('reset.title'),
    html`<p>${view.t('reset.intro')}</p>${view.site.tells === 'mail' && html`<p class="notice wait">${view.t('reset.mailOnly')}</p>`}${sent && html`<p class="notice good" role="status">${view.t('reset.sent')}</p>`}${faultsOf(view, fault)}
<form class="box stack" method="post" action="${view.link('/quen-mat-khau')}">${csrfField(view.csrf)}
${loginField(view, login, 'signIn.login', undefined, fault)}<button class="button wide" type="submit">${view.t('reset.send')}</button></form>`,
  );

/** The secret of the link stays in the form and out of what other pages are told. */
const choosePage = (view: View, action: string, token: string, title: string, text: string, fault?: Fault): SafeHtml =>
  narrowPage(
    view,
    title,
    html`<p>${text}</p>${faultsOf(view, fault)}
<form class="box stack" method="post" action="${view.link(action)}">${csrfField(view.csrf)}<input type="hidden" name="ma" value="${token}">
${passwordField(view, 'password', 'me.newPassword', true, fault)}<button class="button wide" type="submit">${view.t('me.save')}</button></form>`,
    { head: html`<meta name="referrer" content="no-referrer">` },
  );

const policyPage = (view: View): SafeHtml => {
  const { t, format } = view;
  return narrowPage(
    view,
    t('policy.title'),
    html`<p class="soft">${t('policy.version', { version: format.date(startOfLocalDay(POLICY_VERSION)) })}</p>${policyParts.map(([heading, text]) => html`<h2>${t(heading)}</h2><p>${t(text)}</p>`)}`,
    { canonical: '/quyen-rieng-tu' },
  );
};

export const signUpPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity, cookie } = deps;
  page(app, site, { url: '/quyen-rieng-tu', access: 'public' }, async ({ view }) => policyPage(view));
  page(app, site, { url: '/dang-ky', access: 'public' }, async ({ view }) => signUpPage(view, blank));
  page(app, site, { method: 'POST', url: '/dang-ky', access: 'public' }, (context) => {
    const { view, request, field, fields, typed } = context;
    const ticked = fields('consents');
    const given = { name: field('name'), login: field('login'), ticked };
    const account = { ...given, password: typed('password'), consents: PURPOSES.filter((one) => ticked.includes(one)) };
    return attempt(
      context,
      async () => {
        const { name, login, password, consents } = account;
        const { opened } = await identity.accounts.signUp({ name, login, password, consents }, cookie.visitOf(request));
        // Whose number no message reaches has no code to enter; the page says what to do instead.
        const sent = identity.accounts.contacts.reaches(readLogin(login));
        return goOn(context, deps, opened, sent ? '/tai-khoan/lien-he?gui=1' : '/tai-khoan/lien-he');
      },
      (fault) => signUpPage(view, given, fault),
    );
  });
  await app.register(linkPages, deps);
};

/** Links that were sent: to choose a password again, or for the first time. */
const linkPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity, cookie } = deps;
  const { signingIn } = identity;
  page(app, site, { url: '/quen-mat-khau', access: 'public' }, async ({ view, query }) =>
    forgotPage(view, '', query('gui') === '1'),
  );
  page(app, site, { method: 'POST', url: '/quen-mat-khau', access: 'public' }, (context) =>
    attempt(
      context,
      async () => {
        await signingIn.beginReset(context.field('login'), cookie.visitOf(context.request));
        return seeOther(context, '/quen-mat-khau?gui=1');
      },
      (fault) => forgotPage(context.view, context.field('login'), false, fault),
    ),
  );
  page(app, site, { url: '/dat-lai-mat-khau', access: 'public' }, async ({ view, query }) => {
    const { name } = await signingIn.checkLink('reset', query('ma'));
    return choosePage(view, '/dat-lai-mat-khau', query('ma'), view.t('reset.choose'), name);
  });
  page(app, site, { method: 'POST', url: '/dat-lai-mat-khau', access: 'public' }, (context) => {
    const { view, reply, request, field, typed } = context;
    return attempt(
      context,
      async () => {
        const { device } = await signingIn.completeReset(field('ma'), typed('password'), cookie.visitOf(request));
        cookie.keepDevice(reply, device);
        return seeOther(context, '/dang-nhap?xong=1');
      },
      (fault) => choosePage(view, '/dat-lai-mat-khau', field('ma'), view.t('reset.choose'), '', fault),
    );
  });
  page(app, site, { url: '/loi-moi', access: 'public' }, async ({ view, query }) => {
    const { name } = await signingIn.checkLink('invitation', query('ma'));
    return choosePage(view, '/loi-moi', query('ma'), view.t('invite.title', { name }), view.t('invite.text'));
  });
  page(app, site, { method: 'POST', url: '/loi-moi', access: 'public' }, (context) => {
    const { view, request, field, typed } = context;
    return attempt(
      context,
      async () => {
        const visit = cookie.visitOf(request);
        return goOn(context, deps, await signingIn.acceptInvitation(field('ma'), typed('password'), visit), '');
      },
      (fault) =>
        choosePage(view, '/loi-moi', field('ma'), view.t('invite.title', { name: '' }), view.t('invite.text'), fault),
    );
  });
};
