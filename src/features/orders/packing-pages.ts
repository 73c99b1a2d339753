import type { FastifyPluginAsync } from 'fastify';
import qrcode from 'qrcode';
import type { Clock } from '#core/clock.ts';
import { readCode } from '#core/ids.ts';
import { ownBusinesses } from '#http/access.ts';
import { html, type SafeHtml, trusted } from '#web/html.ts';
import { type PageContext, page, seeOther, sendFile } from '#web/page.ts';
import { addressLine } from '#web/parts/address.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { createPdf } from '#web/pdf/document.ts';
import type { Site, View } from '#web/view.ts';
import type { Orders } from './service.ts';
import type { ParcelLabel, PickingLine } from './views/packing.ts';

export type PackingPageDeps = { readonly site: Site; readonly orders: Orders; readonly now: Clock };

const perishable = new Set(['fresh', 'chilled', 'frozen']);
const ordersOf = ({ orders }: PickingLine): string =>
  orders.map(({ code, pieces }) => (pieces > 1 ? `${code} (${pieces})` : code)).join(', ');

const pickingPage = (view: View, lines: readonly PickingLine[], now: Date): SafeHtml => {
  const { t, format, link } = view;
  return deskLayout(view, 'seller', {
    title: t('picking.title'),
    part: '/ban-hang/nhat-hang',
    body: html`<p class="soft">${t('picking.lead', { time: format.dateTime(now) })}</p>${
      lines.length === 0
        ? empty(
            t('picking.none'),
            t('picking.noneText'),
            html`<a class="button" href="${link('/ban-hang/don-hang')}">${t('seller.orders')}</a>`,
          )
        : html`<p class="row no-print"><a class="button" href="${link('/ban-hang/nhat-hang.pdf')}">${t('picking.pdf')}</a></p>
<div class="table printed" tabindex="0"><table><thead><tr><th scope="col">${t('confirm.goods')}</th><th scope="col" class="number">${t('confirm.count')}</th><th scope="col">${t('picking.orders')}</th></tr></thead><tbody>
${lines.map((line) => html`<tr><td><b>${line.name}</b> <small class="soft">${line.label} · ${line.sku}</small>${perishable.has(line.storage) && html` <span class="tag wait">${t('label.perishable')}</span>`}</td><td class="number"><b>${format.integer(line.pieces)}</b></td><td>${line.orders.map(({ code, pieces }) => html`<span class="code pick-code">${code}${pieces > 1 && ` (${pieces})`}</span> `)}</td></tr>`)}</tbody></table></div>`
    }`,
  });
};

function pickingPdf(view: View, lines: readonly PickingLine[], now: Date): Promise<Buffer> {
  const { t, format } = view;
  const author = `Chợ Nổi, ${t('site.place')}`;
  const title = t('picking.title');
  const pdf = createPdf({ title, size: 'A4', lang: view.locale, at: now, author, footer: `${author} · ${title}` });
  pdf.heading(title, 17);
  pdf.text(t('picking.lead', { time: format.dateTime(now) }), { soft: true });
  pdf.gap();
  pdf.table(
    [
      { title: '', weight: 0.4 },
      { title: t('confirm.goods'), weight: 4 },
      { title: t('confirm.count'), weight: 1, number: true },
      { title: t('picking.orders'), weight: 4 },
    ],
    lines.map((line) => [
      '[  ]',
      `${line.name}, ${line.label} (${line.sku})${perishable.has(line.storage) ? ` – ${t('label.perishable')}` : ''}`,
      format.integer(line.pieces),
      ordersOf(line),
    ]),
    10,
  );
  return pdf.finish();
}

const fromLine = ({ format }: View, { from }: ParcelLabel): string =>
  [[from.addressLine, from.ward].filter(Boolean).join(', '), from.phone && format.phone(from.phone)]
    .filter(Boolean)
    .join(' · ');
const contentsOf = ({ format }: View, { pieces }: ParcelLabel): string =>
  format.list(pieces.map(({ quantity, name }) => `${quantity} × ${name}`));
const spoils = ({ pieces }: ParcelLabel): boolean => pieces.some(({ storage }) => perishable.has(storage));

const labelBox = async (view: View, label: ParcelLabel): Promise<SafeHtml> => {
  const { t, format } = view;
  const { recipient, address } = label.delivery;
  const square = trusted(await qrcode.toString(label.code, { type: 'svg', margin: 1 }));
  return html`<li class="box label"><div class="row between"><p><b class="code">${label.code}</b><br><span class="small">${t('label.order', { code: label.orderCode })}</span></p><span class="label-code">${square}</span></div>
<p class="small">${t('label.from')}<br><b>${label.from.name}</b><br>${fromLine(view, label)}</p>
<p>${t('label.to')}<br><b>${recipient.name}</b> · <b>${format.phone(recipient.phone)}</b><br>${addressLine(address)}</p>
<p class="small">${contentsOf(view, label)}</p>
<p><b>${t('label.paid')}</b>${spoils(label) && html` · <b>${t('label.hurry')}</b>`}</p>
${label.carrier !== null && html`<p class="small">${t('order.carrier', { carrier: label.carrier, number: label.trackingNumber ?? '–' })}</p>`}
<p class="no-print"><a class="button quiet" href="${view.link(`/ban-hang/nhan-kien.pdf?ma=${label.code}`)}">${t('label.one')}<span class="hidden"> ${label.code}</span></a></p></li>`;
};

async function labelPage(view: View, labels: readonly ParcelLabel[]): Promise<SafeHtml> {
  const { t, link } = view;
  const boxes = await Promise.all(labels.map((label) => labelBox(view, label)));
  return deskLayout(view, 'seller', {
    title: t('label.title'),
    part: '/ban-hang/nhan-kien',
    body: html`<p class="soft no-print">${t('label.lead')}</p>${
      labels.length === 0
        ? empty(
            t('label.none'),
            t('label.noneText'),
            html`<a class="button" href="${link('/ban-hang/don-hang')}">${t('seller.orders')}</a>`,
          )
        : html`<p class="row no-print"><a class="button" href="${link('/ban-hang/nhan-kien.pdf')}">${t('label.all')}</a></p><ul class="labels printed">${boxes}</ul>`
    }`,
  });
}

/** One A6 page a parcel. */
async function labelPdf(view: View, labels: readonly ParcelLabel[], now: Date): Promise<Buffer> {
  const { t, format } = view;
  const pdf = createPdf({
    title: t('label.title'),
    size: 'A6',
    lang: view.locale,
    at: now,
    author: `Chợ Nổi, ${t('site.place')}`,
  });
  for (const [index, label] of labels.entries()) {
    if (index > 0) pdf.newPage();
    const { recipient, address } = label.delivery;
    pdf.headWith(await qrcode.toBuffer(label.code, { margin: 0, width: 256 }), 84, () => {
      pdf.text(label.code, { size: 18, bold: true });
      pdf.text(t('label.order', { code: label.orderCode }), { size: 9 });
      if (label.carrier !== null) pdf.text(`${label.carrier} ${label.trackingNumber ?? ''}`, { size: 11, bold: true });
    });
    pdf.rule();
    pdf.text(t('label.from'), { size: 9, soft: true });
    pdf.text(label.from.name, { size: 12, bold: true });
    pdf.text(fromLine(view, label), { size: 10 });
    pdf.rule();
    pdf.text(t('label.to'), { size: 9, soft: true });
    pdf.text(recipient.name, { size: 19, bold: true });
    pdf.text(format.phone(recipient.phone), { size: 19, bold: true });
    pdf.text(addressLine(address), { size: 15 });
    pdf.rule();
    pdf.text(contentsOf(view, label).slice(0, 300), { size: 10 });
    pdf.gap(6);
    pdf.text(t('label.paid'), { size: 14, bold: true });
    if (spoils(label)) pdf.text(t('label.hurry'), { size: 15, bold: true });
  }
  return pdf.finish();
}

const codesIn = ({ queries }: PageContext): readonly string[] =>
  queries('ma')
    .flatMap((text) => text.split(','))
    .map(readCode)
    .filter((code) => code !== '')
    .slice(0, 200);

export const packingPages: FastifyPluginAsync<PackingPageDeps> = async (app, { site, orders, now }) => {
  const access = 'seller';
  const picking = ({ request }: PageContext) => orders.listPicking(ownBusinesses(request));
  const labels = (context: PageContext) => orders.listLabels(ownBusinesses(context.request), codesIn(context));
  page(app, site, { url: '/ban-hang/nhat-hang', access }, async (context) =>
    pickingPage(context.view, await picking(context), now()),
  );
  page(app, site, { url: '/ban-hang/nhat-hang.pdf', access }, async (context) =>
    sendFile(
      context,
      await pickingPdf(context.view, await picking(context), now()),
      'application/pdf',
      'nhat-hang.pdf',
    ),
  );
  page(app, site, { url: '/ban-hang/nhan-kien', access }, async (context) =>
    labelPage(context.view, await labels(context)),
  );
  page(app, site, { url: '/ban-hang/nhan-kien.pdf', access }, async (context) => {
    const found = await labels(context);
    // A sheet without anything on it tells nobody that the parcels are still to be packed; the page does.
    if (found.length === 0) return seeOther(context, '/ban-hang/nhan-kien');
    return sendFile(context, await labelPdf(context.view, found, now()), 'application/pdf', 'nhan-kien.pdf');
  });
};
