import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import type { Guarded } from '#features/identity/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, sendFile } from '#web/page.ts';
import { addressLine } from '#web/parts/address.ts';
import { csrfField } from '#web/parts/field.ts';
import { sums } from '#web/parts/sums.ts';
import { createPdf } from '#web/pdf/document.ts';
import type { Site, View } from '#web/view.ts';
import type { ReadConfirmation } from './confirming.ts';
import type { ConfirmedOrder } from './rules/confirmation.ts';
import type { Orders } from './service.ts';

export type ConfirmationPageDeps = { readonly site: Site; readonly orders: Orders; readonly guarded: Guarded };

/** As tracking: guesses of a code's phone number in a quarter of an hour, by code and by address. */
const limits = { code: 20, address: 120 } as const;

type Amount = { readonly label: string; readonly amountVnd: number; readonly total?: boolean };
const amountsOf = ({ t }: View, order: ConfirmedOrder): readonly Amount[] => [
  { label: t('cart.subtotal'), amountVnd: order.subtotalVnd },
  ...(order.discountVnd > 0 ? [{ label: t('confirm.discount'), amountVnd: -order.discountVnd }] : []),
  { label: t('cart.shipping'), amountVnd: order.shippingVnd },
  { label: t('cart.totalOf'), amountVnd: order.totalVnd, total: true },
  { label: t('confirm.vat'), amountVnd: order.vatVnd },
];

const sellerLine = ({ t, format }: View, { seller }: ConfirmedOrder): string =>
  [
    seller.address,
    seller.taxCode && t('business.taxCode', { code: seller.taxCode }),
    seller.phone && t('confirm.phone', { phone: format.phone(seller.phone) }),
  ]
    .filter(Boolean)
    .join(' · ');

const percent = (view: View, bps: number): string => view.format.percent(bps / 10_000);

/** The facts of the head, in the order of the paper. */
const headOf = (view: View, { content }: ReadConfirmation): readonly string[] => {
  const { t, format } = view;
  return [
    t('confirm.by', { name: content.exchange.name, url: content.exchange.url }),
    t('confirm.placed', { time: format.dateTime(new Date(content.placedAt)) }),
    t('confirm.paid', {
      time: format.dateTime(new Date(content.paidAt)),
      method: content.method === 'vietqr' ? t('confirm.method.transfer') : t('confirm.method.card'),
    }),
  ];
};

const buyerOf = ({ t, format }: View, { delivery }: ReadConfirmation): string =>
  delivery
    ? `${delivery.recipient.name} · ${format.phone(delivery.recipient.phone)}\n${addressLine(delivery.address)}`
    : t('confirm.forgotten');

const termsOf = ({ t }: View, { content }: ReadConfirmation): readonly string[] => [
  t('confirm.termCancel'),
  t('confirm.termReturns', { url: content.exchange.url + content.terms.returns }),
  t('confirm.termComplaints', { url: content.exchange.url + content.terms.complaints }),
];

const orderSection = (view: View, order: ConfirmedOrder): SafeHtml => {
  const { t, format } = view;
  return html`<section class="box stack"><h2>${order.seller.name}</h2><p class="small">${sellerLine(view, order)}<br><span class="code">${order.code}</span></p>
<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('confirm.goods')}</th><th scope="col" class="number">${t('confirm.count')}</th><th scope="col" class="number">${t('confirm.price')}</th><th scope="col" class="number">${t('confirm.vatRate')}</th><th scope="col" class="number">${t('confirm.amount')}</th></tr></thead><tbody>
${order.lines.map((line) => html`<tr><td>${line.name} <small class="soft">${line.label} · ${line.sku}</small></td><td class="number">${format.integer(line.quantity)}</td><td class="number">${format.vnd(line.priceVnd)}</td><td class="number">${percent(view, line.vatBps)}</td><td class="number">${format.vnd(line.totalVnd)}</td></tr>`)}</tbody></table></div>
${sums(view, amountsOf(view, order))}</section>`;
};

function confirmationPage(view: View, confirmation: ReadConfirmation, phone: string): SafeHtml {
  const { t, format, link, csrf } = view;
  const { content, sha256 } = confirmation;
  return layout(view, {
    title: t('confirm.title', { code: content.group }),
    body: html`<div class="narrow stack printed"><div><h1>${t('confirm.title', { code: content.group })}</h1><p class="soft">${t('confirm.lead')}</p></div>
<section class="box"><ul>${headOf(view, confirmation).map((line) => html`<li>${line}</li>`)}</ul></section>
<section class="box"><h2>${t('order.deliverTo')}</h2><p>${buyerOf(view, confirmation)
      .split('\n')
      .map((line) => html`${line}<br>`)}</p></section>
${content.orders.map((order) => orderSection(view, order))}
<section class="box stack">${sums(view, [{ label: t('confirm.total'), amountVnd: content.totalVnd, total: true }])}
<h2>${t('confirm.terms')}</h2><ul class="dots">${termsOf(view, confirmation).map((term) => html`<li>${term}</li>`)}</ul></section>
<p class="small soft">${t('confirm.frozen', { time: format.dateTime(confirmation.madeAt) })} <span class="code wrap">${sha256}</span></p>
<form class="row no-print" method="post" action="${link('/tra-cuu/xac-nhan.pdf')}">${csrfField(csrf)}<input type="hidden" name="code" value="${content.group}"><input type="hidden" name="phone" value="${phone}"><button class="button" type="submit">${t('confirm.pdf')}</button></form></div>`,
  });
}

/** The same on paper. Made of what was stored, so that it is the same file each time. */
function confirmationPdf(view: View, confirmation: ReadConfirmation): Promise<Buffer> {
  const { t, format } = view;
  const { content, sha256, madeAt } = confirmation;
  const title = t('confirm.title', { code: content.group });
  const author = content.exchange.name;
  const pdf = createPdf({
    title,
    size: 'A4',
    lang: view.locale,
    at: madeAt,
    author,
    footer: `${author} · ${content.group}`,
  });
  pdf.heading(title, 17);
  pdf.text(t('confirm.lead'), { soft: true });
  pdf.gap();
  for (const line of headOf(view, confirmation)) pdf.text(line);
  pdf.heading(t('order.deliverTo'), 12);
  pdf.text(buyerOf(view, confirmation));
  for (const order of content.orders) {
    pdf.heading(order.seller.name, 12);
    pdf.text(`${sellerLine(view, order)} · ${order.code}`, { size: 9, soft: true });
    pdf.gap(4);
    pdf.table(
      [
        { title: t('confirm.goods'), weight: 5 },
        { title: t('confirm.count'), weight: 1, number: true },
        { title: t('confirm.price'), weight: 2, number: true },
        { title: t('confirm.vatRate'), weight: 1.3, number: true },
        { title: t('confirm.amount'), weight: 2, number: true },
      ],
      order.lines.map((line) => [
        `${line.name}, ${line.label}`,
        format.integer(line.quantity),
        format.vnd(line.priceVnd),
        percent(view, line.vatBps),
        format.vnd(line.totalVnd),
      ]),
    );
    for (const { label, amountVnd, total = false } of amountsOf(view, order))
      pdf.pair(label, format.vnd(amountVnd), { bold: total, soft: !total });
  }
  pdf.gap();
  pdf.rule();
  pdf.pair(t('confirm.total'), format.vnd(content.totalVnd), { bold: true, size: 12 });
  pdf.heading(t('confirm.terms'), 12);
  for (const term of termsOf(view, confirmation)) pdf.text(`– ${term}`);
  pdf.gap();
  pdf.text(`${t('confirm.frozen', { time: format.dateTime(madeAt) })} ${sha256}`, { size: 7.5, soft: true });
  return pdf.finish();
}

export const confirmationPages: FastifyPluginAsync<ConfirmationPageDeps> = async (app, { site, orders, guarded }) => {
  const read = ({ request, field }: PageContext): Promise<ReadConfirmation> => {
    const code = readCode(field('code'));
    const keys = [
      [`track:${request.ip}`, limits.address],
      [`track:${code.slice(0, 14)}`, limits.code],
    ] as const;
    return guarded(keys, () => orders.getConfirmation(code, field('phone')));
  };
  page(app, site, { method: 'POST', url: '/tra-cuu/xac-nhan', access: 'public' }, async (context) =>
    confirmationPage(context.view, await read(context), context.field('phone')),
  );
  page(app, site, { method: 'POST', url: '/tra-cuu/xac-nhan.pdf', access: 'public' }, async (context) => {
    const confirmation = await read(context);
    const pdf = await confirmationPdf(context.view, confirmation);
    return sendFile(context, pdf, 'application/pdf', `xac-nhan-${confirmation.content.group}.pdf`);
  });
};
