import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type Copyable = {
  readonly label: string;
  readonly shown: string;
  /** What lands on the clipboard, when it is not what is shown: an amount without its separators. */
  readonly copied?: string;
};

/** A value that a shopper types into a bank's app. The button appears only where a clipboard can be written. */
export const copyable = ({ t }: View, { label, shown, copied }: Copyable): SafeHtml =>
  html`<div class="copyable"><dt>${label}</dt><dd><b>${shown}</b>
<button class="button quiet" type="button" hidden data-copy="${copied ?? shown}" data-done="${t('pay.copied')}" aria-label="${t('pay.copy')} ${label}">${t('pay.copy')}</button></dd></div>`;
