import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { Scorecard } from './desk.ts';
import { laneName, spanOf } from './words.ts';

type Row = readonly [name: string, words: string | false];
const levelWords = {
  bronze: 'partners.level.bronze',
  silver: 'partners.level.silver',
  gold: 'partners.level.gold',
} as const satisfies Record<NonNullable<Scorecard['conformance']>['level'], MessageKey>;

const failed = [
  ['refused', 'partners.score.refused'],
  ['unanswered', 'partners.score.unanswered'],
  ['repriced', 'partners.score.repriced'],
  ['late', 'partners.score.late'],
  ['cancelled', 'partners.score.cancelled'],
] as const satisfies readonly (readonly [keyof Scorecard['orders'], MessageKey])[];

/** What became of the orders that our shoppers placed there; nothing where there were none. */
function orderRows({ t, ...view }: View, orders: Scorecard['orders']): readonly Row[] {
  const { placed, confirmed, confirmMedianSeconds: median } = orders;
  if (placed === 0) return [];
  const { integer } = view.format;
  const failures = failed.filter(([one]) => orders[one] > 0);
  return [
    [
      t('partners.score.orders'),
      t('partners.score.ordersOf', { confirmed: integer(confirmed), placed: integer(placed) }),
    ],
    [t('partners.score.confirm'), median !== null && t('partners.score.confirmOf', { seconds: integer(median) })],
    [
      t('partners.score.failed'),
      failures.length > 0 && failures.map(([one, words]) => t(words, { count: integer(orders[one]) })).join('; '),
    ],
  ];
}

/** The last week of a partner in figures that an officer can repeat on the telephone. */
export function scorePart(view: View, score: Scorecard): SafeHtml {
  const { t, format } = view;
  const days = format.integer(score.days);
  const isEmpty = score.visits === 0 && score.keyAgeDays === null && score.orders.placed === 0;
  if (isEmpty && score.conformance === null) return html`<p class="soft">${t('partners.score.none')}</p>`;
  const { successPercent: good, quarantinePercent: held, driftPerThousand: drift, keyAgeDays: age } = score;
  const percent = (of: number | null): string | false => of !== null && `${format.decimal(of)}%`;
  const rows: readonly Row[] = [
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
    ...orderRows(view, score.orders),
    [
      t('partners.score.conformance'),
      score.conformance !== null &&
        t('partners.score.conformanceOf', {
          level: t(levelWords[score.conformance.level]),
          date: format.date(score.conformance.ranAt),
        }),
    ],
  ];
  return html`<h2>${t('partners.score.title', { days })}</h2>
<dl class="facts numbers">${rows.map(([name, value]) => value !== false && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
