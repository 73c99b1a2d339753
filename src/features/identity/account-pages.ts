import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, seeOther, sendFile } from '#web/page.ts';
import { csrfField, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { ConsentState } from './consents.ts';
import {
  type AccountPageDeps,
  attempt,
  codeField,
  errorAt,
  type Fault,
  faultsOf,
  loginField,
  narrowPage,
  oneButton,
  passwordField,
  type Shown,
} from './forms.ts';
import type { AccountRow } from './queries/accounts.ts';
import type { Identity } from './service.ts';
import { PURPOSES } from './types.ts';
import { purposeNames } from './words.ts';

const saved = ({ t }: View, is: boolean): SafeHtml | false =>
  is && html`<p class="notice good" role="status">${t('me.saved')}</p>`;

const contactRow = ({ t }: View, label: string, value: string | null, proved: boolean): SafeHtml =>
  html`<dt>${label}</dt><dd>${value ?? t('me.none')}${value !== null && html` <span class="tag ${proved ? 'good' : 'wait'}">${proved ? t('me.proved') : t('me.unproved')}</span>`}</dd>`;

const homePage = (view: View, account: AccountRow, isSaved: boolean, fault?: Fault): SafeHtml => {
  const { t, link } = view;
  const ways = [
    ['/tai-khoan/mat-khau', t('me.passwordChange')],
    ['/tai-khoan/xac-thuc', t('me.factors')],
    ['/tai-khoan/phien', t('me.sessions')],
    ['/tai-khoan/quyen-rieng-tu', t('me.privacy')],
    ['/tai-khoan/thong-bao', t('notices.title')],
  ] as const;
  return narrowPage(
    view,
    t('me.title'),
    html`${saved(view, isSaved)}${faultsOf(view, fault)}
<form class="box stack" method="post" action="${link('/tai-khoan')}">${csrfField(view.csrf)}
${input({ name: 'name', label: t('me.name'), value: account.name, error: errorAt(fault, 'name'), required: true, more: html`type="text" autocomplete="name" maxlength="200"` })}
<button class="button" type="submit">${t('me.save')}</button></form>
<section class="box stack" aria-labelledby="contact"><h2 id="contact">${t('me.contact')}</h2><dl class="facts">
${contactRow(view, t('me.phone'), account.phone, account.phoneProvedAt !== null)}
${contactRow(view, t('me.email'), account.email, account.emailProvedAt !== null)}</dl>
<p><a class="button quiet" href="${link('/tai-khoan/lien-he')}">${t('me.contactChange')}</a></p></section>
<nav class="stack" aria-label="${t('me.title')}">${ways.map(([path, name]) => html`<p><a class="button quiet wide" href="${link(path)}">${name}</a></p>`)}</nav>`,
  );
};

type Contact = { readonly login: string; readonly sent: boolean; readonly fault?: Fault };
const contactPage = (view: View, { login, sent, fault }: Contact): SafeHtml => {
  const { t, link } = view;
  return narrowPage(
    view,
    t('me.contact'),
    html`${faultsOf(view, fault)}${view.site.tells === 'mail' && html`<p class="notice wait">${t('me.mailOnly')}</p>`}${
      sent &&
      html`<p class="notice good" role="status">${t('me.codeSent')}</p>
<form class="box stack" method="post" action="${link('/tai-khoan/lien-he/ma')}">${csrfField(view.csrf)}
${codeField(view, 'me.code', fault)}<button class="button wide" type="submit">${t('me.confirm')}</button></form>`
    }
<form class="box stack" method="post" action="${link('/tai-khoan/lien-he')}">${csrfField(view.csrf)}
${loginField(view, login, 'me.newContact', 'me.newContactHint', fault)}<button class="button${sent && ' quiet'} wide" type="submit">${t('me.sendCode')}</button></form>
<p><a href="${link('/tai-khoan')}">${t('me.title')}</a></p>`,
  );
};

const passwordPage = (view: View, fault?: Fault): SafeHtml =>
  narrowPage(
    view,
    view.t('me.passwordChange'),
    html`${faultsOf(view, fault)}<form class="box stack" method="post" action="${view.link('/tai-khoan/mat-khau')}">${csrfField(view.csrf)}
${passwordField(view, 'password', 'me.newPassword', true, fault)}<button class="button wide" type="submit">${view.t('me.save')}</button></form>`,
  );

type Session = Awaited<ReturnType<Identity['sessions']['list']>>[number];
const sessionRow = (view: View, session: Session, isHere: boolean): SafeHtml => {
  const { t, format } = view;
  const { device, address, lastSeenAt, createdAt, sessionId } = session;
  return html`<li class="person"><div><b>${device || '?'}</b>${isHere && html` <span class="tag good">${t('me.here')}</span>`}
<p class="small soft">${t('me.lastSeen', { time: format.dateTime(lastSeenAt) })}<br>${t('me.since', { time: format.dateTime(createdAt), address })}</p></div>
${!isHere && oneButton(view, '/tai-khoan/phien', { sessionId }, t('me.end'), device)}</li>`;
};

const sessionsPage = (view: View, sessions: readonly Session[], here: string, ended: boolean): SafeHtml =>
  narrowPage(
    view,
    view.t('me.sessions'),
    html`${ended && html`<p class="notice good" role="status">${view.t('me.ended')}</p>`}
<ul>${sessions.map((session) => sessionRow(view, session, session.sessionId === here))}</ul>
${sessions.length > 1 && oneButton(view, '/tai-khoan/phien', { sessionId: 'others' }, view.t('me.endOthers'))}
<p><a href="${view.link('/tai-khoan')}">${view.t('me.title')}</a></p>`,
  );

const consentRow = (view: View, { purpose, granted, since, policyVersion }: ConsentState): SafeHtml => {
  const { t, format } = view;
  const state =
    granted && since
      ? t('privacy.yes', { time: format.dateTime(since), version: policyVersion ?? '' })
      : t('privacy.no');
  return html`<li class="person"><div><b>${t(purposeNames[purpose])}</b><p class="small soft">${state}</p></div>
${oneButton(view, '/tai-khoan/quyen-rieng-tu', { purpose, granted: granted ? '0' : '1' }, granted ? t('privacy.withdraw') : t('privacy.agree'), t(purposeNames[purpose]))}</li>`;
};

const privacyPage = (view: View, consents: readonly ConsentState[], isSaved: boolean, fault?: Fault): SafeHtml => {
  const { t, link } = view;
  return narrowPage(
    view,
    t('me.privacy'),
    html`${saved(view, isSaved)}${faultsOf(view, fault)}
<section class="box" aria-labelledby="agreed"><h2 id="agreed">${t('privacy.consents')}</h2><ul>${consents.map((one) => consentRow(view, one))}</ul>
<p><a href="${link('/quyen-rieng-tu')}">${t('signUp.read')}</a></p></section>
<section class="box stack" aria-labelledby="export"><h2 id="export">${t('privacy.export')}</h2><p>${t('privacy.exportText')}</p>
<p><a class="button quiet" href="${link('/tai-khoan/du-lieu')}">${t('privacy.export')}</a></p></section>
<section class="box stack" aria-labelledby="erase"><h2 id="erase">${t('privacy.erase')}</h2><p>${t('privacy.eraseText')}</p>
<form method="post" action="${link('/tai-khoan/xoa')}">${csrfField(view.csrf)}
<label class="tick"><input type="checkbox" name="sure" value="1" required><span>${t('privacy.eraseSure')}</span></label>
<button class="button quiet" type="submit">${t('privacy.erase')}</button></form></section>
<p><a href="${link('/tai-khoan')}">${t('me.title')}</a></p>`,
  );
};

export const accountPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity } = deps;
  page(app, site, { url: '/tai-khoan', access: 'shopper' }, async ({ view, request, query }) =>
    homePage(view, await identity.getAccount(signedIn(request).accountId), query('luu') === '1'),
  );
  page(app, site, { method: 'POST', url: '/tai-khoan', access: 'shopper' }, (context) => {
    const { accountId } = signedIn(context.request);
    const name = context.field('name');
    return attempt(
      context,
      async () => {
        await identity.accounts.rename(accountId, name);
        return seeOther(context, '/tai-khoan?luu=1');
      },
      async (fault) => homePage(context.view, { ...(await identity.getAccount(accountId)), name }, false, fault),
    );
  });
  page(app, site, { url: '/tai-khoan/mat-khau', access: 'shopper', fresh: true }, async ({ view }) =>
    passwordPage(view),
  );
  page(app, site, { method: 'POST', url: '/tai-khoan/mat-khau', access: 'shopper', fresh: true }, (context) =>
    attempt(
      context,
      async () => {
        await identity.accounts.changePassword(signedIn(context.request), context.typed('password'));
        return seeOther(context, '/tai-khoan?luu=1');
      },
      (fault) => passwordPage(context.view, fault),
    ),
  );
  for (const pages of [contactPages, sessionPages, privacyPages]) await app.register(pages, deps);
};

const contactPages: FastifyPluginAsync<AccountPageDeps> = async (app, { site, identity }) => {
  const { contacts } = identity.accounts;
  page(app, site, { url: '/tai-khoan/lien-he', access: 'shopper', fresh: true }, async ({ view, request, query }) => {
    const { phone, email } = await identity.getAccount(signedIn(request).accountId);
    const reached = site.tells === 'mail' ? email : (phone ?? email);
    return contactPage(view, { login: reached ?? '', sent: query('gui') === '1' });
  });
  page(app, site, { method: 'POST', url: '/tai-khoan/lien-he', access: 'shopper', fresh: true }, (context) =>
    attempt(
      context,
      async () => {
        await contacts.begin(signedIn(context.request).accountId, context.field('login'));
        return seeOther(context, '/tai-khoan/lien-he?gui=1');
      },
      (fault) => contactPage(context.view, { login: context.field('login'), sent: false, fault }),
    ),
  );
  page(app, site, { method: 'POST', url: '/tai-khoan/lien-he/ma', access: 'shopper' }, (context) =>
    attempt(
      context,
      async () => {
        await contacts.confirm(signedIn(context.request).accountId, context.field('code'));
        return seeOther(context, '/tai-khoan?luu=1');
      },
      (fault) => contactPage(context.view, { login: '', sent: true, fault }),
    ),
  );
};

const sessionPages: FastifyPluginAsync<AccountPageDeps> = async (app, { site, identity }) => {
  page(app, site, { url: '/tai-khoan/phien', access: 'shopper' }, async ({ view, request, query }) => {
    const { accountId, sessionId } = signedIn(request);
    return sessionsPage(view, await identity.sessions.list(accountId), sessionId, query('xong') === '1');
  });
  page(app, site, { method: 'POST', url: '/tai-khoan/phien', access: 'shopper' }, async (context) => {
    const caller = signedIn(context.request);
    const chosen = context.field('sessionId');
    if (chosen === 'others') await identity.sessions.endOthers(caller);
    else if (isId<'Session'>(chosen)) await identity.sessions.end(caller.accountId, chosen);
    return seeOther(context, '/tai-khoan/phien?xong=1');
  });
};

async function erase(context: PageContext, { identity, cookie }: AccountPageDeps): Promise<Shown> {
  const { view, request, reply, field } = context;
  const { accountId } = signedIn(request);
  if (field('sure') !== '1') return seeOther(context, '/tai-khoan/quyen-rieng-tu');
  return attempt(
    context,
    async () => {
      await identity.privacy.erase(accountId);
      cookie.clear(reply);
      return seeOther(context, '/tai-khoan-da-xoa');
    },
    async (fault) => privacyPage(view, await identity.consents.list(accountId), false, fault),
  );
}

const privacyPages: FastifyPluginAsync<AccountPageDeps> = async (app, deps) => {
  const { site, identity } = deps;
  page(app, site, { url: '/tai-khoan/quyen-rieng-tu', access: 'shopper' }, async ({ view, request, query }) =>
    privacyPage(view, await identity.consents.list(signedIn(request).accountId), query('luu') === '1'),
  );
  page(app, site, { method: 'POST', url: '/tai-khoan/quyen-rieng-tu', access: 'shopper' }, async (context) => {
    const purpose = PURPOSES.find((one) => one === context.field('purpose'));
    if (purpose)
      await identity.consents.set(signedIn(context.request).accountId, purpose, context.field('granted') === '1');
    return seeOther(context, '/tai-khoan/quyen-rieng-tu?luu=1');
  });
  page(app, site, { url: '/tai-khoan/du-lieu', access: 'shopper', fresh: true }, async (context) => {
    const document = await identity.privacy.exportOf(signedIn(context.request).accountId);
    const bytes = Buffer.from(JSON.stringify(document, undefined, 2));
    return sendFile(context, bytes, 'application/json; charset=utf-8', 'du-lieu-cua-toi.json');
  });
  page(app, site, { method: 'POST', url: '/tai-khoan/xoa', access: 'shopper', fresh: true }, (context) =>
    erase(context, deps),
  );
  page(app, site, { url: '/tai-khoan-da-xoa', access: 'public' }, async ({ view }) =>
    narrowPage(view, view.t('privacy.erased'), html`<p>${view.t('privacy.erasedText')}</p>`),
  );
};
