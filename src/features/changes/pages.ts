import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { Products } from '#features/products/index.ts';
import { nextAfter, type Queues } from '#features/queues/index.ts';
import { signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { categoryName } from '#web/i18n/categories.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { claimForm, heldByMe } from '#web/parts/claim.ts';
import { deskLayout, nextInQueue, thenNext } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { changeList, changeTag, type Known, reasonKeys, type ShownSet } from './change-parts.ts';
import type { Deciding, Verdict } from './deciding.ts';
import { judgeOf, judgeRoles } from './routes.ts';
import { type ChangeSetId, changeProblems, VERDICT_REASONS } from './types.ts';
import type { SetSummary } from './views.ts';

export type ChangePageDeps = {
  readonly site: Site;
  readonly deciding: Deciding;
  readonly queues: Queues;
  readonly products: Pick<Products, 'listCategories' | 'findLive'>;
};
const refuse = refusals(changeProblems);
const root = '/quan-tri/thay-doi';
const outcomes = ['approved', 'changes-requested', 'rejected'] as const;

const idOf = ({ param }: PageContext): ChangeSetId => {
  const id = param('setId');
  if (!isId<'ChangeSet'>(id)) throw refuse('change-set-not-found');
  return id;
};

const listRow = (view: View, set: SetSummary): SafeHtml => {
  const { t, format, link } = view;
  return html`<li class="box stack"><h2><a href="${link(`${root}/${set.setId}`)}">${set.productName}</a></h2>
<p class="row">${changeTag(view, set.status)}<span>${t(set.kind === 'listing' ? 'changes.listing' : 'changes.edit')}</span>${
    set.flagCount > 0 && html`<span class="tag bad">${t('changes.flagged', { count: set.flagCount })}</span>`
  }</p><p class="small soft">${set.businessName} · ${format.dateTime(set.proposedAt)}</p></li>`;
};

async function showList({ view }: PageContext, { deciding }: ChangePageDeps): Promise<SafeHtml> {
  const { t, link } = view;
  const { items } = await deciding.listSets({ status: 'proposed', limit: 100 });
  const body =
    items.length > 0
      ? html`<ul class="changes">${items.map((set) => listRow(view, set))}</ul>`
      : empty(
          t('changes.title'),
          t('changes.none'),
          html`<a class="button quiet" href="${link('/quan-tri')}">${t('desk.today')}</a>`,
        );
  return deskLayout(view, 'staff', {
    title: t('changes.title'),
    part: root,
    body: html`<div class="narrow">${body}</div>`,
  });
}

type Category = { readonly id: number; readonly slug: string; readonly nameVi: string };
type Typed = {
  readonly reason: string;
  readonly reasonText: string;
  readonly categoryId: string;
  readonly overwrite: boolean;
  readonly next: boolean;
};
type Shown = {
  readonly set: ShownSet;
  readonly known: Known;
  readonly categories: readonly Category[];
  readonly me: string;
  readonly typed: Typed;
  readonly fault: Problem | undefined;
};

/** Words of the refusal at the field that mends it. */
function faultOf(
  { either }: View,
  fault: Problem | undefined,
): readonly { readonly name: string; readonly message: string }[] {
  if (!fault) return [];
  const names: Readonly<Record<string, string>> = {
    'reason-required': 'reason',
    'category-required': 'categoryId',
    'change-base-moved': 'overwrite',
  };
  const message = `${either(fault.entry.vi[0], fault.entry.en[0])}. ${either(fault.entry.vi[1], fault.entry.en[1])}`;
  return [{ name: names[fault.code] ?? '', message }];
}

const needsCategory = ({ kind, items }: ShownSet): boolean =>
  kind === 'listing' && !items.some(({ field, after }) => field === 'categoryId' && after !== null);

function verdictForm(view: View, shown: Shown): SafeHtml {
  const { t, link, locale } = view;
  const { set, typed, categories } = shown;
  const moved = set.items.some((item) => item.moved);
  return html`<form class="box stack" method="post" action="${link(`${root}/${set.setId}`)}">${csrfField(view.csrf)}
<input type="hidden" name="version" value="${set.version}">
${heldByMe(view, set.claim)}
${
  needsCategory(set) &&
  select(
    { name: 'categoryId', label: t('changes.category'), value: typed.categoryId },
    t('changes.categoryNone'),
    categories.map(({ id, slug, nameVi }) => ({
      value: String(id),
      label: `${id}. ${categoryName(locale, slug, nameVi)}`,
    })),
  )
}
${moved && html`<label class="tick"><input id="overwrite" type="checkbox" name="overwrite" value="1"${typed.overwrite && html` checked`}> ${t('changes.overwrite')}</label>`}
${thenNext(view, typed.next)}<button class="button" type="submit" name="do" value="approved" data-key="a">${t('changes.approve')}</button>
${select(
  { name: 'reason', label: t('changes.reason'), value: typed.reason },
  t('changes.reasonNone'),
  VERDICT_REASONS.map((value) => ({ value, label: t(reasonKeys[value]) })),
)}
<div class="field"><label for="reasonText">${t('changes.reasonText')}</label><textarea id="reasonText" name="reasonText" rows="3" maxlength="1000">
${typed.reasonText}</textarea></div>
<div class="row"><button class="button quiet" type="submit" name="do" value="changes-requested" data-key="q" data-reason="reason">${t('changes.ask')}</button>
<button class="button quiet" type="submit" name="do" value="rejected" data-key="r" data-reason="reason">${t('changes.reject')}</button></div></form>`;
}

function setPage(view: View, shown: Shown): SafeHtml {
  const { t, format } = view;
  const { set, known, me, fault } = shown;
  const key = set.reason ? reasonKeys[set.reason] : undefined;
  const mine = set.claim?.heldBy === me;
  return deskLayout(view, 'staff', {
    title: set.productName,
    part: root,
    body: html`<div class="narrow stack"><p class="row">${changeTag(view, set.status)}<span>${t(set.kind === 'listing' ? 'changes.listing' : 'changes.edit')}</span>${
      set.flagCount > 0 && html`<span class="tag bad">${t('changes.flagged', { count: set.flagCount })}</span>`
    }</p><p class="small soft">${set.businessName} · ${t('changes.proposedAt', { time: format.dateTime(set.proposedAt) })}</p>
${errorSummary(t('changes.faults'), faultOf(view, fault))}
${set.decidedAt && html`<p class="notice good">${t('changes.decided', { time: format.dateTime(set.decidedAt) })} ${set.reasonText ?? (key && t(key))}</p>`}
${changeList(view, set, known)}
${set.status === 'proposed' && (mine ? verdictForm(view, shown) : claimForm(view, view.link(`${root}/${set.setId}`), set.claim))}${nextInQueue(view, 'changes')}</div>`,
  });
}

async function show(context: PageContext, deps: ChangePageDeps, fault?: Problem): Promise<SafeHtml> {
  const { view, request, field } = context;
  const set = await deps.deciding.getSet(idOf(context));
  const categories = await deps.products.listCategories();
  const live = await deps.products.findLive(set.productId);
  const sizes = live && live.fields.variants.length > 1 ? live.fields.variants : [];
  return setPage(view, {
    set,
    categories,
    known: {
      categories: new Map(categories.map(({ id, slug, nameVi }) => [id, categoryName(view.locale, slug, nameVi)])),
      sizes: new Map(sizes.map(({ variantId, label }) => [variantId ?? '', label])),
    },
    me: signedIn(request).accountId,
    typed: {
      reason: field('reason'),
      reasonText: field('reasonText').toWellFormed(),
      categoryId: field('categoryId'),
      overwrite: field('overwrite') !== '',
      next: fault === undefined || field('next') !== '',
    },
    fault,
  });
}

const whole = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

function verdictOf({ field }: PageContext, outcome: Verdict['outcome']): Verdict {
  const reason = VERDICT_REASONS.find((one) => one === field('reason'));
  const categoryId = whole(field('categoryId'));
  return {
    outcome,
    version: whole(field('version')) ?? 0,
    ...(reason && { reason }),
    reasonText: field('reasonText').toWellFormed(),
    overwrite: field('overwrite') !== '',
    ...(categoryId !== undefined && { categoryId }),
  };
}

async function claim(context: PageContext, { deciding, queues }: ChangePageDeps): Promise<typeof SENT> {
  const { accountId, staffRole } = signedIn(context.request);
  const set = await deciding.getSet(idOf(context));
  if (!set.claim) throw refuse('change-set-decided', { status: set.status });
  await queues.claim({ accountId, staffRole }, set.claim.itemId);
  return seeOther(context, `${root}/${set.setId}`);
}

async function act(context: PageContext, deps: ChangePageDeps): Promise<SafeHtml | typeof SENT> {
  const outcome = outcomes.find((one) => one === context.field('do'));
  const id = idOf(context);
  try {
    if (!outcome) return await claim(context, deps);
    await deps.deciding.decide(judgeOf(context.request), id, verdictOf(context, outcome));
    const isGoingOn = context.field('next') !== '';
    return seeOther(
      context,
      isGoingOn ? await nextAfter(deps.queues, context.request, 'changes', outcome) : `${root}/${id}`,
    );
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404 || error.status >= 500) throw error;
    void context.reply.code(error.status);
    return show(context, deps, error);
  }
}

export const changePages: FastifyPluginAsync<ChangePageDeps> = async (app, deps) => {
  const { site } = deps;
  const spec = { access: 'staff', roles: judgeRoles } as const;
  page(app, site, { ...spec, url: root }, (context) => showList(context, deps));
  page(app, site, { ...spec, url: `${root}/:setId` }, (context) => show(context, deps));
  page(app, site, { ...spec, method: 'POST', url: `${root}/:setId` }, (context) => act(context, deps));
};
