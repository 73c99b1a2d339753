import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { ownBusinesses } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, sendFile } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { pager } from '#web/parts/pager.ts';
import { sums } from '#web/parts/sums.ts';
import { createPdf } from '#web/pdf/document.ts';
import type { Site, View } from '#web/view.ts';
import { chooseOwn } from './seller-routes.ts';
import type { Settlement } from './service.ts';
import { linesAsCsv, type StatementHead } from './stating.ts';
import { AMOUNTS, type PayoutState } from './types.ts';
import type { PayeeView, PayoutView, StatementLine } from './views.ts';
import { amountNames, payoutNames } from './words.ts';

export type SellerSettlementDeps = { readonly site: Site; readonly settlement: Settlement; readonly now: Clock };

const earning = { access: 'seller', roles: ['owner', 'manager'] } as const;
const perPage = 50;

const kinds: Readonly<Record<string, MessageKey>> = {
  sale: 'settle.kind.sale',
  'refund-due': 'settle.kind.refund',
  payout: 'settle.kind.payout',
  'payout-failed': 'settle.kind.payout-failed',
  'payout-returned': 'settle.kind.payout-returned',
  'direct-sale': 'settle.kind.direct-sale',
  'direct-refund': 'settle.kind.direct-refund',
};
const kindOf = ({ kind, withheldVatVnd, withheldPitVnd }: StatementLine): MessageKey =>
  kinds[kind] ?? (withheldVatVnd !== 0 || withheldPitVnd !== 0 ? 'settle.kind.withheld' : 'settle.kind.other');

/** Sums that are not zero, then what is the business's. */
const rowsOf = ({ t }: View, { openingVnd, closingVnd, totals }: StatementHead) => [
  { label: t('settle.opening'), amountVnd: openingVnd },
  ...AMOUNTS.filter((key) => key !== 'netVnd' && totals[key] !== 0).map((key) => ({
    label: t(amountNames[key]),
    amountVnd: totals[key],
  })),
  { label: t('settle.closing'), amountVnd: closingVnd, total: true },
];

const column = (name: string, isNumber = false): SafeHtml =>
  html`<th scope="col"${isNumber && html` class="number"`}>${name}</th>`;

/** What of a line went where, in words that say it once: the biggest facts, not twelve columns of zeros. */
const partsOf = ({ t, format }: View, line: StatementLine): string =>
  AMOUNTS.filter((key) => key !== 'netVnd' && line[key] !== 0)
    .map((key) => `${t(amountNames[key])} ${format.vnd(line[key])}`)
    .join(' · ');

const lineTable = (view: View, lines: readonly StatementLine[]): SafeHtml => {
  const { t, format, link } = view;
  return html`<div class="table" tabindex="0"><table><thead><tr>${column(t('settle.at'))}${column(t('settle.what'))}${column(t('settle.order'))}${column(t('settle.netVnd'), true)}</tr></thead><tbody>
${lines.map(
  (
    line,
  ) => html`<tr><td>${format.dateTime(line.at)}</td><td>${t(kindOf(line))}<br><span class="small soft">${partsOf(view, line)}</span></td>
<td class="code">${line.orderCode !== null ? html`<a href="${link(`/don-hang/${line.orderCode}`)}">${line.orderCode}</a>` : line.reference.startsWith('ST') && html`<a href="${link(`/ban-hang/chi-tra/${line.reference}`)}">${line.reference}</a>`}</td><td class="number">${format.vnd(line.netVnd)}</td></tr>`,
)}</tbody></table></div>`;
};

/** The month, and the business where one has several. */
const chooser = (
  { t, link }: View,
  { month, businessId }: StatementHead,
  latest: string,
  payees: readonly PayeeView[],
): SafeHtml =>
  html`<form class="row" method="get" action="${link('/ban-hang/doi-soat')}"><span class="field"><label for="thang">${t('settle.month')}</label><input id="thang" name="thang" type="month" value="${month}" max="${latest}" required></span>
${
  payees.length > 1 &&
  html`<span class="field"><label for="co-so">${t('settle.business')}</label><select id="co-so" name="co-so">${payees.map(
    (one) =>
      html`<option value="${one.businessId}"${one.businessId === businessId && html` selected`}>${one.name}</option>`,
  )}</select></span>`
}<button class="button quiet" type="submit">${t('settle.show')}</button></form>`;

const asked = (context: PageContext, settlement: Settlement) => ({
  businessId: chooseOwn(context.request, context.query('co-so') || undefined),
  month: context.query('thang') || settlement.currentMonth(),
});

async function showStatement(context: PageContext, { settlement }: SellerSettlementDeps): Promise<SafeHtml> {
  const { view, request, query } = context;
  const { t, link, format } = view;
  const { businessId, month } = asked(context, settlement);
  const cursor = query('cursor') || undefined;
  readCursor(cursor);
  const [{ head, items, nextCursor }, payees] = await Promise.all([
    settlement.getStatement(businessId, month, { limit: perPage, cursor }),
    settlement.listPayees(ownBusinesses(request)),
  ]);
  const own = `thang=${head.month}&co-so=${businessId}`;
  const shown = format.month(new Date(`${head.month}-01T00:00:00+07:00`));
  return deskLayout(view, 'seller', {
    title: t('settle.statementOf', { month: shown }),
    part: '/ban-hang/doi-soat',
    body: html`<p class="soft">${t('settle.lead')}</p>${chooser(view, head, settlement.currentMonth(), payees)}
<section class="box stack section" aria-labelledby="sums"><h2 id="sums">${head.business}</h2><p class="small soft">${head.number === null ? t('settle.open') : t('settle.closed', { number: head.number })}</p>${sums(view, rowsOf(view, head))}
<p class="row"><a class="button quiet" href="${link(`/ban-hang/doi-soat/tep?${own}`)}" download>${t('settle.csv')}</a><a class="button quiet" href="${link(`/ban-hang/doi-soat/pdf?${own}`)}" download>${t('settle.pdf')}</a></p></section>
<section class="section" aria-labelledby="lines"><h2 id="lines">${t('settle.lines')}</h2>${items.length === 0 ? html`<p>${t('settle.none')}</p>` : lineTable(view, items)}
${pager(view, nextCursor && link(`/ban-hang/doi-soat?${own}&cursor=${nextCursor}`), cursor ? link(`/ban-hang/doi-soat?${own}`) : null)}</section>`,
  });
}

async function statementPdf(
  view: View,
  head: StatementHead,
  lines: readonly StatementLine[],
  at: Date,
): Promise<Buffer> {
  const { t, format } = view;
  const month = format.month(new Date(`${head.month}-01T00:00:00+07:00`));
  const title = t('settle.statementOf', { month });
  const author = `Chợ Nổi, ${t('site.place')}`;
  const pdf = createPdf({
    title,
    size: 'A4',
    lang: view.locale,
    at: head.frozenAt ?? at,
    author,
    footer: `${author} · ${head.number ?? title}`,
  });
  pdf.heading(title, 16);
  pdf.text(head.business, { bold: true });
  pdf.text(head.number === null ? t('settle.open') : t('settle.closed', { number: head.number }));
  pdf.gap();
  for (const { label, amountVnd } of rowsOf(view, head)) pdf.pair(label, format.vnd(amountVnd));
  pdf.heading(t('settle.lines'));
  pdf.table(
    [
      { title: t('settle.at'), weight: 3 },
      { title: t('settle.what'), weight: 7 },
      { title: t('settle.order'), weight: 3 },
      { title: t('settle.netVnd'), weight: 3, number: true },
    ],
    lines.map((line) => [
      format.dateTime(line.at),
      `${t(kindOf(line))}: ${partsOf(view, line)}`,
      line.orderCode ?? line.reference,
      format.vnd(line.netVnd),
    ]),
    8,
  );
  return pdf.finish();
}

const tones: Readonly<Record<PayoutState, string>> = {
  planned: 'away',
  approved: 'wait',
  paid: 'good',
  failed: 'bad',
  returned: 'bad',
  abandoned: 'away',
};
export const payoutTag = ({ t }: View, status: PayoutState): SafeHtml =>
  html`<span class="tag ${tones[status]}">${t(payoutNames[status])}</span>`;

const payoutTable = (view: View, payouts: readonly PayoutView[]): SafeHtml => {
  const { t, format, link } = view;
  return html`<div class="table" tabindex="0"><table><thead><tr>${column(t('settle.at'))}${column(t('settle.order'))}${column(t('settle.state'))}${column(t('settle.amount'), true)}</tr></thead><tbody>
${payouts.map(
  ({ code, approvedAt, endedAt, status, amountVnd, last4 }) =>
    html`<tr><td>${format.dateTime(endedAt ?? approvedAt ?? new Date(0))}</td><td><a class="code" href="${link(`/ban-hang/chi-tra/${code}`)}">${code}</a><br><span class="small soft">…${last4}</span></td><td>${payoutTag(view, status)}</td><td class="number">${format.vnd(amountVnd)}</td></tr>`,
)}</tbody></table></div>`;
};

async function showPayouts({ view, request }: PageContext, { settlement }: SellerSettlementDeps): Promise<SafeHtml> {
  const { t, format } = view;
  const own = ownBusinesses(request);
  const [payouts, open] = await Promise.all([
    settlement.listOwnPayouts(own, 100),
    Promise.all(own.map((id) => settlement.sumEarnings(id))),
  ]);
  const total = (key: 'dueVnd' | 'heldVnd' | 'comingVnd') => open.reduce((sum, one) => sum + one[key], 0);
  const tile = (amountVnd: number, name: MessageKey): SafeHtml =>
    html`<li class="tile"><b class="price">${format.vnd(amountVnd)}</b>${t(name)}</li>`;
  return deskLayout(view, 'seller', {
    title: t('settle.payouts'),
    part: '/ban-hang/chi-tra',
    body: html`<p class="soft">${t('settle.payoutsLead')}</p><ul class="tiles section">${tile(Math.abs(total('dueVnd')), total('dueVnd') < 0 ? 'settle.owes' : 'settle.due')}${tile(total('comingVnd'), 'settle.coming')}${total('heldVnd') !== 0 && tile(total('heldVnd'), 'settle.held')}</ul>
${payouts.length === 0 ? html`<p>${t('settle.noPayouts')}</p>` : payoutTable(view, payouts)}`,
  });
}

async function showPayout(
  { view, request, param }: PageContext,
  { settlement }: SellerSettlementDeps,
): Promise<SafeHtml> {
  const { t, format, link } = view;
  const { payout, items } = await settlement.getOwnPayout(ownBusinesses(request), param('code'));
  return deskLayout(view, 'seller', {
    title: t('settle.payout', { code: payout.code }),
    part: '/ban-hang/chi-tra',
    body: html`<div class="box stack"><p class="row">${payoutTag(view, payout.status)}<b class="price">${format.vnd(payout.amountVnd)}</b></p>
<p class="small soft">${payout.runNumber} · …${payout.last4}${payout.bankReference && ` · ${payout.bankReference}`}</p>${payout.reason && html`<p class="notice bad">${payout.reason}</p>`}</div>
<div class="table section" tabindex="0"><table><thead><tr>${column(t('settle.order'))}${column(t('settle.amount'), true)}</tr></thead><tbody>${items.map(
      ({ orderCode, reference, amountVnd }) =>
        html`<tr><td class="code">${orderCode ? html`<a href="${link(`/don-hang/${orderCode}`)}">${orderCode}</a>` : reference}</td><td class="number">${format.vnd(amountVnd)}</td></tr>`,
    )}</tbody></table></div>`,
  });
}

/** What owners and managers see of the money that they earn. */
export const sellerSettlementPages: FastifyPluginAsync<SellerSettlementDeps> = async (app, deps) => {
  const { site, settlement, now } = deps;
  page(app, site, { ...earning, url: '/ban-hang/doi-soat' }, (context) => showStatement(context, deps));
  page(app, site, { ...earning, url: '/ban-hang/doi-soat/tep' }, async (context) => {
    const { businessId, month } = asked(context, settlement);
    const { head, lines } = await settlement.getWholeStatement(businessId, month);
    return sendFile(context, linesAsCsv(lines), 'text/csv; charset=utf-8', `doi-soat-${head.number ?? head.month}.csv`);
  });
  page(app, site, { ...earning, url: '/ban-hang/doi-soat/pdf' }, async (context) => {
    const { businessId, month } = asked(context, settlement);
    const { head, lines } = await settlement.getWholeStatement(businessId, month);
    const bytes = await statementPdf(context.view, head, lines, now());
    return sendFile(context, bytes, 'application/pdf', `doi-soat-${head.number ?? head.month}.pdf`);
  });
  page(app, site, { ...earning, url: '/ban-hang/chi-tra' }, (context) => showPayouts(context, deps));
  page(app, site, { ...earning, url: '/ban-hang/chi-tra/:code' }, (context) => showPayout(context, deps));
};
