import type { FastifyPluginAsync } from 'fastify';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import type { Payments } from './service.ts';

export type PaymentStaffPageDeps = { readonly site: Site; readonly payments: Payments };

const shown = 100;
type Refunds = Awaited<ReturnType<Payments['listRefunds']>>;
type Transfers = Awaited<ReturnType<Payments['listUnmatched']>>;

export const reasonNames = {
  overpaid: 'refund.overpaid',
  late: 'refund.late',
  duplicate: 'refund.duplicate',
  cancelled: 'refund.cancelled',
  'partial-expired': 'refund.partial-expired',
  'exchange-leg': 'refund.exchange-leg',
  unmatched: 'refund.unmatched',
  reversed: 'refund.reversed',
  returned: 'refund.returned',
  complaint: 'refund.complaint',
  disputed: 'refund.disputed',
} as const satisfies Readonly<Record<Refunds[number]['reason'], MessageKey>>;
/** What is still in these lists; the rest is done with. */
const stateName = (status: string): MessageKey => (status === 'failed' ? 'refund.failed' : 'refund.queued');
const transferName = (state: string): MessageKey =>
  state === 'foreign-account' ? 'transfer.foreign-account' : 'transfer.unmatched';

const column = (name: string, isNumber = false): SafeHtml =>
  html`<th scope="col"${isNumber && html` class="number"`}>${name}</th>`;

const refundTable = ({ t, format }: View, refunds: Refunds): SafeHtml =>
  html`<div class="table" tabindex="0"><table><thead><tr>${column(t('staff.since'))}${column(t('staff.why'))}${column(t('staff.state'))}${column(t('staff.amount'), true)}</tr></thead><tbody>
${refunds.map(({ createdAt, reason, status, amountVnd }) => html`<tr><td>${format.dateTime(createdAt)}</td><td>${t(reasonNames[reason])}</td><td>${t(stateName(status))}</td><td class="number">${format.vnd(amountVnd)}</td></tr>`)}</tbody></table></div>`;

const transferTable = ({ t, format }: View, transfers: Transfers): SafeHtml =>
  html`<div class="table" tabindex="0"><table><thead><tr>${column(t('staff.since'))}${column(t('staff.content'))}${column(t('staff.state'))}${column(t('staff.amount'), true)}</tr></thead><tbody>
${transfers.map(({ receivedAt, content, state, amountVnd }) => html`<tr><td>${format.dateTime(receivedAt)}</td><td class="hash">${content}</td><td>${t(transferName(state))}</td><td class="number">${format.vnd(amountVnd)}</td></tr>`)}</tbody></table></div>`;

const moneyPage = (view: View, refunds: Refunds, transfers: Transfers): SafeHtml => {
  const { t } = view;
  return deskLayout(view, 'staff', {
    title: t('staff.moneyTitle'),
    part: '/quan-tri/tien-cho',
    body: html`<section class="section" aria-labelledby="refunds"><h2 id="refunds">${t('staff.refunds')}</h2>
${refunds.length === 0 ? html`<p>${t('staff.refundsNone')}</p>` : refundTable(view, refunds)}</section>
<section class="section" aria-labelledby="transfers"><h2 id="transfers">${t('staff.unmatched')}</h2>
${transfers.length === 0 ? html`<p>${t('staff.unmatchedNone')}</p>` : transferTable(view, transfers)}</section>`,
  });
};

/** Money that waits for a person, each line since when and why. */
export const paymentStaffPages: FastifyPluginAsync<PaymentStaffPageDeps> = async (app, { site, payments }) => {
  page(app, site, { url: '/quan-tri/tien-cho', access: 'staff' }, async ({ view }) => {
    const [refunds, transfers] = await Promise.all([payments.listRefunds(shown), payments.listUnmatched(shown)]);
    return moneyPage(view, refunds, transfers);
  });
};
