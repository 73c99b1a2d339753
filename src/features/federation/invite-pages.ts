import type { FastifyPluginAsync } from 'fastify';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page } from '#web/page.ts';
import { copyable } from '#web/parts/copyable.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { PartnerView } from './desk.ts';
import {
  type Fault,
  faultsOf,
  invitePath,
  type PartnerPageDeps,
  partnerActors,
  partnersPath,
  roadPath,
} from './desk-parts.ts';

const names = ['key', 'name', 'domain', 'legalEntity', 'taxCode', 'fingerprint', 'document'] as const;
type Typed = Readonly<Record<(typeof names)[number], string>>;
const nothing = Object.fromEntries(names.map((name) => [name, ''])) as Typed;
/** Who may be sent a code: whoever has none, or lost it, or had ended it. */
const invitable = ['inactive', 'invited', 'retired'];

type Refused = { readonly typed: Typed; readonly faults: readonly Fault[] };

function form(view: View, partners: readonly PartnerView[], { typed, faults }: Refused): SafeHtml {
  const { t, link, csrf } = view;
  const errorOf = (name: string): string | undefined => faults.find((fault) => fault.name === name)?.message;
  const text = html`type="text" maxlength="300" autocomplete="off" spellcheck="false"`;
  const field = (
    name: keyof Typed,
    label: Parameters<View['t']>[0],
    more: { hint?: string; required?: boolean } = {},
  ): SafeHtml => input({ name, label: t(label), value: typed[name], error: errorOf(name), more: text, ...more });
  const known = partners
    .filter(({ state }) => invitable.includes(state))
    .map(({ key, nameVi, nameEn }) => ({ value: key, label: view.either(nameVi, nameEn) }));
  const required = true;
  return html`<form class="box stack" method="post" action="${link(invitePath)}">${csrfField(csrf)}
${select({ name: 'key', label: t('partnerInvite.which'), value: typed.key, error: errorOf('key') }, t('partnerInvite.new'), known)}${field('name', 'partnerInvite.name')}
${field('domain', 'partnerInvite.domain', { hint: t('partnerInvite.domainHint'), required })}${field('legalEntity', 'partnerInvite.legal', { required })}${field('taxCode', 'partnerInvite.tax', { required })}
${field('fingerprint', 'partnerInvite.fingerprint', { hint: t('partnerInvite.fingerprintHint'), required })}${field('document', 'partnerInvite.document')}
<button class="button" type="submit">${t('partnerInvite.send')}</button></form>`;
}

const layOut = ({ view }: PageContext, body: SafeHtml): SafeHtml =>
  deskLayout(view, 'staff', { title: view.t('partnerInvite.title'), part: partnersPath, body });

async function show(context: PageContext, { partnerDesk }: PartnerPageDeps, refused: Refused): Promise<SafeHtml> {
  const { t } = context.view;
  const partners = await partnerDesk.listPartners();
  return layOut(
    context,
    html`<div class="narrow stack">${errorSummary(t('partners.faults'), refused.faults)}<p>${t('partnerInvite.intro')}</p>${form(context.view, partners, refused)}</div>`,
  );
}

type Made = { readonly key: string; readonly code: string; readonly expiresAt: Date; readonly fingerprint: string };

/** The code, once, with what goes to whom. A redirect would have to carry it, so the answer itself shows it. */
function showCode(context: PageContext, { key, code, expiresAt, fingerprint }: Made): SafeHtml {
  const { t, format, link, site } = context.view;
  const time = format.dateTime(expiresAt);
  return layOut(
    context,
    html`<div class="narrow stack"><div class="notice good stack" role="status"><h2>${t('partnerInvite.made')}</h2><dl class="secret">${copyable(context.view, { label: t('partnerInvite.code'), shown: code })}</dl><p>${t('partnerInvite.lost')}</p></div>
<h2>${t('partnerInvite.how')}</h2><ol class="stack"><li>${t('partnerInvite.how.code')}</li><li>${t('partnerInvite.how.ours')}<dl class="secret">${copyable(context.view, { label: t('partnerInvite.ours'), shown: site.publicUrl })}${copyable(context.view, { label: t('partnerInvite.print'), shown: fingerprint })}</dl></li><li>${t('partnerInvite.how.until', { time })}</li></ol>
<p><a class="button" href="${link(roadPath(key))}">${t('road.way')}</a></p></div>`,
  );
}

const fieldOf = {
  'partner-domain-invalid': 'domain',
  'partner-is-ourselves': 'domain',
  'partner-key-taken': 'domain',
  'partner-fingerprint-invalid': 'fingerprint',
  'partner-key-revoked': 'fingerprint',
  'tax-code-invalid': 'taxCode',
  'partner-state-forbids': 'key',
  'agreement-incomplete': 'legalEntity',
};

async function invite(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml> {
  const { field, request, reply } = context;
  const typed = Object.fromEntries(names.map((name) => [name, field(name).toWellFormed().slice(0, 300)])) as Typed;
  const { document, ...agreement } = typed;
  try {
    const made = await deps.partnerDesk.invite(byOf(request), agreement, document);
    void reply.header('cache-control', 'no-store');
    return showCode(context, made);
  } catch (error) {
    const { status, faults } = faultsOf(context, error, fieldOf);
    void reply.code(status);
    return show(context, deps, { typed, faults });
  }
}

export const invitePages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const staff = { access: 'staff', roles: partnerActors, url: invitePath } as const;
  page(app, deps.site, staff, (context) =>
    show(context, deps, { typed: { ...nothing, key: context.query('san').slice(0, 60) }, faults: [] }),
  );
  page(app, deps.site, { ...staff, method: 'POST' }, (context) => invite(context, deps));
};
