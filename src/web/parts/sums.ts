import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type SumRow = { readonly label: string; readonly amountVnd: number; readonly total?: boolean };

/** Amounts under each other, the total last. The numbers come from the service. */
export const sums = ({ format }: View, rows: readonly SumRow[]): SafeHtml =>
  html`<dl class="sums">${rows.map(
    ({ label, amountVnd, total }) =>
      html`<dt${total && html` class="total"`}>${label}</dt><dd${total && html` class="total"`}>${format.vnd(amountVnd)}</dd>`,
  )}</dl>`;

export type PriceParts = {
  readonly subtotalVnd: number;
  readonly discountVnd: number;
  readonly shippingVnd: number;
  readonly totalVnd: number;
  readonly vatVnd: number;
};

/** How a price comes about, as the decree on trade online asks it shown: goods, discount, freight, and the tax inside. */
export const breakdown = (view: View, parts: PriceParts, total: string = view.t('cart.totalOf')): SafeHtml =>
  html`${sums(view, [
    { label: view.t('cart.subtotal'), amountVnd: parts.subtotalVnd },
    ...(parts.discountVnd > 0 ? [{ label: view.t('voucher.discount'), amountVnd: -parts.discountVnd }] : []),
    { label: view.t('cart.shipping'), amountVnd: parts.shippingVnd },
    { label: total, amountVnd: parts.totalVnd, total: true },
  ])}${vatNote(view, parts.vatVnd)}`;

/** Prices include the tax; how much of it there is, is said beside them. */
export const vatNote = ({ t, format }: View, vatVnd: number): SafeHtml =>
  html`<p class="small soft">${t('price.vatIn')}: ${format.vnd(vatVnd)}</p>`;
