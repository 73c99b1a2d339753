import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import { productProblems, type VariantId } from '#features/products/types.ts';
import { ownBusinesses, sellerOf } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import type { Site, View } from '#web/view.ts';
import type { Journal } from './journal.ts';
import { COUNT_REASONS, type MovementReason } from './types.ts';

export type JournalPageDeps = { readonly site: Site; readonly journal: Journal };
const refuse = refusals(productProblems);
const part = '/ban-hang/kho';
const perPage = 50;

export const reasonNames: Readonly<Record<MovementReason, MessageKey>> = {
  initial: 'shelf.reason.initial',
  count: 'shelf.reason.count',
  sale: 'shelf.reason.sale',
  return: 'shelf.reason.return',
  import: 'shelf.reason.import',
  partner: 'shelf.reason.partner',
  received: 'shelf.reason.received',
  'sold-elsewhere': 'shelf.reason.sold-elsewhere',
  damaged: 'shelf.reason.damaged',
  'given-away': 'shelf.reason.given-away',
  resent: 'shelf.reason.resent',
  undo: 'shelf.reason.undo',
};

type Size = Awaited<ReturnType<Journal['get']>>;
type Shown = {
  readonly size: Size;
  readonly isFirst: boolean;
  readonly saved: boolean;
  readonly typed: { readonly reason: string; readonly quantity: string; readonly lowAt: string };
  readonly wrong: { readonly quantity?: string; readonly lowAt?: string };
};

const moveForm = (view: View, { size, typed, wrong }: Shown): SafeHtml => {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link(`${part}/${size.variantId}`)}">${csrfField(view.csrf)}<h2>${t('shelf.move')}</h2>
<div class="field"><label for="reason">${t('shelf.reason')}</label><select id="reason" name="reason">${COUNT_REASONS.map((one) => html`<option value="${one}"${one === typed.reason && html` selected`}>${t(reasonNames[one])}</option>`)}</select></div>
${input({ name: 'quantity', label: t('shelf.quantity'), value: typed.quantity, error: wrong.quantity, required: true, more: html`type="text" inputmode="numeric" maxlength="9" autocomplete="off"` })}
<button class="button" type="submit" name="do" value="move">${t('shelf.record')}</button></form>`;
};

const lowForm = (view: View, { size, typed, wrong }: Shown): SafeHtml => {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link(`${part}/${size.variantId}`)}">${csrfField(view.csrf)}
${input({ name: 'lowAt', label: t('shelf.lowAt'), hint: t('shelf.lowHint'), value: typed.lowAt, error: wrong.lowAt, more: html`type="text" inputmode="numeric" maxlength="8" autocomplete="off"` })}
<button class="button quiet" type="submit" name="do" value="low">${t('shelf.lowSave')}</button></form>`;
};

function journalPage(view: View, shown: Shown): SafeHtml {
  const { t, format, link } = view;
  const { size, wrong } = shown;
  const faults = Object.entries(wrong).map(([name, message]) => ({ name, message }));
  const own = `${part}/${size.variantId}`;
  return deskLayout(view, 'seller', {
    title: t('shelf.journalOf', { name: size.name }),
    part,
    body: html`<div class="stack">${errorSummary(t('shelf.wrong'), faults)}${shown.saved && html`<p class="notice good" role="status">${t('seller.saved')}</p>`}
<p>${size.label} · ${size.sku} · <b>${t('shelf.left', { count: format.integer(size.onHand) })}</b>${size.held > 0 && html` · ${t('shelf.held', { count: size.held })}`}</p>
<div class="two"><div class="stack">${moveForm(view, shown)}${lowForm(view, shown)}</div>
<section class="stack" aria-labelledby="journal"><h2 id="journal">${t('shelf.journal')}</h2>${size.movements.length === 0 && html`<p class="soft">${t('shelf.journalEmpty')}</p>`}
<ol class="movements">${size.movements.map(
      (movement) =>
        html`<li class="row"><b class="number">${movement.change > 0 && '+'}${format.integer(movement.change)}</b><span>${t(reasonNames[movement.reason])}<br><span class="small soft">${format.dateTime(movement.at)}${movement.by !== null && html` · ${t('shelf.by', { who: movement.by })}`}</span></span></li>`,
    )}</ol>
${pager(view, size.nextCursor && link(`${own}?cursor=${size.nextCursor}`), shown.isFirst ? null : link(own))}</section></div></div>`,
  });
}

const idOf = ({ param }: PageContext): VariantId => {
  const id = param('variantId');
  if (!isId<'Variant'>(id)) throw refuse('variant-not-found');
  return id;
};
const readCount = (text: string): number | undefined =>
  /^\d{1,7}$/.test(text.replace(/[.\s]/g, '')) ? Number(text.replace(/[.\s]/g, '')) : undefined;

async function show(context: PageContext, journal: Journal, faults: Partial<Shown> = {}): Promise<SafeHtml> {
  const cursor = readCursor(context.query('cursor') || undefined);
  const size = await journal.get(ownBusinesses(context.request), idOf(context), perPage, cursor);
  const typed = {
    reason: 'received',
    quantity: '',
    lowAt: size.lowAt === null ? '' : String(size.lowAt),
    ...faults.typed,
  };
  return journalPage(context.view, {
    size,
    isFirst: !cursor,
    saved: context.query('luu') === '1',
    wrong: {},
    ...faults,
    typed,
  });
}

async function save(context: PageContext, journal: Journal): Promise<SafeHtml | typeof SENT> {
  const { view, field } = context;
  const { t } = view;
  const id = idOf(context);
  const refused = (wrong: Shown['wrong'], status: number): Promise<SafeHtml> => {
    void context.reply.code(status);
    const typed = {
      reason: field('reason'),
      quantity: field('quantity'),
      ...(wrong.lowAt ? { lowAt: field('lowAt') } : {}),
    };
    return show(context, journal, { wrong, typed: typed as Shown['typed'] });
  };
  if (field('do') === 'low') {
    const lowAt = field('lowAt') === '' ? null : readCount(field('lowAt'));
    if (lowAt === undefined) return refused({ lowAt: t('shelf.badLow') }, 422);
    await journal.setLowAt(sellerOf(context.request), id, lowAt);
    return seeOther(context, `${part}/${id}?luu=1`);
  }
  const reason = COUNT_REASONS.find((one) => one === field('reason'));
  const quantity = readCount(field('quantity'));
  if (!reason || quantity === undefined || (quantity === 0 && reason !== 'count'))
    return refused({ quantity: t('shelf.badQuantity') }, 422);
  try {
    await journal.record(sellerOf(context.request), id, reason, quantity);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stock-below-held') throw error;
    return refused({ quantity: view.either(error.entry.vi.join('. '), error.entry.en.join('. ')) }, error.status);
  }
  return seeOther(context, `${part}/${id}?luu=1`);
}

export const journalPages: FastifyPluginAsync<JournalPageDeps> = async (app, { site, journal }) => {
  page(app, site, { url: `${part}/:variantId`, access: 'seller' }, (context) => show(context, journal));
  page(app, site, { method: 'POST', url: `${part}/:variantId`, access: 'seller' }, (context) => save(context, journal));
};
