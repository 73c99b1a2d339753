import { errorAt, type Fault } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, fileInput, input, select } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { DisputeCase, RefundCase, TransferCase } from './cases.ts';
import type { ProposalRow } from './queries/proposals.ts';
import type { Difference } from './rules/provider-file.ts';
import type { Payments } from './service.ts';
import { reasonNames } from './staff-pages.ts';
import { PASSING_PROVIDERS, type PassingProvider } from './types.ts';

export const deskPath = '/quan-tri/doi-soat';
export type Bank = { readonly bin: string; readonly name: string };
export type Typed = (name: string) => string;
export type Shown = { readonly faults: readonly Fault[]; readonly typed: Typed; readonly notice?: string | undefined };
type Desk = Awaited<ReturnType<Payments['readDesk']>>;

const form = (view: View, path: string, act: string, body: SafeHtml, kind?: 'files'): SafeHtml =>
  html`<form class="box stack" method="post"${kind === 'files' && html` enctype="multipart/form-data"`} action="${view.link(path)}">${csrfField(view.csrf)}<input type="hidden" name="do" value="${act}">${body}</form>`;
const button = (text: string, quiet = false): SafeHtml =>
  html`<button class="button${quiet && ' quiet'}" type="submit">${text}</button>`;
const reasonField = (view: View, { faults, typed }: Shown, required = true, id = 'reason'): SafeHtml =>
  input({
    name: id,
    label: view.t('money.reason'),
    value: typed(id),
    error: errorAt(faults, id),
    required,
    more: html`type="text" maxlength="500" autocomplete="off"`,
  });

const fact = (name: string, value: SafeHtml | string): SafeHtml =>
  html`<div class="copyable"><dt>${name}</dt><dd>${value}</dd></div>`;

/** One page of the desk, with what went wrong or was done on top. */
export const moneyPage = (view: View, title: string, { faults, notice }: Shown, body: SafeHtml): SafeHtml =>
  deskLayout(view, 'staff', {
    title,
    part: deskPath,
    body: html`<div class="stack">${errorSummary(view.t('checkout.faults'), faults)}${notice && html`<p class="notice good" role="status">${notice}</p>`}${body}</div>`,
  });

/** As they write themselves. */
const providerNames = { stripe: 'Stripe', vnpay: 'VNPAY' } as const satisfies Record<PassingProvider, string>;

const proposalTitle = ({ t }: View, { kind, detail }: ProposalRow, amount: string): string => {
  if (kind === 'refund-account') return t('money.kindAccount', { amount });
  if (kind === 'bank-dispute') return t('money.kindLoss', { amount });
  if (kind === 'provider-payout') return t('money.kindPassed', { amount });
  return t((detail.allocations ?? []).length > 0 ? 'money.kindMatch' : 'money.kindBack', { amount });
};

/** What exactly is proposed, in the words of whoever has to answer for it. */
export const proposalFacts = ({ t, format }: View, { detail, reason }: ProposalRow, amountVnd?: number): SafeHtml => {
  const { allocations, name, last4, bearer, settlement } = detail;
  const parts = (allocations ?? []).reduce((sum, part) => sum + part.amountVnd, 0);
  const restVnd = allocations && amountVnd !== undefined ? amountVnd - parts : 0;
  return html`<ul>${(allocations ?? []).map((part) => html`<li>${t('money.partLine', { code: part.code, amount: format.vnd(part.amountVnd) })}</li>`)}
${restVnd > 0 && html`<li>${t('money.restLine', { amount: format.vnd(restVnd) })}</li>`}
${name && html`<li>${t('money.toAccount', { name, last: last4 ?? '' })}</li>`}${bearer && html`<li>${t(bearer === 'orders' ? 'money.bearerOrders' : 'money.bearerExchange')}</li>`}${
  settlement &&
  html`<li>${t('money.passedLine', { provider: providerNames[settlement.provider], reference: settlement.reference, lines: settlement.lineCount })}</li><li>${t('money.passedSums', { gross: format.vnd(settlement.grossVnd), fee: format.vnd(settlement.feeVnd) })}</li>`
}</ul><p>${t('money.reason')}: ${reason}</p>`;
};

export const proposalPage = (
  view: View,
  { proposal, amountVnd, own }: { readonly proposal: ProposalRow; readonly amountVnd: number; readonly own: boolean },
  shown: Shown,
): SafeHtml => {
  const { t, format } = view;
  const path = `${deskPath}/de-xuat/${proposal.id}`;
  const facts = html`<div class="box stack">${proposalFacts(view, proposal, amountVnd)}<p class="small soft">${t('money.proposedBy', { time: format.dateTime(proposal.proposedAt) })}</p></div>`;
  const ways = html`${!own && form(view, path, 'approve', button(t('money.approve')))}
${form(view, path, 'reject', html`${reasonField(view, shown, !own)}${button(t(own ? 'money.withdraw' : 'money.reject'), true)}`)}`;
  const title = proposalTitle(view, proposal, format.vnd(amountVnd));
  const over = html`<p class="notice good">${t('money.decided')}</p>`;
  return moneyPage(view, title, shown, html`${facts}${proposal.outcome === null ? ways : over}`);
};

const waits = (view: View, proposal: ProposalRow | undefined): SafeHtml | false =>
  proposal !== undefined &&
  html`<p class="notice wait">${view.t('money.waitsFor')}. <a href="${view.link(`${deskPath}/de-xuat/${proposal.id}`)}">${view.t('money.open')}</a></p>`;

const partRow = (view: View, { faults, typed }: Shown, count: number): SafeHtml =>
  html`${input({ name: `code${count}`, label: view.t('money.code', { count }), value: typed(`code${count}`), error: errorAt(faults, `code${count}`), more: html`type="text" maxlength="40" autocomplete="off" autocapitalize="characters"` })}
${input({ name: `amount${count}`, label: view.t('money.part', { count }), value: typed(`amount${count}`), error: errorAt(faults, `amount${count}`), more: html`type="text" inputmode="numeric" maxlength="20" autocomplete="off"` })}`;

/** Which lines of a provider's file are not what the books say, so that somebody can ask for them. */
const passedFaults = ({ t, format }: View, faults: readonly Fault[]): SafeHtml | false => {
  const said = faults.flatMap(({ extra = {} }) => {
    const { line, netVnd, lines } = extra as { line?: number; netVnd?: number; lines?: readonly Difference[] };
    return [
      ...(line === undefined ? [] : [t('money.passedLineWrong', { line })]),
      ...(netVnd === undefined ? [] : [t('money.passedNet', { net: format.vnd(netVnd) })]),
      ...(lines ?? []).map(({ oursVnd, theirsVnd, ...of }) =>
        t(oursVnd === null ? 'money.passedUnknown' : 'money.passedDiffers', {
          ...of,
          theirs: format.vnd(theirsVnd),
          ours: format.vnd(oursVnd ?? 0),
        }),
      ),
    ];
  });
  return said.length > 0 && html`<div class="notice bad"><ul>${said.map((one) => html`<li>${one}</li>`)}</ul></div>`;
};

/** For a transfer that a payment provider sent: its own file says what is in it. */
const passedForm = (view: View, path: string, shown: Shown): SafeHtml => {
  const { t } = view;
  const { faults, typed } = shown;
  const at = (name: string) => ({ name, value: typed(name), error: errorAt(faults, name), required: true });
  const options = PASSING_PROVIDERS.map((provider) => ({ value: provider, label: providerNames[provider] }));
  return html`<h2>${t('money.passedTitle')}</h2>${passedFaults(view, faults)}${form(
    view,
    `${path}/cong`,
    'pass',
    html`<p class="hint">${t('money.passedHint')}</p>${select({ ...at('provider'), label: t('money.passedProvider') }, t('money.passedChoose'), options)}
${input({ ...at('reference'), label: t('money.passedReference'), more: html`type="text" maxlength="100" autocomplete="off"` })}
${fileInput({ name: 'file', label: t('money.passedFile'), error: errorAt(faults, 'file'), required: true }, '.csv,text/csv')}
${input({ ...at('why'), label: t('money.reason'), more: html`type="text" maxlength="500" autocomplete="off"` })}${button(t('money.propose'))}`,
    'files',
  )}`;
};

export const transferPage = (view: View, { transfer, suggestions, proposal }: TransferCase, shown: Shown): SafeHtml => {
  const { t, format } = view;
  const path = `${deskPath}/${transfer.id}`;
  const facts = html`<dl class="box">${fact(t('money.came'), format.vnd(transfer.amountVnd))}${fact(t('money.content'), transfer.content)}
${fact(t('money.when'), format.dateTime(transfer.happenedAt ?? transfer.receivedAt))}${transfer.bankReference !== '' && fact(t('money.reference'), transfer.bankReference)}
${transfer.payer && fact(t('money.payer'), transfer.payer.name)}</dl>`;
  const close = html`<section aria-labelledby="near"><h2 id="near">${t('money.suggestions')}</h2>${
    suggestions.length === 0
      ? html`<p>${t('money.none')}</p>`
      : html`<ul class="stack">${suggestions.map(
          ({ code, dueVnd, distance, exact }) =>
            html`<li class="box row"><span>${t('money.suggestion', { code, due: format.vnd(dueVnd) })}</span>${exact && html`<span class="tag good">${t('money.sameAmount')}</span>`}${distance <= 3 && html`<span class="tag">${t('money.letters', { count: distance })}</span>`}</li>`,
        )}</ul>`
  }</section>`;
  const match = html`<h2>${t('money.matchTitle')}</h2>${form(
    view,
    path,
    'match',
    html`<p class="hint">${t('money.matchHint')}</p>${[1, 2, 3].map((count) => partRow(view, shown, count))}${reasonField(view, shown)}${button(t('money.propose'))}`,
  )}`;
  const open =
    transfer.state === 'unmatched'
      ? html`${close}${waits(view, proposal) || html`${match}${passedForm(view, path, shown)}`}`
      : html`<p class="notice good">${t('transfer.settled')}</p>`;
  return moneyPage(view, t('money.transfers'), shown, html`${facts}${open}`);
};

const accountForm = (
  view: View,
  path: string,
  banks: readonly Bank[],
  { payer }: RefundCase,
  shown: Shown,
): SafeHtml => {
  const { t } = view;
  const { faults, typed } = shown;
  const at = (name: string, known = '') => ({ name, value: typed(name) || known, error: errorAt(faults, name) });
  const options = banks.map(({ bin, name }) => ({ value: bin, label: name }));
  return html`<h2>${t('money.accountTitle')}</h2>${form(
    view,
    path,
    'account',
    html`${select({ ...at('bankBin', payer?.bankBin), label: t('money.bank'), required: true }, t('money.chooseBank'), options)}
${input({ ...at('accountNumber', payer?.accountNumber), label: t('money.accountNumber'), required: true, more: html`type="text" inputmode="numeric" maxlength="30" autocomplete="off"` })}
${input({ ...at('holder', payer?.name), label: t('money.holder'), required: true, more: html`type="text" maxlength="100" autocomplete="off"` })}${reasonField(view, shown)}${button(t('money.propose'))}`,
  )}`;
};

const sendForm = (
  view: View,
  path: string,
  banks: readonly Bank[],
  { refund, accountNumber }: RefundCase,
  shown: Shown,
) => {
  const { t, format } = view;
  const { faults, typed } = shown;
  return html`<h2>${t('money.sendTitle')}</h2><p>${t('money.sendText')}</p>
<dl class="box">${fact(t('money.bank'), banks.find(({ bin }) => bin === refund.toBankBin)?.name ?? refund.toBankBin ?? '')}${fact(t('money.accountNumber'), accountNumber ?? '')}${fact(t('money.holder'), refund.toName ?? '')}${fact(t('money.came'), format.vnd(refund.amountVnd))}</dl>
${form(view, path, 'sent', html`${input({ name: 'bankReference', label: t('money.reference'), value: typed('bankReference'), error: errorAt(faults, 'bankReference'), required: true, more: html`type="text" maxlength="60" autocomplete="off"` })}${button(t('money.sent'))}`)}`;
};

export const refundPage = (view: View, found: RefundCase, banks: readonly Bank[], shown: Shown): SafeHtml => {
  const { t, format } = view;
  const { refund, code, proposal, accountNumber } = found;
  const path = `${deskPath}/hoan/${refund.id}`;
  const isOpen = refund.status === 'failed' || (refund.status === 'queued' && refund.way === 'transfer');
  const retry =
    refund.status === 'failed' &&
    refund.way === 'provider' &&
    form(view, path, 'retry', button(t('money.retry'), true));
  const next = accountNumber ? sendForm(view, path, banks, found, shown) : accountForm(view, path, banks, found, shown);
  const title = t('money.refundTitle', { amount: format.vnd(refund.amountVnd) });
  return moneyPage(
    view,
    title,
    shown,
    html`${code && html`<p>${code}</p>`}${refund.failure && html`<p class="notice bad">${t('money.failed', { reason: refund.failure })}</p>`}
${isOpen ? html`${waits(view, proposal) || next}${retry}` : html`<p class="notice good">${t('money.decided')}</p>`}`,
  );
};

export const disputePage = (view: View, { dispute, code, proposal }: DisputeCase, shown: Shown): SafeHtml => {
  const { t, format } = view;
  const path = `${deskPath}/doi-lai/${dispute.id}`;
  const { evidenceBy } = dispute;
  const evidence = html`${evidenceBy && html`<p class="notice wait">${t('money.evidenceBy', { time: format.dateTime(evidenceBy) })}</p>`}<p>${t('money.evidenceText')}</p>`;
  const choice = (value: string, label: string, checked: boolean): SafeHtml =>
    html`<label class="choice"><input type="radio" name="bearer" value="${value}"${checked && html` checked`}><span>${label}</span></label>`;
  const loss = form(
    view,
    path,
    'loss',
    html`<fieldset><legend>${t('money.lossTitle')}</legend>${choice('orders', t('money.bearerOrders'), true)}${choice('exchange', t('money.bearerExchange'), false)}</fieldset>${reasonField(view, shown)}${button(t('money.propose'))}`,
  );
  const isOpen = dispute.status === 'open' || dispute.status === 'answered';
  const way = dispute.provider === 'bank' ? waits(view, proposal) || loss : evidence;
  const title = t('money.disputeTitle', { amount: format.vnd(dispute.amountVnd) });
  const over = html`<p class="notice good">${t('money.decided')}</p>`;
  return moneyPage(view, title, shown, html`<p>${code} · ${dispute.reason}</p>${isOpen ? way : over}`);
};

const rows = <Row extends { readonly id: string }>(
  view: View,
  title: string,
  items: readonly Row[],
  line: (item: Row) => { readonly path: string; readonly text: string; readonly amountVnd?: number; readonly at: Date },
): SafeHtml => {
  const { t, format, link } = view;
  return html`<section class="section"><h2>${title}</h2>${
    items.length === 0
      ? html`<p class="soft">${t('money.none')}</p>`
      : html`<ul class="stack">${items.map((item) => {
          const { path, text, amountVnd, at } = line(item);
          return html`<li class="box row"><a href="${link(path)}">${text} <span class="small soft">${format.dateTime(at)}</span></a>${amountVnd !== undefined && html`<b>${format.vnd(amountVnd)}</b>`}</li>`;
        })}</ul>`
  }</section>`;
};

export const reconcilingPage = (view: View, desk: Desk, shown: Shown): SafeHtml => {
  const { t } = view;
  const upload = form(
    view,
    deskPath,
    'statement',
    html`${fileInput({ name: 'statement', label: t('money.statementFile'), hint: t('money.statementHint'), error: errorAt(shown.faults, 'statement'), required: true }, '.csv,text/csv')}${button(t('money.upload'))}`,
    'files',
  );
  const read = html`<ul>${desk.statements.map(
    ({ fromDay, toDay, lineCount, newCount, missing }) =>
      html`<li>${t('money.statementLine', { from: fromDay, to: toDay, lines: lineCount, fresh: newCount })}${missing.length > 0 && html` <span class="tag bad">${t('money.missing', { count: missing.length })}</span>`}</li>`,
  )}</ul>`;
  return moneyPage(
    view,
    t('money.title'),
    shown,
    html`<p>${t('money.intro')}</p>
${rows(view, t('money.proposals'), desk.proposals, (item) => ({ path: `${deskPath}/de-xuat/${item.id}`, text: item.reason, at: item.proposedAt }))}
${rows(view, t('money.transfers'), desk.transfers, (item) => ({ path: `${deskPath}/${item.id}`, text: item.content || item.bankReference || item.id, amountVnd: item.amountVnd, at: item.receivedAt }))}
${rows(view, t('money.refunds'), desk.refunds, (item) => ({ path: `${deskPath}/hoan/${item.id}`, text: t(reasonNames[item.reason]), amountVnd: item.amountVnd, at: item.createdAt }))}
${rows(view, t('money.disputes'), desk.disputes, (item) => ({ path: `${deskPath}/doi-lai/${item.id}`, text: item.reason, amountVnd: item.amountVnd, at: item.openedAt }))}
<section class="section"><h2>${t('money.held')}</h2>${desk.held.length === 0 ? html`<p class="soft">${t('money.none')}</p>` : html`<ul>${desk.held.map(({ provider, count, amountVnd, since }) => html`<li>${t('money.heldLine', { provider: providerNames[provider], count, amount: view.format.vnd(amountVnd), since: view.format.date(since) })}</li>`)}</ul>`}</section>
<section class="section"><h2>${t('money.statements')}</h2>${upload}${read}</section>`,
  );
};
