import type { FastifyPluginAsync } from 'fastify';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { PartnerDesk } from './desk.ts';
import {
  type Fault,
  faultsOf,
  mayAct,
  type PartnerPageDeps,
  partnerActors,
  partnersPath,
  reviewPath,
  roadPath,
} from './desk-parts.ts';
import { actorText } from './road-words.ts';
import { mostUnfit } from './rules/onboarding.ts';
import { REVIEW_VERDICTS, type ReviewVerdict } from './types.ts';

/** As many as an officer judges before a rest. */
const perPage = 10;

type Review = NonNullable<Awaited<ReturnType<PartnerDesk['getReview']>>>;
type Item = Review['items'][number];
type Said = { readonly verdict: string; readonly note: string };
type Refused = { readonly said: ReadonlyMap<number, Said>; readonly faults: readonly Fault[] };
const nothing: Refused = { said: new Map(), faults: [] };
/** Names of product sets by the codes that partners send. */
type Sets = ReadonlyMap<string, string>;
type Drawn = { readonly sets: Sets; readonly review: Review; readonly isOpen: boolean; readonly refused: Refused };

/** What of a record a person compares with the partner's own page. */
function facts({ t, format }: View, { listing, offer }: Item, sets: Sets): SafeHtml | false {
  if (listing.kind !== 'listing') return false;
  const { title, producer, categoryCode, unit, ocop, landingUrl } = listing;
  const price =
    offer?.kind === 'offer'
      ? format.vnd(offer.price.amount)
      : html`<span class="wrong">${t('partners.preview.noPrice')}</span>`;
  const set =
    sets.get(categoryCode) ??
    html`<span class="wrong">${t('partners.preview.noCategory', { code: categoryCode })}</span>`;
  return html`<p><b>${title.vi}</b>${title.en && html`<br><span lang="en">${title.en}</span>`}</p><dl class="facts"><dt>${t('review50.producer')}</dt><dd>${producer.name}</dd>
<dt>${t('partners.preview.category')}</dt><dd>${set}</dd><dt>${t('review50.price')}</dt><dd>${price}</dd>
${unit && html`<dt>${t('review50.unit')}</dt><dd>${unit}</dd>`}${ocop?.stars && html`<dt>${t('review50.stars')}</dt><dd>${format.integer(ocop.stars)}${ocop.decisionNo && html` (${ocop.decisionNo})`}</dd>`}
<dt>${t('review50.home')}</dt><dd class="hash">${landingUrl}</dd></dl>`;
}

const verdictWords = { fit: 'review50.fit', unfit: 'review50.unfit' } as const;

function judging(view: View, item: Item, { said, faults }: Refused): SafeHtml {
  const { t } = view;
  const { position } = item;
  const now = said.get(position) ?? { verdict: item.verdict ?? '', note: item.note ?? '' };
  const name = `note-${position}`;
  const error = faults.find((fault) => fault.name === name)?.message;
  const choice = (verdict: ReviewVerdict): SafeHtml =>
    html`<div class="check"><input type="radio" id="verdict-${position}-${verdict}" name="verdict-${position}" value="${verdict}"${now.verdict === verdict && html` checked`}><label for="verdict-${position}-${verdict}">${t(verdictWords[verdict])}</label></div>`;
  return html`<fieldset class="row"><legend class="hidden">${t('review50.verdict', { number: position })}</legend>${REVIEW_VERDICTS.map(choice)}</fieldset>
${input({ name, label: t('review50.note'), value: now.note, error, more: html`type="text" maxlength="500" autocomplete="off"` })}`;
}

function box(view: View, item: Item, { sets, review, isOpen, refused }: Drawn): SafeHtml {
  const { t, format } = view;
  const { position, verdict, note, judgedBy, judgedAt } = item;
  const by =
    judgedBy &&
    judgedAt &&
    t('review50.by', { who: actorText(view, review, judgedBy), time: format.dateTime(judgedAt) });
  return html`<li class="box stack" id="muc-${position}"><p class="row"><span class="small soft">${t('review50.verdict', { number: position })}</span>${verdict && html`<span class="tag ${verdict === 'fit' ? 'good' : 'bad'}">${t(verdictWords[verdict])}</span>`}${by && html`<span class="small soft">${by}</span>`}</p>
${facts(view, item, sets)}${isOpen ? judging(view, item, refused) : note && html`<p>${note}</p>`}</li>`;
}

const pageIn = (text: string, pages: number): number => Math.min(Math.max(1, Number.parseInt(text, 10) || 1), pages);

function sheet(view: View, key: string, at: number, drawn: Drawn): SafeHtml {
  const { t, link, format, csrf } = view;
  const { review, isOpen } = drawn;
  const pages = Math.ceil(review.items.length / perPage);
  const items = review.items.slice((at - 1) * perPage, at * perPage);
  const told = {
    judged: format.integer(review.judged),
    total: format.integer(review.total),
    unfit: format.integer(review.unfit),
    most: format.integer(mostUnfit(review.total)),
  };
  const to = (page: number): string => link(`${reviewPath(key)}?trang=${page}`);
  const list = html`<ol class="stack">${items.map((item) => box(view, item, drawn))}</ol>`;
  return html`<p><b>${t('review50.progress', told)}</b></p>${review.isFinished && html`<p class="notice good">${t('review50.all')}</p>`}${!isOpen && html`<p class="soft">${t('review50.closed')}</p>`}
${isOpen ? html`<form class="stack" method="post" action="${link(reviewPath(key))}">${csrfField(csrf)}<input type="hidden" name="trang" value="${String(at)}">${list}<button class="button" type="submit">${t('review50.save')}</button></form>` : list}
<p class="row">${at > 1 && html`<a class="button quiet" href="${to(at - 1)}" rel="prev">${t('review50.back')}</a>`}<span>${t('review50.page', { page: at, pages })}</span>${at < pages && html`<a class="button quiet" href="${to(at + 1)}" rel="next">${t('pager.next')}</a>`}</p>`;
}

async function show(context: PageContext, deps: PartnerPageDeps, asked: string, refused = nothing): Promise<SafeHtml> {
  const { view, param } = context;
  const { t, link } = view;
  const partner = await deps.partnerDesk.getPartner(param('key'));
  const review = await deps.partnerDesk.getReview(partner.key);
  const listed = await deps.products.listCategories();
  const sets = new Map(listed.map((set) => [set.slug, view.either(set.nameVi, set.nameEn)]));
  const isOpen = partner.state === 'sandbox' && mayAct(view);
  const at = pageIn(asked, Math.ceil((review?.items.length ?? 0) / perPage) || 1);
  return deskLayout(view, 'staff', {
    title: t('review50.title', { name: view.either(partner.nameVi, partner.nameEn) }),
    part: partnersPath,
    body: html`<div class="narrow stack">${errorSummary(t('partners.faults'), refused.faults)}${review ? html`<p class="soft">${t('review50.intro')}</p>${sheet(view, partner.key, at, { sets, review, isOpen, refused })}` : html`<p>${t('review50.none')}</p>`}
<p><a class="tall" href="${link(roadPath(partner.key))}">${t('road.way')}</a></p></div>`,
  });
}

/** What was said on the page that was sent: a verdict, or a note alone that waits for one. */
function saidOn({ field, fields }: PageContext, review: Review | undefined, at: number): ReadonlyMap<number, Said> {
  const items = (review?.items ?? []).slice((at - 1) * perPage, at * perPage);
  return new Map(
    items.map(({ position }) => {
      const [first = '', ...more] = fields(`verdict-${position}`);
      // Who says both means the stricter.
      const verdict = more.includes('unfit') ? 'unfit' : first;
      return [position, { verdict, note: field(`note-${position}`).toWellFormed().slice(0, 500) }];
    }),
  );
}

/** Where an officer goes on: the first page with something that nobody has judged. */
function nextPage(review: Review | undefined): number | undefined {
  const open = review?.items.find(({ verdict }) => verdict === null);
  return open && Math.ceil(open.position / perPage);
}

async function save(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, param, request, reply } = context;
  const { partnerDesk } = deps;
  const [key, asked] = [param('key'), field('trang')];
  const review = await partnerDesk.getReview(key);
  const at = pageIn(asked, Math.ceil((review?.items.length ?? 0) / perPage) || 1);
  const said = saidOn(context, review, at);
  const judged = [...said].flatMap(([position, { verdict: word, note }]) => {
    const verdict = REVIEW_VERDICTS.find((one) => one === word);
    return verdict ? [{ position, verdict, note }] : [];
  });
  try {
    await partnerDesk.judge(byOf(request), key, judged);
  } catch (error) {
    const missing = judged.find(({ verdict, note }) => verdict === 'unfit' && note.trim() === '');
    const { status, faults } = faultsOf(context, error, { 'review-note-required': `note-${missing?.position ?? 0}` });
    void reply.code(status);
    return show(context, deps, asked, { said, faults });
  }
  const next = nextPage(await partnerDesk.getReview(key));
  return seeOther(context, next ? `${reviewPath(key)}?trang=${next}` : roadPath(key));
}

export const reviewPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const url = reviewPath(':key');
  page(app, deps.site, { access: 'staff', url }, (context) => show(context, deps, context.query('trang')));
  const write = { access: 'staff', roles: partnerActors, method: 'POST', url } as const;
  page(app, deps.site, write, (context) => save(context, deps));
};
