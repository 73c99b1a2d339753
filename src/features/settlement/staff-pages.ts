import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { byOf } from '#http/access.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther, sendFile } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { Officer } from './deps.ts';
import type { RunRow } from './queries.ts';
import { ENDINGS, type Ending, refuse } from './rules.ts';
import { payoutTag } from './seller-pages.ts';
import type { Settlement } from './service.ts';
import type { RunId, RunState } from './types.ts';
import type { PayoutView } from './views.ts';
import { endingNames, runNames, skipNames } from './words.ts';

export type StaffSettlementDeps = { readonly site: Site; readonly settlement: Settlement };

const path = '/quan-tri/chi-tra';
const reading = { access: 'staff', roles: ['finance', 'auditor'] } as const;
const paying = { access: 'staff', roles: ['finance'], fresh: true } as const;
const tones: Readonly<Record<RunState, string>> = {
  draft: 'away',
  proposed: 'wait',
  approved: 'wait',
  closed: 'good',
  abandoned: 'bad',
};
const runTag = ({ t }: View, status: RunState): SafeHtml =>
  html`<span class="tag ${tones[status]}">${t(runNames[status])}</span>`;
const column = (name: string, isNumber = false): SafeHtml =>
  html`<th scope="col"${isNumber && html` class="number"`}>${name}</th>`;
const officerOf = ({ request }: PageContext): Officer => byOf(request);
const pays = ({ visitor }: View): boolean => visitor?.staffRole === 'finance' || visitor?.staffRole === 'admin';

const button = (view: View, action: string, what: string, label: string, quiet = false): SafeHtml =>
  html`<form method="post" action="${view.link(action)}">${csrfField(view.csrf)}<button class="button${quiet ? ' quiet' : ''}" type="submit" name="do" value="${what}">${label}</button></form>`;

const runTable = (view: View, runs: readonly RunRow[]): SafeHtml => {
  const { t, format, link } = view;
  return html`<div class="table" tabindex="0"><table><thead><tr>${column(t('runs.number'))}${column(t('settle.state'))}${column(t('runs.count'), true)}${column(t('runs.total'), true)}</tr></thead><tbody>
${runs.map(({ id, number, status, draftedAt, payoutCount, totalVnd }) => html`<tr><td><a href="${link(`${path}/${id}`)}">${number}</a><br><span class="small soft">${format.dateTime(draftedAt)}</span></td><td>${runTag(view, status)}</td><td class="number">${format.integer(payoutCount)}</td><td class="number">${format.vnd(totalVnd)}</td></tr>`)}</tbody></table></div>`;
};

async function showRuns({ view }: PageContext, { settlement }: StaffSettlementDeps, faults: readonly Fault[] = []) {
  const { t } = view;
  const runs = await settlement.listRuns();
  return deskLayout(view, 'staff', {
    title: t('runs.title'),
    part: path,
    body: html`<p class="soft">${t('runs.lead')}</p>${errorSummary(t('runs.faults'), faults)}${pays(view) && button(view, path, 'draft', t('runs.draft'))}
<div class="section">${runs.length === 0 ? html`<p>${t('runs.none')}</p>` : runTable(view, runs)}</div>`,
  });
}

/** How a payout ended, where it has not yet or may still come back. */
function endingForm(view: View, runId: RunId, { code, status }: PayoutView): SafeHtml | false {
  const { t, link, csrf } = view;
  const possible = ENDINGS.filter((ending) => (ending === 'returned' ? status === 'paid' : status === 'approved'));
  if (!pays(view) || possible.length === 0) return false;
  return html`<details class="fold"><summary>${t('runs.end')}<span class="hidden"> ${code}</span></summary><form class="stack" method="post" action="${link(`${path}/${runId}`)}">${csrfField(csrf)}<input type="hidden" name="code" value="${code}">
<div class="field"><label for="note-${code}">${t('runs.note')}</label><input id="note-${code}" name="note" type="text" maxlength="300" required autocomplete="off"></div>
<p class="row">${possible.map((ending) => html`<button class="button${ending !== 'paid' && ' quiet'}" type="submit" name="do" value="${ending}">${t(endingNames[ending])}</button>`)}</p></form></details>`;
}

const payoutList = (view: View, runId: RunId, payouts: readonly PayoutView[]): SafeHtml => {
  const { t, format } = view;
  return html`<ul class="producers">${payouts.map(
    (
      payout,
    ) => html`<li class="box stack"><h3>${payout.business}</h3><p class="row">${payoutTag(view, payout.status)}<b class="price">${format.vnd(payout.amountVnd)}</b></p>
<p class="small soft"><span class="code">${payout.code}</span> · ${t('settle.orders', { count: payout.itemCount })} · ${payout.holderName} …${payout.last4}</p>
${(payout.bankReference ?? payout.reason) && html`<p class="small">${payout.bankReference ?? payout.reason}</p>`}${endingForm(view, runId, payout)}</li>`,
  )}</ul>`;
};

function skippedList(view: View, { id, status, skipped }: RunRow): SafeHtml | false {
  const { t, format, link, csrf } = view;
  const isOpen = pays(view) && (status === 'draft' || status === 'proposed');
  return (
    skipped.length > 0 &&
    html`<section class="section" aria-labelledby="skipped"><h2 id="skipped">${t('runs.skipped')}</h2><ul class="producers">${skipped.map(
      ({
        businessId,
        name,
        dueVnd,
        reason,
      }) => html`<li class="box stack"><h3>${name}</h3><p class="row"><span class="tag wait">${t(skipNames[reason])}</span><b class="price">${format.vnd(dueVnd)}</b></p>
${
  isOpen &&
  reason === 'account-new' &&
  html`<form class="stack" method="post" action="${link(`${path}/${id}`)}">${csrfField(csrf)}<input type="hidden" name="businessId" value="${businessId}"><div class="field"><label for="note-${businessId}">${t('runs.confirmNote')}</label><input id="note-${businessId}" name="note" type="text" maxlength="300" required autocomplete="off"></div><button class="button quiet" type="submit" name="do" value="confirm">${t('runs.confirm')}</button></form>`
}</li>`,
    )}</ul></section>`
  );
}

const steps: Readonly<Partial<Record<RunState, readonly (readonly [what: string, name: MessageKey])[]>>> = {
  draft: [
    ['propose', 'runs.propose'],
    ['refresh', 'runs.refresh'],
    ['abandon', 'runs.abandon'],
  ],
  proposed: [
    ['approve', 'runs.approve'],
    ['refresh', 'runs.refresh'],
    ['abandon', 'runs.abandon'],
  ],
  approved: [['file', 'runs.file']],
};

const idOf = ({ param }: PageContext): RunId => {
  const id = param('runId');
  if (!isId<'PayoutRun'>(id)) throw refuse('payout-run-not-found');
  return id;
};

async function showRun(context: PageContext, { settlement }: StaffSettlementDeps, faults: readonly Fault[] = []) {
  const { view } = context;
  const { t, format } = view;
  const { run, payouts } = await settlement.getRun(idOf(context));
  const possible = pays(view) ? (steps[run.status] ?? []) : [];
  return deskLayout(view, 'staff', {
    title: t('runs.run', { number: run.number }),
    part: path,
    body: html`${errorSummary(t('runs.faults'), faults)}<div class="box stack"><p class="row">${runTag(view, run.status)}<b class="price">${format.vnd(run.totalVnd)}</b></p>
<p class="small soft">${t('settle.at')} ${format.dateTime(run.draftedAt)}</p><div class="row">${possible.map(([what, name], index) => button(view, `${path}/${run.id}`, what, t(name), index > 0))}</div></div>
<section class="section" aria-labelledby="payouts"><h2 id="payouts">${t('runs.payouts')}</h2>${payoutList(view, run.id, payouts)}</section>${skippedList(view, run)}`,
  });
}

/** What the form of a run asks for; undefined where it asks for nothing that there is. */
function actOf(context: PageContext, settlement: Settlement, id: RunId): (() => Promise<unknown>) | undefined {
  const { field } = context;
  const officer = officerOf(context);
  const wanted = field('do');
  if ((ENDINGS as readonly string[]).includes(wanted))
    return () => settlement.endPayout(officer, field('code'), wanted as Ending, field('note'));
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    propose: () => settlement.propose(officer, id),
    approve: () => settlement.approve(officer, id),
    refresh: () => settlement.refresh(officer, id),
    abandon: () => settlement.abandon(officer, id),
    confirm: async () => {
      const businessId = field('businessId');
      if (!isId<'Business'>(businessId)) throw refuse('bank-account-unknown');
      await settlement.confirmAccount(officer, businessId, field('note'));
      await settlement.refresh(officer, id);
    },
  };
  return Object.hasOwn(acts, wanted) ? acts[wanted] : undefined;
}

async function takeStep(context: PageContext, deps: StaffSettlementDeps): Promise<SafeHtml | typeof SENT> {
  const { settlement } = deps;
  const id = idOf(context);
  if (context.field('do') === 'file') {
    const { name, bytes } = await settlement.bankFile(officerOf(context), id);
    return sendFile(context, bytes, 'text/csv; charset=utf-8', name);
  }
  const act = actOf(context, settlement, id);
  const faults = act ? await faultsOf(context, act) : undefined;
  return faults ? showRun(context, deps, faults) : seeOther(context, `${path}/${id}`);
}

/** Where finance pays businesses, and auditors look on. */
export const staffSettlementPages: FastifyPluginAsync<StaffSettlementDeps> = async (app, deps) => {
  const { site, settlement } = deps;
  page(app, site, { ...reading, url: path }, (context) => showRuns(context, deps));
  page(app, site, { ...paying, url: path, method: 'POST' }, async (context) => {
    let id: RunId | undefined;
    const faults = await faultsOf(context, async () => {
      id = await settlement.draft(officerOf(context));
    });
    return faults ? showRuns(context, deps, faults) : seeOther(context, `${path}/${id}`);
  });
  page(app, site, { ...reading, url: `${path}/:runId` }, (context) => showRun(context, deps));
  page(app, site, { ...paying, url: `${path}/:runId`, method: 'POST' }, (context) => takeStep(context, deps));
};
