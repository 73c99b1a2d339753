import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';
import { icon } from './icon.ts';

/**
 * What buyers gave. It is called points and stands in a speech bubble, never stars: those are OCOP's, given by an authority
 * for three years, and whoever mistakes one for the other has been misled.
 */
export type ShownRating = {
  readonly count: number;
  readonly average: number | null;
  readonly distribution: readonly number[];
};
export type ShownReview = {
  readonly reviewId: string;
  readonly points: number;
  readonly text: string;
  readonly shownName: string;
  readonly photos: readonly string[];
  readonly cameBack: boolean;
  readonly reply: string | null;
  readonly replyState: string | null;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
};

/** The figure with how many it is of: `4,6/5 điểm người mua (12)`. */
export const ratingTag = ({ t, format }: View, { average, count }: Omit<ShownRating, 'distribution'>) =>
  average !== null &&
  html`<span class="points"><b>${format.decimal(average)}/5</b> ${t('points.of', { count })}</span>`;

export const pointsTag = ({ t }: View, points: number): SafeHtml =>
  html`<span class="points"><b>${points}/5</b> ${t('points.word')}</span>`;

/** Below five the average of a few says little, and the page says so. */
const few = 5;

/** How many gave five points, four, … one. */
export function ratingBox(view: View, { average, count, distribution }: ShownRating): SafeHtml {
  const { t, format } = view;
  if (average === null) return html`<p class="soft">${t('points.none')}</p>`;
  return html`<div class="rating"><p><b class="figure">${format.decimal(average)}</b><span class="soft">/5</span><br>${t('points.buyers', { count })}</p>
<ul>${[5, 4, 3, 2, 1].map((points) => {
    const given = distribution[points - 1] ?? 0;
    return html`<li><span>${t('points.row', { points })}</span><meter min="0" max="${count}" value="${given}" aria-label="${t('points.row', { points })}"></meter><span class="number">${given}</span></li>`;
  })}</ul></div>${count < few && html`<p class="small soft">${t('points.few', { count })}</p>`}`;
}

const photos = (view: View, { photos: all }: ShownReview): SafeHtml | false =>
  all.length > 0 &&
  html`<ul class="shown">${all.map(
    (fileId, index) =>
      html`<li><a href="/danh-gia/anh/${fileId}/1280"><img src="/danh-gia/anh/${fileId}/320" alt="${view.t('points.photo', { number: index + 1 })}" width="160" height="160" loading="lazy"></a></li>`,
  )}</ul>`;

/** One review as everybody reads it. */
export function reviewBox(view: View, review: ShownReview, business: string, more: SafeHtml | false = false): SafeHtml {
  const { t, format } = view;
  return html`<li class="review stack"><p class="row">${pointsTag(view, review.points)}<b>${review.shownName === '' ? t('points.someone') : review.shownName}</b>
<span class="small soft">${t('points.bought')} · ${format.date(review.createdAt)}${review.editedAt && html` · ${t('points.edited', { date: format.date(review.editedAt) })}`}</span></p>
${review.cameBack && html`<p><span class="tag wait">${t('points.cameBack')}</span></p>`}
${review.text !== '' && html`<p class="words">${review.text}</p>`}${photos(view, review)}
${review.reply !== null && review.replyState === 'published' && html`<div class="reply"><p class="small"><b>${icon('boat')} ${t('points.reply', { business })}</b></p><p class="words">${review.reply}</p></div>`}${more}</li>`;
}
