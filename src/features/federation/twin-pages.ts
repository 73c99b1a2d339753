import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { mayAct, type PartnerPageDeps, partnerActors } from './desk-parts.ts';
import { TWIN_VERDICTS } from './rules.ts';
import type { TwinPair } from './twins.ts';
import { federationProblems } from './types.ts';
import type { ShownGood } from './views/desk.ts';
import { basisWords } from './words.ts';

const refuse = refusals(federationProblems);
const path = '/quan-tri/hang-trung';
/** As much as somebody can look through at once; the next come when these are judged. */
const shownAtOnce = 50;

const goodBox = ({ t, format, link }: View, good: ShownGood): SafeHtml =>
  html`<div class="twin"><b><a class="tall" href="${link(`/san-pham/${good.slug}`)}">${good.name}</a></b>
<p class="small"><span class="tag away">${good.exchange ?? t('partners.twins.ours')}</span></p>
<p class="small">${good.business}${good.netWeightG > 0 && html` · ${format.weight(good.netWeightG)}`} · ${good.unit} · ${format.vnd(good.priceVnd)}</p>
<p class="small soft hash">${[good.gtin, good.decisionNumber].filter(Boolean).join(' · ')}</p></div>`;

function judgeForm(view: View, { one, other, judged }: TwinPair): SafeHtml {
  const { t, link, csrf } = view;
  const name = `reason-${one}-${other}`;
  return html`<form class="stack" method="post" action="${link(path)}">${csrfField(csrf)}<input type="hidden" name="one" value="${one}"><input type="hidden" name="other" value="${other}">
${input({ name, label: t('partners.twins.reason'), value: '', more: html`type="text" maxlength="500" autocomplete="off"` })}
<p class="row">${judged?.verdict !== 'same' && html`<button class="button" type="submit" name="do" value="same">${t('partners.twins.same')}</button>`}${judged?.verdict !== 'different' && html`<button class="button quiet" type="submit" name="do" value="different">${t('partners.twins.different')}</button>`}</p></form>`;
}

function pairBox(view: View, pair: TwinPair): SafeHtml {
  const { t, format } = view;
  const { goods, basis, judged } = pair;
  const told = judged && { time: format.dateTime(judged.judgedAt), reason: judged.reason };
  return html`<li class="box stack"><p>${t(basisWords[basis])}</p><div class="twins">${goods.map((good) => goodBox(view, good))}</div>
${told && html`<p class="notice">${t(judged.verdict === 'same' ? 'partners.twins.saidSame' : 'partners.twins.saidDifferent', told)}</p>`}
${mayAct(view) && (judged || basis !== 'decision' ? html`<details><summary>${t('partners.twins.again')}</summary>${judgeForm(view, pair)}</details>` : judgeForm(view, pair))}</li>`;
}

async function show({ view, query }: PageContext, { partnerDesk }: PartnerPageDeps): Promise<SafeHtml> {
  const { t, format } = view;
  const { pairs, groups } = await partnerDesk.listTwins();
  const waiting = pairs.filter(({ basis, judged }) => basis === 'decision' && !judged);
  const others = pairs.filter((pair) => !waiting.includes(pair));
  const list = (items: readonly TwinPair[]): SafeHtml =>
    html`<ul class="stack">${items.slice(0, shownAtOnce).map((pair) => pairBox(view, pair))}</ul>`;
  const count = (items: readonly unknown[]): string => format.integer(items.length);
  return deskLayout(view, 'staff', {
    title: t('partners.twins.title'),
    part: path,
    body: html`<div class="stack">${query('xong') !== '' && html`<p class="notice good" role="status">${t('partners.done.changed')}</p>`}<p class="soft">${t('partners.twins.intro')}</p>
<h2>${t('partners.twins.waiting', { count: count(waiting) })}</h2>${waiting.length > 0 ? list(waiting) : html`<p>${t('partners.twins.none')}</p>`}
<h2>${t('partners.twins.groups', { count: count(groups) })}</h2>${groups.length > 0 && html`<ul class="sheet-rows">${groups.slice(0, shownAtOnce).map((group) => html`<li>${format.list(group.map(({ name, exchange }) => `${name} (${exchange ?? t('partners.twins.ours')})`))}</li>`)}</ul>`}
${others.length > 0 && html`<h2>${t('partners.twins.sure', { count: count(others) })}</h2>${list(others)}`}</div>`,
  });
}

async function judge(context: PageContext, { partnerDesk }: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request } = context;
  const [one, other] = [field('one'), field('other')];
  if (!isId<'Product'>(one) || !isId<'Product'>(other)) throw refuse('twins-not-found');
  const verdict = TWIN_VERDICTS.find((each) => each === field('do'));
  const reason = field(`reason-${one}-${other}`).toWellFormed();
  if (verdict) await partnerDesk.judgeTwins(byOf(request), [one, other], verdict, reason);
  return seeOther(context, `${path}?xong=1`);
}

export const twinPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  page(app, deps.site, { access: 'staff', url: path }, (context) => show(context, deps));
  const spec = { access: 'staff', roles: partnerActors, method: 'POST', url: path } as const;
  page(app, deps.site, spec, (context) => judge(context, deps));
};
