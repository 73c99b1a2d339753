import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type Price = {
  readonly priceVnd: number;
  readonly compareAtVnd?: number | null;
  readonly unit?: string;
  /** There are dearer variants: the price is the lowest. */
  readonly from?: boolean;
};

export const price = ({ format, t }: View, { priceVnd, compareAtVnd, unit, from }: Price): SafeHtml => {
  const was = compareAtVnd && compareAtVnd > priceVnd ? compareAtVnd : undefined;
  return html`<p class="price">${from && html`<small>${t('product.from')} </small>`}${format.vnd(priceVnd)}${
    was !== undefined && html` <s><span class="hidden">${t('product.was')} </span>${format.vnd(was)}</s>`
  }${unit && html` <small>/ ${unit}</small>`}</p>`;
};
