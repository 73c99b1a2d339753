import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { STAFF_ROLES, type StaffRole } from '#core/roles.ts';
import { signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { attempt, errorAt, type Fault, faultsOf, loginField, oneButton, type Shown } from './forms.ts';
import type { Identity } from './service.ts';
import { stateOf } from './staff-routes.ts';
import { invitationPath } from './staffing.ts';
import { identityProblems } from './types.ts';
import { roleNames } from './words.ts';

export type UserPageDeps = { readonly site: Site; readonly identity: Identity };
type Row = Awaited<ReturnType<Identity['staffing']['list']>>[number];

const url = '/quan-tri/nguoi-dung';
const refuse = refusals(identityProblems);
const readRole = (text: string): StaffRole | null => STAFF_ROLES.find((role) => role === text) ?? null;
const roles = ({ t }: View) => STAFF_ROLES.map((role) => ({ value: role, label: t(roleNames[role]) }));

const stateTag = ({ t }: View, row: Row): SafeHtml => {
  const state = stateOf(row);
  const looks = {
    active: ['good', 'users.active'],
    invited: ['wait', 'users.waiting'],
    disabled: ['bad', 'users.disabled'],
  } as const;
  const [colour, text] = looks[state];
  return html`<span class="tag ${colour}">${t(text)}</span>`;
};

const acts = (view: View, row: Row): SafeHtml => {
  const { t, link } = view;
  const { accountId, name, staffRole, disabledAt } = row;
  const act = (verb: string, label: string) => oneButton(view, url, { do: verb, accountId }, label, name);
  return html`<details><summary>${t('users.more')}<span class="hidden"> ${name}</span></summary><div class="stack">
<form class="stack" method="post" action="${link(url)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="role"><input type="hidden" name="accountId" value="${accountId}">
<div class="field"><label for="role-${accountId}">${t('users.role')}<span class="hidden"> ${name}</span></label><select id="role-${accountId}" name="role">
<option value="">${t('users.noRole')}</option>${roles(view).map(({ value, label }) => html`<option value="${value}"${value === staffRole && html` selected`}>${label}</option>`)}</select></div>
<button class="button quiet" type="submit">${t('users.change')}</button></form>
${disabledAt ? act('enable', t('users.enable')) : act('disable', t('users.disable'))}
${act('end-sessions', t('users.endSessions'))}${act('clear-factors', t('users.clearFactors'))}</div></details>`;
};

const userRow = (
  view: View,
  row: Row,
  self: string,
): SafeHtml => html`<li class="person"><div><b>${row.name}</b> ${stateTag(view, row)}
<p class="small soft">${row.staffRole && view.t(roleNames[row.staffRole])} · ${row.email ?? row.phone ?? ''}</p></div>
${row.accountId === self ? html`<span class="tag">${view.t('users.self')}</span>` : acts(view, row)}</li>`;

type Invite = { readonly name: string; readonly login: string; readonly role: string };
type Facts = {
  readonly rows: readonly Row[];
  readonly self: string;
  readonly typed?: Invite;
  readonly fault?: Fault;
  readonly notice?: SafeHtml | false;
};

const usersPage = (view: View, { rows, self, typed, fault, notice }: Facts): SafeHtml => {
  const { t, link } = view;
  return deskLayout(view, 'staff', {
    title: t('users.title'),
    part: url,
    body: html`<div class="narrow stack">${notice}${faultsOf(view, fault)}<ul>${rows.map((row) => userRow(view, row, self))}</ul>
<section aria-labelledby="invite"><h2 id="invite">${t('users.invite')}</h2>
<form class="box stack" method="post" action="${link(url)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="invite">
${input({ name: 'name', label: t('me.name'), value: typed?.name ?? '', error: errorAt(fault, 'name'), required: true, more: html`type="text" maxlength="200" autocomplete="off"` })}
${loginField(view, typed?.login ?? '', 'signIn.login', undefined, fault)}
${select({ name: 'role', label: t('users.role'), value: typed?.role ?? '', required: true }, '…', roles(view))}
<button class="button wide" type="submit">${t('users.send')}</button></form></section></div>`,
  });
};

async function invite(context: PageContext, { site, identity }: UserPageDeps): Promise<Shown> {
  const { view, request, field } = context;
  const { accountId: self } = signedIn(request);
  const typed = { name: field('name'), login: field('login'), role: field('role') };
  const role = readRole(typed.role);
  const shown = async (more: Partial<Facts>) =>
    usersPage(view, { rows: await identity.staffing.list(), self, ...more });
  if (!role) return shown({ typed, fault: { name: 'role', message: view.t('users.role') } });
  return attempt(
    context,
    async () => {
      const { token } = await identity.staffing.invite(self, { ...typed, role });
      const address = site.publicUrl + invitationPath(token);
      const notice = html`<div class="notice good stack" role="status"><p>${view.t('users.invited')}</p><p class="secret">${address}</p></div>`;
      return shown({ notice });
    },
    (fault) => shown({ typed, fault }),
  );
}

async function act(context: PageContext, deps: UserPageDeps): Promise<Shown> {
  const { view, request, field } = context;
  const { staffing } = deps.identity;
  const { accountId: self } = signedIn(request);
  const id = field('accountId');
  if (field('do') === 'invite') return invite(context, deps);
  return attempt(
    context,
    async () => {
      if (!isId<'Account'>(id)) throw refuse('account-not-found');
      const verbs: Readonly<Record<string, () => Promise<void>>> = {
        role: () => staffing.setRole(self, id, readRole(field('role'))),
        disable: () => staffing.disable(self, id),
        enable: () => staffing.enable(self, id),
        'end-sessions': () => staffing.endSessions(self, id),
        'clear-factors': () => staffing.clearFactors(self, id),
      };
      await verbs[field('do')]?.();
      return seeOther(context, `${url}?xong=1`);
    },
    async (fault) => usersPage(view, { rows: await staffing.list(), self, fault }),
  );
}

export const userPages: FastifyPluginAsync<UserPageDeps> = async (app, deps) => {
  const { site, identity } = deps;
  const spec = { url, access: 'staff', roles: ['admin'] } as const;
  page(app, site, spec, async ({ view, request, query }) => {
    const notice = query('xong') === '1' && html`<p class="notice good" role="status">${view.t('users.done')}</p>`;
    return usersPage(view, { rows: await identity.staffing.list(), self: signedIn(request).accountId, notice });
  });
  page(app, site, { ...spec, method: 'POST', fresh: true }, (context) => act(context, deps));
};
