import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import type { MemberRole } from '#core/roles.ts';
import { byOf, ownBusinesses, signedIn } from '#http/access.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { refuse } from './deps.ts';
import { actingOn } from './seller-routes.ts';
import type { Businesses } from './service.ts';
import { type BusinessId, INVITED_ROLES, type InvitedRole } from './types.ts';
import type { MemberView, OwnBusiness } from './views/desk.ts';
import { roleNames } from './words.ts';

export type MemberPageDeps = { readonly site: Site; readonly businesses: Businesses };
const path = '/ban-hang/thanh-vien';
const reading = { access: 'seller', roles: ['owner', 'manager'] } as const;
const owning = { access: 'seller', roles: ['owner'] } as const;

type Typed = { readonly businessId: string; readonly to: string; readonly role: string };
const roleName = ({ t }: View, role: MemberRole): string => t(roleNames[role === 'assistant' ? 'packer' : role]);
const roleOptions = (view: View) => INVITED_ROLES.map((value) => ({ value, label: roleName(view, value) }));
const roleOf = (text: string): InvitedRole => INVITED_ROLES.find((role) => role === text) ?? 'packer';

const hidden = ({ csrf }: View, businessId: string, accountId?: string): SafeHtml =>
  html`${csrfField(csrf)}<input type="hidden" name="businessId" value="${businessId}">${accountId !== undefined && html`<input type="hidden" name="accountId" value="${accountId}">`}`;

function memberLine(
  view: View,
  business: OwnBusiness,
  member: MemberView,
  { me, mayChange }: { me: string; mayChange: boolean },
): SafeHtml {
  const { t, format, link } = view;
  const { accountId, name, role, since } = member;
  const field = `role-${business.businessId.slice(-8)}-${accountId.slice(-8)}`;
  return html`<li class="person"><div><b>${name}</b>${accountId === me && html` <span class="small soft">(${t('members.you')})</span>`}
<p class="small soft">${roleName(view, role)} · ${t('members.since', { date: format.date(since) })}</p></div>${
    mayChange &&
    html`<form class="row" method="post" action="${link(path)}">${hidden(view, business.businessId, accountId)}
<span class="field"><label for="${field}">${t('members.role')}<span class="hidden"> ${name}</span></label><select id="${field}" name="role">${roleOptions(view).map(({ value, label }) => html`<option value="${value}"${value === role && html` selected`}>${label}</option>`)}</select></span>
<button class="button quiet" type="submit" name="do" value="role">${t('members.change')}<span class="hidden"> ${name}</span></button>
<button class="button quiet" type="submit" name="do" value="remove">${t('members.remove')}<span class="hidden"> ${name}</span></button></form>`
  }</li>`;
}

function inviteForm(view: View, business: OwnBusiness, typed: Typed | undefined, faults: readonly Fault[]): SafeHtml {
  const { t, link } = view;
  const id = business.businessId;
  const own = typed?.businessId === id ? typed : undefined;
  return html`<form class="stack" method="post" action="${link(path)}" novalidate><h3>${t('members.invite')}</h3>${hidden(view, id)}
${input({ name: `to-${id}`, label: t('members.inviteTo'), value: own?.to ?? '', error: own && errorAt(faults, `to-${id}`), required: true, more: html`type="text" maxlength="200" autocomplete="off"` })}
${select({ name: `invited-${id}`, label: t('members.role'), value: own?.role ?? 'packer' }, t('members.role'), roleOptions(view))}
<button class="button" type="submit" name="do" value="invite">${t('members.inviteSend')}</button></form>`;
}

async function section(
  context: PageContext,
  { businesses }: MemberPageDeps,
  business: OwnBusiness,
  typed: Typed | undefined,
  faults: readonly Fault[],
) {
  const { view, request } = context;
  const { t, format, link } = view;
  const { accountId: me, memberships } = signedIn(request);
  const id = business.businessId;
  const isOwner = memberships.some(({ businessId, role }) => businessId === id && role === 'owner');
  const [members, invitations] = await Promise.all([businesses.listMembers(id), businesses.listInvitations(id)]);
  // A business keeps an owner: the last one is not offered what would be refused.
  const isLast = ({ role }: MemberView): boolean =>
    role === 'owner' && members.filter((one) => one.role === 'owner').length === 1;
  return html`<li class="box stack"><h2>${business.name}</h2><ul>${members.map((member) => memberLine(view, business, member, { me, mayChange: isOwner && !isLast(member) }))}</ul>
${
  invitations.length > 0 &&
  html`<section><h3>${t('members.open')}</h3><ul>${invitations.map(
    ({ id: invitationId, phone, email, role, expiresAt }) =>
      html`<li class="person"><span>${phone ?? email} · ${roleName(view, role)} · ${t('members.until', { time: format.dateTime(expiresAt) })}</span>${
        isOwner &&
        html`<form method="post" action="${link(path)}">${hidden(view, id)}<input type="hidden" name="invitationId" value="${invitationId}"><button class="button quiet" type="submit" name="do" value="withdraw">${t('members.withdraw')}<span class="hidden"> ${phone ?? email}</span></button></form>`
      }</li>`,
  )}</ul></section>`
}
${isOwner ? inviteForm(view, business, typed, faults) : html`<p class="soft">${t('members.onlyOwner')}</p>`}</li>`;
}

async function draw(context: PageContext, deps: MemberPageDeps, typed?: Typed, faults: readonly Fault[] = []) {
  const { view, request, query } = context;
  const { memberships } = signedIn(request);
  const mine = memberships
    .filter(({ role }) => role === 'owner' || role === 'manager')
    .map(({ businessId }) => businessId);
  const own = await deps.businesses.listOwn(mine);
  const sections = await Promise.all(own.map((business) => section(context, deps, business, typed, faults)));
  return deskLayout(view, 'seller', {
    title: view.t('members.title'),
    part: path,
    body: html`<div class="narrow stack">${query('moi') === '1' && html`<p class="notice good" role="status">${view.t('members.invited')}</p>`}
${errorSummary(view.t('apply.faults'), faults)}<ul class="stack">${sections}</ul></div>`,
  });
}

/** One press of an owner; what it does is named by the button. */
async function act(context: PageContext, { businesses }: MemberPageDeps, id: BusinessId): Promise<void> {
  const { field, request } = context;
  const by = actingOn(request, id);
  const [accountId, invitationId] = [field('accountId'), field('invitationId')];
  const wanted = field('do');
  if (wanted === 'invite') await businesses.invite(by, id, roleOf(field(`invited-${id}`)), field(`to-${id}`));
  else if (wanted === 'withdraw' && isId<'Invitation'>(invitationId))
    await businesses.withdrawInvitation(by, id, invitationId);
  else if (!isId<'Account'>(accountId)) throw refuse('member-not-found');
  else if (wanted === 'remove') await businesses.removeMember(by, id, accountId);
  else await businesses.setMemberRole(by, id, accountId, roleOf(field('role')));
}

async function press(context: PageContext, deps: MemberPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request } = context;
  const id = field('businessId');
  if (!isId<'Business'>(id)) throw refuse('business-not-found');
  await deps.businesses.getOwn(id, ownBusinesses(request));
  const faults = await faultsOf(context, () => act(context, deps, id));
  if (!faults) return seeOther(context, field('do') === 'invite' ? `${path}?moi=1` : path);
  const typed = { businessId: id, to: field(`to-${id}`), role: field(`invited-${id}`) };
  return draw(
    context,
    deps,
    typed,
    faults.map(({ name, message }) => ({ name: name === '' ? '' : `to-${id}`, message })),
  );
}

/** Members and invitations, and the page that an invitation opens. */
export const memberPages: FastifyPluginAsync<MemberPageDeps> = async (app, deps) => {
  const { site, businesses } = deps;
  page(app, site, { url: path, ...reading }, (context) => draw(context, deps));
  page(app, site, { method: 'POST', url: path, ...owning, fresh: true }, (context) => press(context, deps));
  page(app, site, { url: '/moi/:token', access: 'public' }, async ({ view, param, request }) => {
    const { t, link, csrf } = view;
    const { business, role } = await businesses.getInvitation(param('token'));
    const isKnown = request.caller.kind === 'account';
    return layout(view, {
      title: t('joinBusiness.title'),
      body: html`<div class="narrow stack"><h1>${t('joinBusiness.title')}</h1><p class="lead">${t('joinBusiness.text', { business, role: roleName(view, role) })}</p>${
        isKnown
          ? html`<form method="post" action="${link(`/moi/${param('token')}`)}">${csrfField(csrf)}<button class="button wide" type="submit">${t('joinBusiness.accept')}</button></form>`
          : html`<p>${t('joinBusiness.signIn')}</p><p><a class="button wide" href="${link('/dang-nhap')}?next=${encodeURIComponent(`/moi/${param('token')}`)}">${t('nav.signIn')}</a></p>`
      }</div>`,
    });
  });
  page(app, site, { method: 'POST', url: '/moi/:token', access: 'shopper' }, async (context) => {
    const { request, param } = context;
    const by = byOf(request);
    await businesses.acceptInvitation(by, param('token'), signedIn(request).accountId);
    return seeOther(context, '/ban-hang');
  });
};
