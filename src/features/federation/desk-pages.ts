import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { PartnerDesk, PartnerView } from './desk.ts';
import {
  type Fault,
  faultsOf,
  invitePath,
  mayAct,
  type PartnerPageDeps,
  partnerActors,
  partnersPath,
  roadPath,
  whyPath,
} from './desk-parts.ts';
import type { Tone } from './health.ts';
import { READ_STATES, SPEAKING_STATES } from './rules/states.ts';
import { scorePart } from './score-part.ts';
import { standingPart } from './standing-part.ts';
import type { PartnerState } from './types.ts';
import { ageOf, findingText, kindWords, laneName, toneTag } from './words.ts';

const outcomes = ['ok', 'failed', 'slow', 'changed'] as const;
type Outcome = (typeof outcomes)[number];
/** Who can be shut out: an invitation that nobody has answered opens nothing yet. */
const BOUND_STATES: readonly PartnerState[] = SPEAKING_STATES.filter((state) => state !== 'invited');
/** As long as an officer waits for an answer; the reading itself goes on. */
const patienceMs = 20_000;

const findings = (view: View, { health }: PartnerView): SafeHtml =>
  health.findings.length === 0
    ? html`<p>${view.t('partners.fine')}</p>`
    : html`<ul class="findings">${health.findings.map((one) => html`<li class="${one.tone}">${findingText(view, one)}</li>`)}</ul>`;

/** How old each lane is, in one line. */
const lanes = (view: View, { lanes: all }: PartnerView, now: Date): SafeHtml =>
  html`<p class="small">${all.map(
    ({ lane, succeededAt }, index) =>
      html`${index > 0 && ' · '}${laneName(view, lane)}: <b>${succeededAt ? ageOf(view, succeededAt, now) : view.t('partners.neverGood')}</b>`,
  )}</p>`;

const countsOf = ({ t, format }: View, { counts }: PartnerView): string =>
  t('partners.counts', { shown: format.integer(counts.shown), quarantined: format.integer(counts.quarantined) });

const box = (view: View, partner: PartnerView, now: Date): SafeHtml => {
  const { key, nameVi, nameEn, health, state } = partner;
  return html`<li class="box stack partner ${health.tone}"><div class="row"><h2 class="small-title"><a class="tall" href="${view.link(`${partnersPath}/${key}`)}">${view.either(nameVi, nameEn)}</a></h2>${toneTag(view, health.tone)}</div>
${findings(view, partner)}${state !== 'inactive' && html`${lanes(view, partner, now)}<p class="small soft">${countsOf(view, partner)}</p>`}</li>`;
};

/** Our own key is being changed: partners that do not read our profile in time lose us. */
function ownKey({ t, format }: View, { nodeKeyChange }: PartnerDesk): SafeHtml | false {
  const change = nodeKeyChange();
  if (!change) return false;
  const told = { from: format.dateTime(change.signsFrom), until: format.dateTime(change.endsAt) };
  return html`<p class="notice wait">${t('partners.ownKey', told)} <code class="hash">${change.keyid}</code></p>`;
}

async function showList({ view }: PageContext, { partnerDesk, now }: PartnerPageDeps): Promise<SafeHtml> {
  const { t, format } = view;
  const partners = await partnerDesk.listPartners();
  const counted = (tone: string): string =>
    format.integer(partners.filter(({ health }) => health.tone === tone).length);
  const summary = { bad: counted('bad'), wait: counted('wait'), good: counted('good'), away: counted('away') };
  return deskLayout(view, 'staff', {
    title: t('partners.title'),
    part: partnersPath,
    body: html`<div class="stack"><p><b>${t('partners.summary', summary)}</b></p><p class="soft">${t('partners.intro')}</p>
${mayAct(view) && html`<p><a class="button quiet" href="${view.link(invitePath)}">${t('partnerInvite.title')}</a></p>`}
${ownKey(view, partnerDesk)}<ul class="partners">${partners.map((one) => box(view, one, now()))}</ul></div>`,
  });
}

const laneBox = (view: View, { lane, outcome, comparedAt, succeededAt }: PartnerView['lanes'][number], now: Date) => {
  const { t, format } = view;
  const c = outcome?.counts;
  const run = c && {
    time: format.dateTime(new Date(outcome.at)),
    applied: format.integer(c.applied),
    same: format.integer(c.duplicate),
    withdrawn: format.integer(c.withdrawn),
    quarantined: format.integer(c.quarantined),
    drifted: format.integer(c.drifted),
  };
  const good = succeededAt && { time: format.dateTime(succeededAt), age: ageOf(view, succeededAt, now) };
  return html`<li class="box stack"><h3 class="small-title">${laneName(view, lane)}</h3>
<p>${good ? t('partners.lastGood', good) : t('partners.neverGood')}</p>${run && html`<p class="small soft">${t('partners.lastRun', run)}</p>`}
${comparedAt && html`<p class="small soft">${t('partners.compared', { time: format.dateTime(comparedAt) })}</p>`}
${outcome?.failure && html`<p class="small hash">${t('partners.forTechnicians')}: <code>${outcome.failure.code}</code> ${outcome.failure.detail}</p>`}</li>`;
};

const facts = ({ t, format }: View, { baseUrl, adapter, cadenceSeconds, keyid }: PartnerView): SafeHtml =>
  html`<dl class="facts"><dt>${t('partners.address')}</dt><dd>${baseUrl}</dd><dt>${t('partners.kind')}</dt><dd>${t(kindWords[adapter])} <code>${adapter}</code></dd>
<dt>${t('partners.cadence')}</dt><dd>${t('partners.cadenceMinutes', { count: format.integer(Math.max(1, Math.round(cadenceSeconds / 60))) })}</dd>
<dt>${t('partners.fingerprint')}</dt><dd class="hash">${keyid ? html`<code>${keyid}</code>` : t('partners.unknown')}</dd></dl>`;

type Typed = { readonly reason: string; readonly faults: readonly Fault[] };
const nothing: Typed = { reason: '', faults: [] };

const formTo = ({ link, csrf }: View, key: string): SafeHtml =>
  html`<form class="box stack" method="post" action="${link(`${partnersPath}/${key}`)}">${csrfField(csrf)}`;

/** Asking it anew, and releasing what is held: what an officer came for. */
function pullForms(view: View, { key, state, health }: PartnerView): SafeHtml | false {
  const { t } = view;
  if (!READ_STATES.includes(state) || !mayAct(view)) return false;
  const isHeld = health.findings.some(({ code }) => code === 'lane-held');
  const open = formTo(view, key);
  return html`${isHeld && html`${open}<p>${t('partners.acceptText')}</p><button class="button" type="submit" name="do" value="accept">${t('partners.accept')}</button></form>`}
${open}<p>${t('partners.tryText')}</p><button class="button${isHeld && html` quiet`}" type="submit" name="do" value="pull">${t('partners.tryNow')}</button></form>`;
}

/** Shutting it out, or letting it go on. */
function doorForm(view: View, { key, state, counts }: PartnerView, { reason, faults }: Typed): SafeHtml | false {
  const { t, format } = view;
  const isBound = BOUND_STATES.includes(state);
  if (!(isBound || state === 'suspended') || !mayAct(view)) return false;
  const error = faults.find(({ name }) => name === 'reason')?.message;
  return html`${formTo(view, key)}${isBound && html`<p>${t('partners.suspendText', { count: format.integer(counts.shown) })}</p>`}
${input({ name: 'reason', label: t('partners.reason'), value: reason, error, required: true, more: html`type="text" maxlength="500" autocomplete="off"` })}
<button class="button quiet" type="submit" name="do" value="${isBound ? 'suspend' : 'resume'}">${t(isBound ? 'partners.suspend' : 'partners.resume')}</button></form>`;
}

type Shelf = Awaited<ReturnType<PartnerDesk['listShelf']>>;
function shelf(view: View, { key, counts }: PartnerView, { items, next }: Shelf, query: string): SafeHtml {
  const { t, format, link } = view;
  const path = `${partnersPath}/${key}`;
  const why = (uri: string): string => link(`${whyPath}?hang=${encodeURIComponent(uri)}`);
  const state = (status: string | null): SafeHtml =>
    status === 'listed'
      ? html`<span class="tag good">${t('partners.shown')}</span>`
      : html`<span class="tag ${status === 'taken-down' ? 'bad' : 'away'}">${t(status === 'taken-down' ? 'partners.downHere' : 'partners.notShown')}</span>`;
  const more = `${path}?tim=${encodeURIComponent(query)}&sau=${encodeURIComponent(next ?? '')}#ke`;
  return html`<h2 id="ke">${t('partners.goods')} (${format.integer(counts.listings)})</h2>
<form class="row" method="get" action="${link(path)}">${input({ name: 'tim', label: t('partners.find'), value: query, more: html`type="search" maxlength="200" autocomplete="off"` })}<button class="button quiet" type="submit">${t('partners.findButton')}</button></form>
${
  items.length === 0
    ? html`<p class="soft">${t('partners.goodsNone')}</p>`
    : html`<ul class="sheet-rows">${items.map(
        ({ uri, title, status, priceVnd }) =>
          html`<li><a class="tall" href="${why(uri)}">${title}</a> <span class="row">${state(status)}${priceVnd !== null && html` <span>${format.vnd(priceVnd)}</span>`}</span></li>`,
      )}</ul>`
}${next !== null && html`<p><a class="button quiet" href="${link(more)}" rel="next">${t('pager.next')}</a></p>`}`;
}

const notices: Readonly<Record<Outcome, readonly [MessageKey, Tone]>> = {
  ok: ['partners.tried.ok', 'good'],
  failed: ['partners.tried.failed', 'bad'],
  slow: ['partners.tried.slow', 'wait'],
  changed: ['partners.done.changed', 'good'],
};

async function showOne(context: PageContext, { partnerDesk, now }: PartnerPageDeps, key: string, typed = nothing) {
  const { view, query } = context;
  const { t, link } = view;
  const partner = await partnerDesk.getPartner(key);
  const asked = query('tim').slice(0, 200);
  const goods = await partnerDesk.listShelf(key, asked, query('sau').slice(0, 400));
  const outcome = outcomes.find((one) => one === query('xong'));
  const told = outcome && notices[outcome];
  const path = `${partnersPath}/${key}`;
  const held = t('partners.toHeld', { count: view.format.integer(partner.counts.quarantined) });
  return deskLayout(view, 'staff', {
    title: view.either(partner.nameVi, partner.nameEn),
    part: partnersPath,
    body: html`<div class="stack">${told && html`<p class="notice ${told[1]}" role="status">${t(told[0])}</p>`}${errorSummary(t('partners.faults'), typed.faults)}
<p class="row">${toneTag(view, partner.health.tone)}<span class="small soft">${countsOf(view, partner)}</span></p>${findings(view, partner)}
${pullForms(view, partner)}
<p class="row"><a class="button" href="${link(roadPath(key))}">${t('road.way')}</a><a class="button quiet" href="${link(`${path}/giu-lai`)}">${held}</a>${partner.origin !== null && html`<a class="button quiet" href="${link(`${path}/xem-thu`)}">${t('partners.toPreview')}</a>`}<a class="button quiet" href="${link(partnersPath)}">${t('partners.toAll')}</a></p>
${partner.lanes.length > 0 && html`<ul class="partners">${partner.lanes.map((lane) => laneBox(view, lane, now()))}</ul>`}
${scorePart(view, await partnerDesk.score(key))}<h2>${t('partners.howRead')}</h2>${facts(view, partner)}${standingPart(view, partner)}${doorForm(view, partner, typed)}${shelf(view, partner, goods, asked)}</div>`,
  });
}

async function tryNow({ partnerDesk }: PartnerPageDeps, by: ReturnType<typeof byOf>, key: string, accepts: boolean) {
  const pull = partnerDesk.tryNow(by, key, accepts);
  // A refusal comes at once and is the officer's; what a slow partner does later is recorded in its lanes.
  pull.catch(() => {});
  const report = await Promise.race([pull, sleep(patienceMs, 'slow' as const, { ref: false })]);
  if (report === 'slow' || report.state === 'waiting') return 'slow';
  const { catalogue, offer } = report.lanes;
  return catalogue?.state === 'ok' && offer?.state === 'ok' ? 'ok' : 'failed';
}

async function act(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, param, request, reply } = context;
  const key = param('key');
  const by = byOf(request);
  const reason = field('reason').toWellFormed();
  const done = (outcome: Outcome): typeof SENT => seeOther(context, `${partnersPath}/${key}?xong=${outcome}`);
  try {
    switch (field('do')) {
      case 'pull':
      case 'accept':
        return done(await tryNow(deps, by, key, field('do') === 'accept'));
      case 'suspend':
        await deps.partnerDesk.suspend(by, key, reason);
        return done('changed');
      case 'resume':
        await deps.partnerDesk.resume(by, key, reason);
        return done('changed');
      default:
        await deps.partnerDesk.getRow(key);
        return seeOther(context, `${partnersPath}/${key}`);
    }
  } catch (error) {
    const { status, faults } = faultsOf(context, error);
    void reply.code(status);
    return showOne(context, deps, key, { reason, faults });
  }
}

export const partnerPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const { site } = deps;
  const read = { access: 'staff' } as const;
  const write = { access: 'staff', roles: partnerActors, method: 'POST' } as const;
  page(app, site, { ...read, url: partnersPath }, (context) => showList(context, deps));
  page(app, site, { ...read, url: `${partnersPath}/:key` }, (context) => showOne(context, deps, context.param('key')));
  page(app, site, { ...write, url: `${partnersPath}/:key` }, (context) => act(context, deps));
};
