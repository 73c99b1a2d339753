import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { PartnerDesk } from './desk.ts';
import { type Fault, faultsOf, mayAct, type PartnerPageDeps, partnerActors, partnersPath } from './desk-parts.ts';
import { federationProblems, type QuarantineId } from './types.ts';
import { laneName, rejectionOf } from './words.ts';

const refuse = refusals(federationProblems);
const pathOf = (key: string): string => `${partnersPath}/${key}/giu-lai`;
/** The engine keeps this much of what came. */
const kept = 8_192;

type Held = Awaited<ReturnType<PartnerDesk['listQuarantined']>>[number];
type Typed = { readonly id: string; readonly reason: string; readonly faults: readonly Fault[] };
const nothing: Typed = { id: '', reason: '', faults: [] };

function forms(view: View, { id, partnerKey }: Held, typed: Typed): SafeHtml {
  const { t, link, csrf } = view;
  const action = link(pathOf(partnerKey));
  const isTyped = typed.id === id;
  const name = `reason-${id}`;
  const fields = html`${csrfField(csrf)}<input type="hidden" name="id" value="${id}">`;
  const error = isTyped ? typed.faults.find((fault) => fault.name === name)?.message : undefined;
  const more = html`type="text" maxlength="500" autocomplete="off"`;
  return html`<form method="post" action="${action}">${fields}<button class="button quiet" type="submit" name="do" value="replay">${t('partners.held.replay')}</button></form>
<form class="stack" method="post" action="${action}">${fields}${input({ name, label: t('partners.reason'), value: isTyped ? typed.reason : '', error, required: true, more })}
<button class="button quiet" type="submit" name="do" value="dismiss">${t('partners.held.dismiss')}</button></form>`;
}

function item(view: View, held: Held, typed: Typed): SafeHtml {
  const { t, format } = view;
  const { lane, sourceId, reason, detail, payload, firstSeenAt, lastSeenAt, dismissedAt, dismissedReason } = held;
  const seen = { first: format.dateTime(firstSeenAt), last: format.dateTime(lastSeenAt) };
  const dismissed = dismissedAt && { time: format.dateTime(dismissedAt), reason: dismissedReason ?? '' };
  return html`<li class="box stack"><h2 class="small-title">${rejectionOf(view, reason)}</h2>
<p class="row"><span class="tag away">${laneName(view, lane)}</span><span class="small soft hash">${sourceId}</span></p>
${dismissed && html`<p class="notice">${t('partners.held.dismissed', dismissed)}</p>`}
<p class="small soft">${t('partners.held.seen', seen)}</p><p class="small hash">${t('partners.forTechnicians')}: <code>${reason}</code> ${detail}</p>
<details><summary>${t('partners.held.payload')}</summary><pre class="payload" tabindex="0">${payload}</pre>${payload.length >= kept && html`<p class="small soft">${t('partners.held.cut')}</p>`}</details>
${!dismissed && mayAct(view) && forms(view, held, typed)}</li>`;
}

/** What was done, as the address after it says: `con=3&nhan=2`. */
function told(context: PageContext): SafeHtml | false {
  const { view, query } = context;
  const { t } = view;
  const done = query('xong');
  const notice = (tone: string, text: string) => html`<p class="notice ${tone}" role="status">${text}</p>`;
  if (done === 'dismissed') return notice('good', t('partners.held.dismissedNow'));
  if (done === 'stays') return notice('bad', t('partners.held.stays', { reason: rejectionOf(view, query('ly-do')) }));
  const counts = ['nhan', 'con'].map((name) => Number.parseInt(query(name), 10));
  const [taken = 0, left = 0] = counts.map((count) => (Number.isNaN(count) ? 0 : count));
  return done === 'replayed' && notice(left > 0 ? 'wait' : 'good', t('partners.held.taken', { taken, left }));
}

/** Why records wait, each reason once with its count. */
function reasonsOf(view: View, waiting: readonly Held[]): SafeHtml | false {
  const { t, format } = view;
  const counts = new Map<string, number>();
  for (const { reason } of waiting) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const told = [...counts].map(([reason, count]) => `${rejectionOf(view, reason)} (${format.integer(count)})`);
  return waiting.length > 1 && html`<p><b>${t('partners.held.reasons', { list: told.join('; ') })}</b></p>`;
}

async function show(context: PageContext, { partnerDesk }: PartnerPageDeps, typed = nothing): Promise<SafeHtml> {
  const { view, param } = context;
  const { t, link, csrf } = view;
  const partner = await partnerDesk.getPartner(param('key'));
  const items = await partnerDesk.listQuarantined(partner.key);
  const waiting = items.filter(({ dismissedAt }) => !dismissedAt);
  const sorted = [...waiting, ...items.filter(({ dismissedAt }) => dismissedAt)];
  const name = view.either(partner.nameVi, partner.nameEn);
  return deskLayout(view, 'staff', {
    title: t('partners.held.title', { name }),
    part: partnersPath,
    body: html`<div class="narrow stack">${told(context)}${errorSummary(t('partners.faults'), typed.faults)}<p class="soft">${t('partners.held.intro')}</p>${reasonsOf(view, waiting)}
${
  waiting.length > 1 &&
  mayAct(view) &&
  html`<form method="post" action="${link(pathOf(partner.key))}">${csrfField(csrf)}<button class="button" type="submit" name="do" value="replay-all">${t('partners.held.replayAll')}</button></form>`
}${sorted.length === 0 ? html`<p>${t('partners.held.none')}</p>` : html`<ul class="stack">${sorted.map((one) => item(view, one, typed))}</ul>`}
<p><a class="tall" href="${link(`${partnersPath}/${partner.key}`)}">${name}</a></p></div>`,
  });
}

async function act(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, param, request, reply } = context;
  const { partnerDesk } = deps;
  const [key, by, id] = [param('key'), byOf(request), field('id')];
  const reason = field(`reason-${id}`).toWellFormed();
  const to = (query: string): typeof SENT => seeOther(context, `${pathOf(key)}?${query}`);
  const named = (): QuarantineId => {
    if (!isId<'Quarantine'>(id)) throw refuse('quarantine-not-found');
    return id;
  };
  try {
    await partnerDesk.getRow(key);
    if (field('do') === 'replay-all') {
      const { taken, left } = await partnerDesk.replayAll(by, key);
      return to(`xong=replayed&nhan=${taken}&con=${left}`);
    }
    if (field('do') === 'replay') {
      const result = await partnerDesk.replay(by, key, named());
      return 'reason' in result
        ? to(`xong=stays&ly-do=${encodeURIComponent(result.reason)}`)
        : to('xong=replayed&nhan=1&con=0');
    }
    if (field('do') !== 'dismiss') return seeOther(context, pathOf(key));
    await partnerDesk.dismiss(by, key, named(), reason);
    return to('xong=dismissed');
  } catch (error) {
    const { status, faults } = faultsOf(context, error, { 'partner-reason-required': `reason-${id}` });
    void reply.code(status);
    return show(context, deps, { id, reason, faults });
  }
}

export const heldPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const url = pathOf(':key');
  page(app, deps.site, { access: 'staff', url }, (context) => show(context, deps));
  page(app, deps.site, { access: 'staff', roles: partnerActors, method: 'POST', url }, (context) => act(context, deps));
};
