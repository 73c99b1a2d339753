import type { FastifyPluginAsync } from 'fastify';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { Lay, PartnerDesk } from './desk.ts';
import {
  type Fault,
  faultsOf,
  mayAct,
  type PartnerPageDeps,
  partnerActors,
  partnersPath,
  whyPath,
} from './desk-parts.ts';
import { federationProblems } from './types.ts';
import { noteWords, passedWords, whyWords } from './words.ts';

const refuse = refusals(federationProblems);
type Explained = NonNullable<Awaited<ReturnType<PartnerDesk['explain']>>>;
type Sets = Awaited<ReturnType<PartnerPageDeps['products']['listCategories']>>;
type Typed = { readonly lay: Lay; readonly faults: readonly Fault[] };

/** An id, a slug, an `ocop://…` address, or the address of our page as it is copied from a browser. */
function nameOf(typed: string): string {
  if (typed.startsWith('ocop://')) return typed;
  const path = URL.parse(typed, 'https://dia-chi.invalid')?.pathname ?? typed;
  const last = path.split('/').findLast((step) => step !== '') ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function answer(view: View, { partner, facts, listing, why }: Explained): SafeHtml {
  const { t, format, link } = view;
  const { isShown, because, passed, notes } = why;
  const tone = isShown ? 'good' : 'bad';
  const rev = facts.listing && { rev: facts.listing.rev, time: format.dateTime(facts.listing.receivedAt) };
  return html`<section class="box stack"><h2>${listing?.title.vi ?? facts.uri}</h2>
<p class="row"><span class="tag ${tone}">${t(isShown ? 'partners.why.yes' : 'partners.why.no')}</span><a class="tall" href="${link(`${partnersPath}/${partner.key}`)}">${view.either(partner.nameVi, partner.nameEn)}</a></p>
<p class="notice ${tone}">${t(whyWords[because])}</p>
${notes.map((note) => html`<p class="notice wait">${t(noteWords[note])}</p>`)}
${passed.length > 0 && html`<details><summary>${t('partners.why.passed')} (${format.integer(passed.length)})</summary><ul>${passed.map((code) => code !== 'shown' && html`<li>✓ ${t(passedWords[code])}</li>`)}</ul></details>`}
<p class="small soft hash">${facts.uri}</p>${rev && html`<p class="small soft">${t('partners.why.rev', rev)}</p>`}
${isShown && facts.product && html`<p><a class="tall" href="${link(`/san-pham/${facts.product.slug}`)}">${t('partners.why.yes')}: ${facts.product.slug}</a></p>`}</section>`;
}

function layForm(view: View, { facts, listing }: Explained, sets: Sets, { lay, faults }: Typed): SafeHtml {
  const { t, link, csrf } = view;
  const errorOf = (name: string) => faults.find((fault) => fault.name === name)?.message;
  const text = html`type="text" maxlength="300" autocomplete="off"`;
  const options = sets.map((set) => ({ value: String(set.id), label: view.either(set.nameVi, set.nameEn) }));
  return html`<form class="box stack" method="post" action="${link(whyPath)}">${csrfField(csrf)}<h2>${t('partners.lay.title')}</h2><p class="soft">${t('partners.lay.intro')}</p>
${errorSummary(t('partners.faults'), faults)}<input type="hidden" name="uri" value="${facts.uri}">
${select(
  {
    name: 'categoryId',
    label: t('partners.lay.category'),
    value: lay.categoryId === null ? '' : String(lay.categoryId),
    error: errorOf('categoryId'),
  },
  t('partners.lay.theirs', { code: listing?.categoryCode ?? '' }),
  options,
)}
${input({ name: 'nameVi', label: t('partners.lay.nameVi'), value: lay.nameVi, hint: listing?.title.vi, more: text })}
${input({ name: 'nameEn', label: t('partners.lay.nameEn'), value: lay.nameEn, hint: listing?.title.en, more: text })}
${input({ name: 'hiddenReason', label: t('partners.lay.hidden'), value: lay.hiddenReason, hint: t('partners.lay.hiddenHint'), more: html`type="text" maxlength="500" autocomplete="off"` })}
<button class="button" type="submit">${t('partners.lay.save')}</button></form>`;
}

const laidOf = ({ overlay }: Explained): Lay => ({
  categoryId: overlay?.categoryId ?? null,
  nameVi: overlay?.nameVi ?? '',
  nameEn: overlay?.nameEn ?? '',
  hiddenReason: overlay?.hiddenReason ?? '',
});

async function show(context: PageContext, deps: PartnerPageDeps, asked: string, typed?: Typed): Promise<SafeHtml> {
  const { view, query } = context;
  const { t, link } = view;
  const found = asked === '' ? undefined : await deps.partnerDesk.explain(nameOf(asked));
  const sets = found && mayAct(view) ? await deps.products.listCategories() : [];
  return deskLayout(view, 'staff', {
    title: t('partners.why.title'),
    part: whyPath,
    body: html`<div class="narrow stack">${query('xong') !== '' && html`<p class="notice good" role="status">${t('partners.done.changed')}</p>`}
<form class="stack" method="get" action="${link(whyPath)}">${input({ name: 'hang', label: t('partners.why.ask'), value: asked, hint: t('partners.why.askHint'), required: true, more: html`type="search" maxlength="2000" autocomplete="off"` })}
<button class="button" type="submit">${t('partners.why.button')}</button></form>
${asked !== '' && !found && html`<p class="notice wait">${t('partners.why.unknown')}</p>`}
${found && answer(view, found)}${found && mayAct(view) && layForm(view, found, sets, typed ?? { lay: laidOf(found), faults: [] })}</div>`,
  });
}

async function save(context: PageContext, deps: PartnerPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, request, reply } = context;
  const uri = field('uri').toWellFormed().slice(0, 400);
  const [nameVi = '', nameEn = '', hiddenReason = ''] = ['nameVi', 'nameEn', 'hiddenReason'].map((name) =>
    field(name).toWellFormed(),
  );
  const chosen = field('categoryId');
  const lay: Lay = {
    nameVi,
    nameEn,
    hiddenReason,
    categoryId: chosen === '' ? null : Number.parseInt(chosen, 10) || 0,
  };
  try {
    const found = await deps.partnerDesk.explain(uri);
    if (!found) throw refuse('partner-listing-not-found', { uri });
    await deps.partnerDesk.lay(byOf(request), found.partner.key, found.facts.uri, lay);
    return seeOther(context, `${whyPath}?hang=${encodeURIComponent(uri)}&xong=1`);
  } catch (error) {
    const { status, faults } = faultsOf(context, error, { 'overlay-category-unknown': 'categoryId' });
    void reply.code(status);
    return show(context, deps, uri, { lay, faults });
  }
}

export const listingPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  page(app, deps.site, { access: 'staff', url: whyPath }, (context) =>
    show(context, deps, context.query('hang').toWellFormed().slice(0, 2000)),
  );
  const spec = { access: 'staff', roles: partnerActors, method: 'POST', url: whyPath } as const;
  page(app, deps.site, spec, (context) => save(context, deps));
};
