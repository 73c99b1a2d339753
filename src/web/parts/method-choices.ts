import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

const methodTexts: Readonly<Record<string, readonly [name: MessageKey, text: MessageKey]>> = {
  vietqr: ['checkout.vietqr', 'checkout.vietqrText'],
  stripe: ['checkout.stripe', 'checkout.stripeText'],
  vnpay: ['checkout.vnpay', 'checkout.vnpayText'],
};

/** How each method is called and what it asks of the shopper. Used here and on the page of an unpaid order. */
export const methodChoices = (view: View, methods: readonly string[], chosen: string): SafeHtml =>
  html`${methods.map((method) => {
    const [name, text] = methodTexts[method] ?? ['status.unknown', 'status.unknown'];
    return html`<label class="choice"><input type="radio" name="method" value="${method}"${method === chosen && html` checked`}>
<span><b>${view.t(name)}</b><small class="soft">${view.t(text)}</small></span></label>`;
  })}`;
