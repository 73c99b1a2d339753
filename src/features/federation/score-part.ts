import { html, type SafeHtml } from '#web/html.ts';
import type { View } from '#web/view.ts';
import type { Score } from './score.ts';
import { laneName, spanOf } from './words.ts';

/** The last week of a partner in figures that an officer can repeat on the telephone. */
export function scorePart(view: View, score: Score): SafeHtml {
  const { t, format } = view;
  const days = format.integer(score.days);
  if (score.visits === 0 && score.keyAgeDays === null) return html`<p class="soft">${t('partners.score.none')}</p>`;
  const { successPercent: good, quarantinePercent: held, driftPerThousand: drift, keyAgeDays: age } = score;
  const percent = (of: number | null): string | false => of !== null && `${format.decimal(of)}%`;
  const rows: readonly (readonly [string, string | false])[] = [
    [
      t('partners.score.good'),
      good !== null &&
        t('partners.score.goodOf', { percent: format.decimal(good), count: format.integer(score.visits) }),
    ],
    ...score.freshness.map(
      ({ lane, p50Seconds: p50, p95Seconds: p95 }) =>
        [
          t('partners.score.fresh', { lane: laneName(view, lane) }),
          p50 !== null &&
            p95 !== null &&
            t('partners.score.freshOf', { p50: spanOf(view, p50), p95: spanOf(view, p95) }),
        ] as const,
    ),
    [t('partners.score.held'), percent(held)],
    [t('partners.score.drift'), drift !== null && t('partners.score.driftOf', { count: format.decimal(drift) })],
    [t('partners.score.down'), score.visits > 0 && spanOf(view, score.downMinutes * 60)],
    [t('partners.score.key'), age !== null && t('partners.score.keyOf', { count: format.integer(age) })],
  ];
  return html`<h2>${t('partners.score.title', { days })}</h2>
<dl class="facts numbers">${rows.map(([name, value]) => value !== false && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
