import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';
import { csrfField } from './field.ts';

/** Who holds a matter of a queue, and until when. */
type Claim = { readonly heldBy: string | null; readonly holder: string; readonly until: Date | null };

/** Until when the one who looks holds it; stands above what they decide by. */
export const heldByMe = ({ t, format }: View, claim: Claim | undefined): SafeHtml | false =>
  claim?.until ? html`<p class="small soft">${t('changes.heldByMe', { time: format.time(claim.until) })}</p>` : false;

/** Before a decision: the button that takes the matter, or who holds it. `do` is `claim`. */
export const claimForm = (view: View, action: string, claim: Claim | undefined): SafeHtml => {
  const { t, format } = view;
  if (!claim) return html``;
  if (claim.heldBy !== null && claim.until)
    return html`<p class="notice wait">${t('changes.heldBy', { name: claim.holder, time: format.time(claim.until) })}</p>`;
  return html`<form method="post" action="${action}">${csrfField(view.csrf)}
<button class="button wide" type="submit" name="do" value="claim" data-key="c">${t('changes.claim')}</button></form>`;
};
