import QRCode from 'qrcode';
import { BanksObject } from 'vietnam-qr-pay';
import type { GroupView } from '#features/orders/index.ts';
import { html, type SafeHtml, trusted } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { copyable } from '#web/parts/copyable.ts';
import { icon } from '#web/parts/icon.ts';
import type { View } from '#web/view.ts';
import type { PaymentView } from './service.ts';
import type { QrCode } from './types.ts';

export type QrScreen = {
  readonly group: GroupView;
  readonly payment: PaymentView;
  readonly qr: QrCode;
  /** The code as the QR library drew it. */
  readonly svg: string;
  readonly now: Date;
  readonly demonstration: boolean;
};

const banks = new Map(Object.values(BanksObject).map(({ bin, shortName }) => [bin, shortName]));

const code = (view: View, svg: string, amount: string): SafeHtml =>
  // The QR library's own markup: rectangles made from our payload, no text of anybody's.
  html`${trusted(svg.slice(svg.indexOf('<svg')).replace('<svg ', `<svg role="img" aria-label="${view.t('pay.qrLabel')}" `))}<b>${amount}</b>`;

const account = (view: View, qr: QrCode, dueVnd: number): SafeHtml => {
  const { t, format } = view;
  const bank = banks.get(qr.bankBin);
  return html`<dl>${copyable(view, { label: t('pay.amount'), shown: format.vnd(dueVnd), copied: String(dueVnd) })}
${copyable(view, { label: t('pay.memo'), shown: qr.memo })}
${copyable(view, { label: t('pay.account'), shown: qr.accountNumber })}
<div class="copyable"><dt>${t('pay.bank')}</dt><dd>${bank ?? t('pay.sampleBank')} (${qr.bankBin})</dd></div>
<div class="copyable"><dt>${t('pay.holder')}</dt><dd>${qr.accountName}</dd></div></dl>`;
};

/** The code and the account of a transfer, wherever it is asked for. */
export const transferBox = (view: View, qr: QrCode & { readonly amountVnd: number }, svg: string): SafeHtml =>
  html`<div class="pay"><div class="qr">${code(view, svg, view.format.vnd(qr.amountVnd))}</div><div class="box">${account(view, qr, qr.amountVnd)}</div></div>`;

/** Drawn by the library, as SVG. */
export const drawQr = (payload: string): Promise<string> =>
  QRCode.toString(payload, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });

const troubles = ({
  t,
}: View): SafeHtml => html`<section class="box stack" aria-labelledby="what"><h2 id="what">${t('pay.what')}</h2>
<ul class="stack"><li>${t('pay.late')}</li><li>${t('pay.short')}</li><li>${t('pay.double')}</li></ul></section>`;

const state = ({ t, format }: View, payment: PaymentView, dueVnd: number): SafeHtml =>
  payment.status === 'underpaid'
    ? html`<p class="notice wait" role="status">${t('pay.underpaid', { received: format.vnd(payment.receivedVnd), missing: format.vnd(dueVnd) })}</p>`
    : html`<p class="notice wait waiting" role="status" aria-live="polite">${t('pay.waiting')}</p>`;

/** One screen with all that a transfer needs; it changes by itself when the money is seen. */
export function qrScreen(view: View, screen: QrScreen): SafeHtml {
  const { t, format, link } = view;
  const { group, payment, svg, now, demonstration } = screen;
  const deadline = new Date(payment.expiresAt);
  const dueVnd = Math.max(0, payment.amountVnd - payment.receivedVnd) || payment.amountVnd;
  const seconds = Math.max(0, Math.floor((deadline.getTime() - now.getTime()) / 1000));
  const minutes = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return layout(view, {
    title: t('pay.title', { code: group.code }),
    head: html`<noscript><meta http-equiv="refresh" content="5"></noscript>`,
    body: html`<div data-events="/v1/payments/${payment.paymentId}/events" data-status="${payment.status}"><h1>${t('pay.scan', { amount: format.vnd(dueVnd) })}</h1>
<p class="soft">${t('pay.scanText')}</p>
<div class="pay section"><div class="stack"><div class="qr">${code(view, svg, format.vnd(dueVnd))}</div>
<p><a class="button quiet wide" href="${link(`/thanh-toan/${group.code}/qr.png`)}" download="vietqr-${screen.qr.memo}.png">${t('pay.save')}</a></p></div>
<div class="stack">${state(view, payment, dueVnd)}<noscript><p class="small">${t('pay.waitingNoScript')}</p></noscript>
<p>${icon('clock')} ${t('pay.left')} <span class="countdown" role="timer" data-seconds="${seconds}" data-after="reload">${minutes}</span><br>
<span class="small soft">${t('pay.deadline', { time: format.dateTime(deadline) })}</span></p>
<div class="box">${account(view, screen.qr, dueVnd)}</div>
${demonstration && html`<p class="stage"><b>${t('demo.label')}.</b> <a href="${link(`/minh-hoa/ngan-hang/${group.code}`)}">${t('demo.play')}</a></p>`}
${troubles(view)}<p><a href="${link(`/thanh-toan/${group.code}?doi=1`)}">${t('pay.other')}</a></p></div></div></div>`,
  });
}
