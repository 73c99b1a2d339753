import { isIP } from 'node:net';
import { Problem } from '#core/problem.ts';
import type { Caller } from '#http/access.ts';
import { assetUrl } from '#web/assets.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, type SENT, seeOther } from '#web/page.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { SessionCookie } from './cookie.ts';
import type { Identity } from './service.ts';
import { identityProblems } from './types.ts';

export type AccountPageDeps = { readonly site: Site; readonly identity: Identity; readonly cookie: SessionCookie };

/** Only a path of ours: anything else would make the sign-in a springboard to another site. */
export const safeNext = (next: string): string => (/^\/(?![/\\])[\w\-/]*(?:\?[\w\-=&%.+]*)?$/.test(next) ? next : '');

/** What is wrong, at which field, when a refusal of this slice came back; anything else is thrown on. */
export type Fault = { readonly name: string; readonly message: string };
const fieldOf: Readonly<Record<string, string>> = {
  'login-invalid': 'login',
  'login-taken': 'login',
  'phone-not-reached': 'login',
  'account-name-missing': 'name',
  'password-weak': 'password',
  'password-too-long': 'password',
  'terms-not-accepted': 'terms',
  'wrong-credentials': 'login',
  'wrong-code': 'code',
  'key-invalid': 'name',
};
export function faultOf(view: View, error: unknown): Fault {
  if (!(error instanceof Problem) || !(error.code in identityProblems)) throw error;
  const message = view.either(error.entry.vi.join('. '), error.entry.en.join('. '));
  return { name: fieldOf[error.code] ?? '', message };
}

/** A page, or that the reply is on its way. */
export type Shown = SafeHtml | typeof SENT;

/** The form comes back with what was typed and what is wrong with it. Passwords are typed again. */
export async function attempt(
  { view, reply }: PageContext,
  work: () => Promise<Shown>,
  again: (fault: Fault) => SafeHtml | Promise<SafeHtml>,
): Promise<Shown> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(view, error);
    void reply.code(error instanceof Problem ? error.status : 422);
    return again(fault);
  }
}

export const script = (): SafeHtml => html`<script type="module" src="${assetUrl('account.js')}"></script>`;

/** A page with one thing to do. */
export const narrowPage = (
  view: View,
  title: string,
  body: SafeHtml,
  more: { readonly canonical?: string; readonly head?: SafeHtml } = {},
): SafeHtml => layout(view, { title, body: html`<div class="narrow stack"><h1>${title}</h1>${body}</div>`, ...more });

export const faultsOf = ({ t }: View, fault: Fault | undefined): SafeHtml | false =>
  errorSummary(t('checkout.faults'), fault ? [fault] : []);
export const errorAt = (fault: Fault | undefined, name: string): string | undefined =>
  fault?.name === name ? fault.message : undefined;

export const passwordField = (view: View, name: string, label: MessageKey, isNew: boolean, fault?: Fault): SafeHtml =>
  input({
    name,
    label: view.t(label),
    value: '',
    hint: isNew ? view.t('me.passwordHint') : undefined,
    error: errorAt(fault, name),
    required: true,
    more: isNew
      ? html`type="password" autocomplete="new-password" minlength="8" maxlength="4000"`
      : html`type="password" autocomplete="current-password" maxlength="4000"`,
  });

export const codeField = (view: View, label: MessageKey, fault?: Fault): SafeHtml =>
  input({
    name: 'code',
    label: view.t(label),
    value: '',
    error: errorAt(fault, 'code'),
    required: true,
    more: html`type="text" inputmode="text" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="20"`,
  });

export const loginField = (view: View, value: string, label: MessageKey, hint?: MessageKey, fault?: Fault): SafeHtml =>
  input({
    name: 'login',
    label: view.t(label),
    value,
    hint: hint && view.t(hint),
    error: errorAt(fault, 'login'),
    required: true,
    more: html`type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200"`,
  });

/** A form of ours that is one button; what it is about is said to who does not see the row. */
export const oneButton = (
  view: View,
  action: string,
  fields: Readonly<Record<string, string>>,
  label: string,
  about = '',
): SafeHtml => html`<form method="post" action="${view.link(action)}">${csrfField(view.csrf)}${Object.entries(
  fields,
).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="button quiet" type="submit">${label}${about !== '' && html`<span class="hidden"> ${about}</span>`}</button></form>`;

/** Passkeys are bound to a name; an exchange that is reached by a bare address has none. */
export const offersPasskeys = ({ site }: View): boolean =>
  isIP(new URL(site.publicUrl).hostname.replace(/^\[|\]$/g, '')) === 0;

/** A passkey instead: hidden until the script knows that the browser has them. */
export const passkeyButton = (view: View, kind: 'sign-in' | 'prove', next: string): SafeHtml | false =>
  offersPasskeys(view) &&
  html`<p><button class="button quiet wide" type="button" hidden data-passkey="${kind}" data-next="${view.link(next)}">${view.t('factor.keyUse')}</button></p>
<p class="notice bad" role="alert" hidden data-passkey-failed>${view.t('factor.keyFailed')}</p>`;

/** Where somebody works: staff at their desk, sellers at theirs, others at their account. */
const deskOf = (caller: Caller): string => {
  if (caller.kind !== 'account') return '/tai-khoan';
  if (caller.staffRole) return '/quan-tri';
  if (caller.memberships.length === 0) return '/tai-khoan';
  return caller.memberships.every(({ role }) => role === 'assistant') ? '/ho-tro' : '/ban-hang';
};

/** After a step of signing in: to what is still owed, else on to where one wanted. */
export async function goOn(
  context: PageContext,
  { identity, cookie }: AccountPageDeps,
  opened: Parameters<SessionCookie['set']>[1],
  next: string,
): Promise<typeof SENT> {
  cookie.set(context.reply, opened);
  const carried = next === '' ? '' : `?next=${encodeURIComponent(next)}`;
  if (opened.needs === 'factor') return seeOther(context, `/dang-nhap/buoc-hai${carried}`);
  if (opened.needs === 'enrolment') return seeOther(context, `/dang-nhap/cai-buoc-hai${carried}`);
  return seeOther(context, next || deskOf(await identity.callerOf(opened.secret)));
}

export const recoveryPage = (view: View, codes: readonly string[], next: string): SafeHtml =>
  narrowPage(
    view,
    view.t('factor.done'),
    html`<p class="notice good" role="status">${view.t('factor.codesShown')}</p>
<ul class="recovery box">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<p><a class="button wide" href="${view.link(next)}">${view.t('factor.goOn')}</a></p>`,
  );
