import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type SumRow = { readonly label: string; readonly amountVnd: number; readonly total?: boolean };

/** Amounts under each other, the total last. The numbers come from the service. */
export const sums = ({ format }: View, rows: readonly SumRow[]): SafeHtml =>
  html`<dl class="sums">${rows.map(
    ({ label, amountVnd, total }) =>
      html`<dt${total && html` class="total"`}>${label}</dt><dd${total && html` class="total"`}>${format.vnd(amountVnd)}</dd>`,
  )}</dl>`;
