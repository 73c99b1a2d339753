import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

const scheme = 'ocop://';

/** Where whoever wants a partner's goods is led: our own address, which sees whether they are still there. */
export const wayOutPath = (uri: string): string => `/go/${uri.slice(scheme.length)}`;

type Goods = { readonly name: string; readonly uri: string };

/** The way to a partner's listing, for a card: it says that one leaves, and to whom. */
export const wayOut = ({ t, link }: View, { name, uri }: Goods): SafeHtml =>
  html`<p class="small way-out"><a rel="nofollow sponsored noopener external" href="${link(wayOutPath(uri))}">${t('referral.cardLeave', { name })}</a></p>`;
