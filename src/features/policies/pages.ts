import type { FastifyPluginAsync } from 'fastify';
import type { Operator } from '#config/operator.ts';
import { startOfLocalDay } from '#core/clock.ts';
import type { CarePolicy } from '#features/care/types.ts';
import type { ComplaintRule } from '#features/complaints/types.ts';
import { POLICY_VERSION } from '#features/identity/index.ts';
import { rankingCriteria } from '#features/search/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import type { Site, View } from '#web/view.ts';

export type PolicyPageDeps = {
  readonly site: Site;
  readonly operator: Operator | undefined;
  readonly carePolicy: () => Promise<CarePolicy>;
  readonly complaintRule: () => Promise<ComplaintRule>;
  /** The day since which the fees that are charged now have held. */
  readonly feesSince: () => Promise<Date | undefined>;
};

/** The day on which the rules of the exchange, as the page words them, began to hold. */
const RULES_SINCE = '2026-11-28';
const RANKING_SINCE = '2026-11-24';

const shell = (view: View, path: string, title: string, since: Date | undefined, body: SafeHtml): SafeHtml => {
  const { t, format, link } = view;
  return layout(view, {
    title,
    canonical: path,
    body: html`<div class="narrow stack"><h1>${title}</h1>${since && html`<p class="soft">${t('rules.since', { date: format.date(since) })}</p>`}${body}
<p><a href="${link('/chinh-sach')}">${t('rules.all')}</a></p></div>`,
  });
};

const operatorRows: readonly (readonly [keyof Operator, MessageKey])[] = [
  ['name', 'operator.name'],
  ['licence', 'operator.licence'],
  ['representative', 'operator.representative'],
  ['address', 'operator.address'],
  ['phone', 'operator.phone'],
  ['email', 'operator.email'],
];

const operatorPage = (view: View, operator: Operator | undefined): SafeHtml => {
  const { t } = view;
  const body = operator
    ? html`<dl class="facts box">${operatorRows.map(([name, label]) => html`<dt>${t(label)}</dt><dd>${operator[name]}</dd>`)}</dl>`
    : html`<p class="notice bad">${t('operator.missing')}</p>`;
  return shell(view, '/chu-quan', t('operator.title'), undefined, body);
};

const fieldNames: Readonly<Record<keyof typeof rankingCriteria.fields, MessageKey>> = {
  name: 'ranking.name',
  aliases: 'ranking.aliases',
  tags: 'ranking.tags',
  english: 'ranking.english',
  seller: 'ranking.seller',
  place: 'ranking.place',
  category: 'ranking.category',
  ingredients: 'ranking.ingredients',
};
const evidenceNames: Readonly<Record<keyof typeof rankingCriteria.evidence, MessageKey>> = {
  terms: 'ranking.terms',
  together: 'ranking.together',
  start: 'ranking.start',
  tight: 'ranking.tight',
};

/** The weights by which search orders, read from the code that does it: the page cannot say something else. */
function rankingPage(view: View): SafeHtml {
  const { t, format } = view;
  const { fields, evidence } = rankingCriteria;
  const rows = <K extends string>(weights: Readonly<Record<K, number>>, names: Readonly<Record<K, MessageKey>>) =>
    (Object.keys(weights) as K[])
      .toSorted((one, other) => weights[other] - weights[one])
      .map((name) => html`<tr><td>${t(names[name])}</td><td class="number">${format.percent(weights[name])}</td></tr>`);
  const table = (caption: MessageKey, body: readonly SafeHtml[]): SafeHtml =>
    html`<div class="table" tabindex="0"><table><caption>${t(caption)}</caption><thead><tr><th scope="col">${t('ranking.what')}</th><th scope="col" class="number">${t('ranking.weight')}</th></tr></thead><tbody>${body}</tbody></table></div>`;
  return shell(
    view,
    '/thu-tu-hien-thi',
    t('ranking.title'),
    startOfLocalDay(RANKING_SINCE),
    html`<p>${t('ranking.lead')}</p><section class="box stack"><h2>${t('ranking.searching')}</h2><p>${t('ranking.searchingText')}</p>
${table('ranking.byField', rows(fields, fieldNames))}${table('ranking.byEvidence', rows(evidence, evidenceNames))}<p>${t('ranking.equal')}</p></section>
<section class="box stack"><h2>${t('ranking.browsing')}</h2><p>${t('ranking.browsingText')}</p></section>
<section class="box stack"><h2>${t('ranking.not')}</h2><ul><li>${t('ranking.notPaid')}</li><li>${t('ranking.notPoints')}</li><li>${t('ranking.notPerson')}</li><li>${t('ranking.partners')}</li></ul></section>`,
  );
}

const complaintPage = (view: View, rule: ComplaintRule): SafeHtml => {
  const { t, link } = view;
  return shell(
    view,
    '/chinh-sach-khieu-nai',
    t('complaintRules.title'),
    startOfLocalDay(rule.validFrom),
    html`<p>${t('complaintRules.lead', { days: rule.fileDays })}</p><ol class="box stack"><li>${t('complaintRules.answer', { hours: rule.answerHours })}</li>
<li>${t('complaintRules.choice', { hours: rule.choiceHours })}</li><li>${t('complaintRules.officer', { days: rule.officerDays })}</li>
<li>${t('complaintRules.unsafe', { hours: rule.unsafeHours })}</li><li>${t('complaintRules.appeal', { days: rule.appealDays })}</li></ol>
<p>${t('complaintRules.figure', { days: rule.figureDays, minimum: rule.figureMinimum })}</p><p><a class="button" href="${link('/khieu-nai')}">${t('complaint.title')}</a></p>`,
  );
};

const ruleParts: readonly (readonly [MessageKey, MessageKey])[] = [
  ['rules.what', 'rules.whatText'],
  ['rules.sellers', 'rules.sellersText'],
  ['rules.stars', 'rules.starsText'],
  ['rules.money', 'rules.moneyText'],
  ['rules.forbidden', 'rules.forbiddenText'],
  ['rules.liable', 'rules.liableText'],
];

const rulesPage = (view: View): SafeHtml =>
  shell(
    view,
    '/quy-che',
    view.t('rules.title'),
    startOfLocalDay(RULES_SINCE),
    html`${ruleParts.map(([heading, text]) => html`<section class="box stack"><h2>${view.t(heading)}</h2><p>${view.t(text)}</p></section>`)}`,
  );

/** Every paper with the day since which it holds. */
async function listPage(view: View, { carePolicy, complaintRule, feesSince }: PolicyPageDeps): Promise<SafeHtml> {
  const { t, link, format } = view;
  const [care, rule, fees] = await Promise.all([carePolicy(), complaintRule(), feesSince()]);
  const rows: readonly (readonly [string, MessageKey, Date | undefined])[] = [
    ['/quy-che', 'rules.title', startOfLocalDay(RULES_SINCE)],
    ['/quyen-rieng-tu', 'policy.title', startOfLocalDay(POLICY_VERSION)],
    ['/chinh-sach-doi-tra', 'returnPolicy.title', startOfLocalDay(care.validFrom)],
    ['/chinh-sach-khieu-nai', 'complaintRules.title', startOfLocalDay(rule.validFrom)],
    ['/bieu-phi', 'fee.publicTitle', fees],
    ['/thu-tu-hien-thi', 'ranking.title', startOfLocalDay(RANKING_SINCE)],
    ['/chu-quan', 'operator.title', undefined],
  ];
  return layout(view, {
    title: t('rules.all'),
    canonical: '/chinh-sach',
    body: html`<div class="narrow stack"><h1>${t('rules.all')}</h1><p class="soft">${t('rules.allText')}</p><ul class="stack">${rows.map(
      ([path, title, since]) =>
        html`<li class="box"><h2 class="small-title"><a href="${link(path)}">${t(title)}</a></h2>${since && html`<p class="small soft">${t('rules.since', { date: format.date(since) })}</p>`}</li>`,
    )}</ul></div>`,
  });
}

/** What the exchange binds itself to, written from the rows and the code by which it acts. */
export const policyPages: FastifyPluginAsync<PolicyPageDeps> = async (app, deps) => {
  const open = (url: string, show: (view: View) => SafeHtml | Promise<SafeHtml>) =>
    page(app, deps.site, { url, access: 'public' }, async ({ view }) => show(view));
  open('/chinh-sach', (view) => listPage(view, deps));
  open('/quy-che', rulesPage);
  open('/chinh-sach-khieu-nai', async (view) => complaintPage(view, await deps.complaintRule()));
  open('/thu-tu-hien-thi', rankingPage);
  open('/chu-quan', (view) => operatorPage(view, deps.operator));
};
