import type { FastifyPluginAsync } from 'fastify';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import type { Settlement } from './service.ts';
import { accountNames } from './words.ts';

type Books = Awaited<ReturnType<Settlement['getBooks']>>;

const accountName = ({ t }: View, account: string): string => t(accountNames[account] ?? 'account.other');
const column = (name: string, isNumber = false): SafeHtml =>
  html`<th scope="col"${isNumber && html` class="number"`}>${name}</th>`;
/** `99,97 %` of 9,997 parts of ten thousand. */
const percent = (bps: number): string => `${(bps / 100).toFixed(2).replace('.', ',')} %`;
const dayOf = ({ format }: View, day: string): string => format.date(new Date(`${day}T00:00:00+07:00`));

const verdict = (view: View, [last]: Books['days']): SafeHtml => {
  const { t } = view;
  if (!last) return html`<p class="notice wait">${t('books.never')}</p>`;
  const day = dayOf(view, last.day);
  if (last.sound) return html`<p class="notice good">${t('books.sound', { day })}</p>`;
  return html`<div class="notice bad" role="alert"><h2>${t('books.unsound', { day, count: last.findings.length })}</h2><ul>${last.findings.map(
    ({ check, subject, detail }) => html`<li>${check}: <span class="code">${subject}</span> (${detail})</li>`,
  )}</ul></div>`;
};

const shareTiles = ({ t }: View, { clearingBps, timelinessBps, completenessBps }: Books['shares']): SafeHtml => {
  const tile = (bps: number, name: MessageKey, text: MessageKey): SafeHtml =>
    html`<li class="tile"><b>${percent(bps)}</b>${t(name)}<br><span class="small soft">${t(text)}</span></li>`;
  return html`<ul class="tiles section">${tile(clearingBps, 'books.clearing', 'books.clearingText')}${tile(timelinessBps, 'books.timeliness', 'books.timelinessText')}${tile(completenessBps, 'books.completeness', 'books.completenessText')}</ul>`;
};

const table = (name: string, id: string, head: readonly SafeHtml[], rows: readonly SafeHtml[]): SafeHtml =>
  html`<section class="section" aria-labelledby="${id}"><h2 id="${id}">${name}</h2><div class="table" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></section>`;

function booksPage(view: View, { balances, clearing, shares, days }: Books): SafeHtml {
  const { t, format } = view;
  return deskLayout(view, 'staff', {
    title: t('books.title'),
    part: '/quan-tri/so-cai',
    body: html`<p class="soft">${t('books.lead')}</p>${verdict(view, days)}${shareTiles(view, shares)}
${table(
  t('books.passing'),
  'passing',
  [column(t('books.account')), column(t('books.balance'), true), column(t('books.overdue'), true)],
  clearing.map(
    ({ account, balanceVnd, overdueVnd }) =>
      html`<tr><td>${accountName(view, account)}</td><td class="number">${format.vnd(balanceVnd)}</td><td class="number">${overdueVnd > 0 ? html`<span class="tag bad">${format.vnd(overdueVnd)}</span>` : format.vnd(0)}</td></tr>`,
  ),
)}
${table(
  t('books.trial'),
  'trial',
  [column(t('books.account')), column(t('books.balance'), true)],
  balances.map(
    ({ account, balanceVnd }) =>
      html`<tr><td>${accountName(view, account)}</td><td class="number">${format.vnd(balanceVnd)}</td></tr>`,
  ),
)}
${
  days.length > 0 &&
  table(
    t('books.history'),
    'history',
    [
      column(t('books.day')),
      column(t('books.clearing'), true),
      column(t('books.timeliness'), true),
      column(t('books.completeness'), true),
      column(t('books.findings'), true),
    ],
    days.map(
      ({ day, clearingBps, timelinessBps, completenessBps, findings }) =>
        html`<tr><td>${dayOf(view, day)}</td><td class="number">${percent(clearingBps)}</td><td class="number">${percent(timelinessBps)}</td><td class="number">${percent(completenessBps)}</td><td class="number">${format.integer(findings.length)}</td></tr>`,
    ),
  )
}`,
  });
}

/** How the books stand, for finance and auditors. */
export const booksPages: FastifyPluginAsync<{ readonly site: Site; readonly settlement: Settlement }> = async (
  app,
  { site, settlement },
) => {
  page(app, site, { url: '/quan-tri/so-cai', access: 'staff', roles: ['finance', 'auditor'] }, async ({ view }) =>
    booksPage(view, await settlement.getBooks()),
  );
};
