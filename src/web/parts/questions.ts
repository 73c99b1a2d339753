import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';
import { icon } from './icon.ts';

/** What of a question is shown to whoever reads the product. */
export type ShownQuestion = {
  readonly text: string;
  readonly shownName: string;
  readonly createdAt: Date;
  readonly answer: string | null;
  readonly answerState: string | null;
  readonly answeredAt: Date | null;
};

/** One question as everybody reads it, with the seller's answer below it. */
export function questionBox(view: View, question: ShownQuestion, business: string): SafeHtml {
  const { t, format } = view;
  const { answer, answerState, answeredAt } = question;
  return html`<li class="review stack"><p class="words"><b>${question.text}</b></p>
<p class="small soft">${question.shownName === '' ? t('asked.someone') : question.shownName} · ${format.date(question.createdAt)}</p>
${
  answer !== null && answerState === 'published' && answeredAt
    ? html`<div class="reply"><p class="small"><b>${icon('boat')} ${t('points.reply', { business })}</b> · ${format.date(answeredAt)}</p><p class="words">${answer}</p></div>`
    : html`<p class="small soft">${t('asked.open')}</p>`
}</li>`;
}
