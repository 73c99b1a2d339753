import type { FastifyPluginAsync } from 'fastify';
import { hourMs } from '#core/clock.ts';
import type { Federation } from '#features/federation/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { page } from '#web/page.ts';
import { bars, columns } from '#web/parts/chart.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import type { Overviews } from './overview.ts';
import { lagDays, type Overview, overviewDays } from './views/overview.ts';

export type OverviewPageDeps = {
  readonly site: Site;
  readonly overviews: Overviews;
  readonly federation: Pick<Federation, 'listPartners'>;
};
type Partners = Awaited<ReturnType<Federation['listPartners']>>;
type Tone = 'good' | 'wait' | 'bad';
/** A question, its answer as a figure and as a sentence, and where one acts on it. */
type Tile = {
  readonly question: string;
  readonly figure: string;
  readonly text: string;
  readonly tone: Tone;
  readonly path: string;
};

const root = '/quan-tri/tong-quan';
const silentMs = 24 * hourMs;
/** A feed that tells of a transfer later than this keeps shoppers waiting before their screens. */
const slowSeconds = 120;

const tonesOf = (isBad: boolean, isWaiting = false): Tone => {
  if (isBad) return 'bad';
  return isWaiting ? 'wait' : 'good';
};

function ofOrders({ t, format }: View, overview: Overview): Tile[] {
  const { orders, totalVnd, cashlessVnd, unconfirmed, unsent } = overview;
  const days = overviewDays;
  return [
    {
      question: t('overview.late'),
      figure: format.integer(unconfirmed + unsent),
      text: t(unconfirmed + unsent === 0 ? 'overview.lateNone' : 'overview.lateText', { unconfirmed, unsent }),
      tone: tonesOf(unconfirmed + unsent > 0),
      path: '/quan-tri/don-hang',
    },
    {
      question: t('overview.sales', { days }),
      figure: format.integer(orders),
      text: t('overview.salesText', { orders: format.integer(orders), amount: format.vnd(totalVnd) }),
      tone: tonesOf(false, orders === 0),
      path: `${root}#days`,
    },
    {
      question: t('overview.cashless'),
      figure: totalVnd === 0 ? '–' : format.percent(cashlessVnd / totalVnd),
      text: t(totalVnd === 0 ? 'overview.noSales' : 'overview.cashlessText', { days, amount: format.vnd(cashlessVnd) }),
      tone: tonesOf(false, cashlessVnd < totalVnd),
      path: `${root}#wards`,
    },
  ];
}

function ofGoods({ t, format }: View, overview: Overview): Tile[] {
  const { listed, pendingChanges, endingCertificates, sellers, idleSellers } = overview;
  const days = overviewDays;
  return [
    {
      question: t('overview.products'),
      figure: format.integer(listed),
      text: t('overview.productsText', { pending: pendingChanges, ending: endingCertificates, days }),
      tone: tonesOf(false, pendingChanges + endingCertificates > 0),
      path: '/quan-tri/chung-nhan/lich',
    },
    {
      question: t('overview.idle', { days }),
      figure: format.integer(idleSellers),
      text: t('overview.idleText', { idle: idleSellers, all: sellers }),
      tone: tonesOf(false, idleSellers > 0),
      path: `${root}#idle`,
    },
  ];
}

/** Health in words: how many answer, and the names of those that do not. */
function ofPartners({ t, format }: View, partners: Partners, at: Date): Tile {
  const active = partners.filter(({ state }) => state === 'active');
  const silent = active.filter(
    ({ lanes }) => !lanes.some(({ succeededAt }) => succeededAt && at.getTime() - succeededAt.getTime() < silentMs),
  );
  return {
    question: t('overview.partners'),
    figure: t('overview.ofAll', { count: active.length - silent.length, all: active.length }),
    text:
      silent.length > 0
        ? t('overview.partnersSilent', { names: format.list(silent.map(({ nameVi }) => nameVi)) })
        : t('overview.partnersFine'),
    tone: tonesOf(silent.length > 0),
    path: '/quan-tri/san-doi-tac',
  };
}

function ofMoney({ t, format }: View, { lag }: Overview): Tile {
  const { transfers, medianSeconds, longestSeconds } = lag;
  const spoken = (seconds: number): string =>
    seconds < 90
      ? t('overview.seconds', { count: seconds })
      : t('overview.minutes', { count: Math.round(seconds / 60) });
  return {
    question: t('overview.lag'),
    figure: medianSeconds === null ? '–' : spoken(medianSeconds),
    text:
      medianSeconds === null || longestSeconds === null
        ? t('overview.lagNone', { days: lagDays })
        : t('overview.lagText', {
            transfers: format.integer(transfers),
            longest: spoken(longestSeconds),
            days: lagDays,
          }),
    tone: tonesOf((medianSeconds ?? 0) > slowSeconds, (longestSeconds ?? 0) > slowSeconds),
    path: '/quan-tri/tien-cho',
  };
}

const toneNames = { good: 'overview.good', wait: 'overview.wait', bad: 'overview.bad' } as const;
const tile = ({ link, t }: View, { question, figure, text, tone, path }: Tile): SafeHtml =>
  html`<li class="question ${tone}"><h2><a href="${link(path)}">${question}</a></h2><b>${figure}</b>
<p class="small"><span class="tag ${tone}">${t(toneNames[tone])}</span> ${text}</p></li>`;

type Row = readonly [string, number, number];
/** The figures of a drawing, for whoever does not see it or wants the exact ones. */
const tableOf = ({ t, format }: View, name: string, rows: readonly Row[]): SafeHtml =>
  html`<details><summary>${t('overview.table')}</summary><div class="table" tabindex="0"><table><thead><tr><th scope="col">${name}</th><th scope="col" class="number">${t('periodic.orders')}</th><th scope="col" class="number">${t('periodic.totalVnd')}</th></tr></thead><tbody>
${rows.map(([label, orders, totalVnd]) => html`<tr><td>${label}</td><td class="number">${format.integer(orders)}</td><td class="number">${format.vnd(totalVnd)}</td></tr>`)}</tbody></table></div></details>`;

async function drawings(view: View, { days, wards }: Overview): Promise<SafeHtml> {
  const { t, format } = view;
  const dayRows = days.map(
    ({ day, orders, totalVnd }): Row => [format.date(new Date(`${day}T00:00:00+07:00`)), orders, totalVnd],
  );
  const wardRows = wards.map(({ ward, orders, totalVnd }): Row => [ward ?? t('periodic.noWard'), orders, totalVnd]);
  const barsOf = (rows: readonly Row[]) => rows.map(([label, , value]) => ({ label, value, shown: format.vnd(value) }));
  const [byDay, byWard] = [t('overview.byDay', { days: overviewDays }), t('overview.byWard', { days: overviewDays })];
  const dayChart = await columns({ name: byDay, values: barsOf(dayRows), tick: format.compact });
  const wardChart = await bars(undefined, barsOf(wardRows));
  const none = html`<p class="soft">${t('overview.noSales', { days: overviewDays })}</p>`;
  return html`<div class="charts"><section class="box stack" aria-labelledby="days"><h2 id="days" class="small-title">${byDay}</h2>${dayChart || none}${tableOf(view, t('overview.day'), dayRows)}</section>
<section class="box stack" aria-labelledby="wards"><h2 id="wards" class="small-title">${byWard}</h2>${wardChart || none}${wardRows.length > 0 && tableOf(view, t('periodic.ward'), wardRows)}</section></div>`;
}

const idleList = ({ t, link }: View, { idle, idleSellers }: Overview): SafeHtml =>
  html`<section class="stack section" aria-labelledby="idle"><h2 id="idle">${t('overview.idle', { days: overviewDays })}</h2>${
    idle.length > 0
      ? html`<ul class="dots">${idle.map(({ slug, name, ward }) => html`<li><a href="${link(`/co-so/${slug}`)}">${name}</a>${ward !== null && html` <span class="soft">${ward}</span>`}</li>`)}</ul>${
          idleSellers > idle.length &&
          html`<p class="soft">${t('overview.idleMore', { count: idleSellers - idle.length })}</p>`
        }`
      : html`<p>${t('overview.idleNone')}</p>`
  }</section>`;

export const overviewPages: FastifyPluginAsync<OverviewPageDeps> = async (app, { site, overviews, federation }) => {
  page(app, site, { url: root, access: 'staff' }, async ({ view }) => {
    const [{ at, overview }, partners] = await Promise.all([overviews.read(), federation.listPartners()]);
    const tiles = [
      ...ofOrders(view, overview),
      ...ofGoods(view, overview),
      ofPartners(view, partners, at),
      ofMoney(view, overview),
    ];
    return deskLayout(view, 'staff', {
      title: view.t('overview.title'),
      part: root,
      body: html`<div class="stack"><p class="soft">${view.t('overview.lead', { time: view.format.dateTime(at) })}</p><ul class="questions">${tiles.map((one) => tile(view, one))}</ul>
${await drawings(view, overview)}${idleList(view, overview)}</div>`,
    });
  });
};
