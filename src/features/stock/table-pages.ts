import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { readMoney } from '#core/read-money.ts';
import type { VariantId } from '#features/products/types.ts';
import { sellerOf } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { reasonNames } from './journal-pages.ts';
import { adjusted } from './rules/table.ts';
import type { PriceTable, SavedRow, Wish } from './table.ts';
import { COUNT_REASONS, type CountReason, priceAccess, type TableEditId } from './types.ts';
import type { TableRow } from './views.ts';

export type TablePageDeps = { readonly site: Site; readonly table: PriceTable };

const part = '/ban-hang/bang-gia';
const perPage = 50;

/** One row as it is shown: what is there, what was typed, what is wrong with it. */
type Line = {
  readonly row: TableRow;
  readonly price: string;
  readonly onHand: string;
  readonly wrong?: string | undefined;
};
type Shown = {
  readonly lines: readonly Line[];
  readonly q: string;
  readonly next: string | null;
  readonly percent: number | undefined;
  readonly typedPercent: string;
  readonly reason: CountReason;
  readonly undo?: { readonly editId: string; readonly until: Date } | undefined;
  readonly saved?: number | undefined;
  readonly undone?: boolean;
};

const lineOf = (view: View, { row, price, onHand, wrong }: Line): SafeHtml => {
  const { t, format, link } = view;
  const { variantId: id } = row;
  const name = `${row.name} ${row.label}`;
  const described = wrong !== undefined && html` aria-invalid="true" aria-describedby="wrong-${id}"`;
  return html`<li class="price-row"><div class="price-name"><a href="${link(`/ban-hang/kho/${id}`)}">${row.name}</a><p class="small soft">${row.label} · ${row.sku}${row.held > 0 && html` · ${t('shelf.held', { count: row.held })}`}${row.isLow && html` · <b class="wrong">${t('shelf.low')}</b>`}</p>
${price !== String(row.priceVnd) && html`<p class="small">${t('shelf.was', { price: format.vnd(row.priceVnd) })}</p>`}
${wrong !== undefined && html`<p class="wrong" id="wrong-${id}">${wrong}</p>`}</div>
<input type="hidden" name="seen-${id}" value="${row.priceVnd}:${row.onHand}">
<span class="field"><label for="price-${id}">${t('shelf.price')}<span class="hidden"> ${name}</span></label><input id="price-${id}" name="price-${id}" type="text" inputmode="numeric" maxlength="30" autocomplete="off" value="${price}"${described}></span>
<span class="field"><label for="stock-${id}">${t('shelf.onHand')}<span class="hidden"> ${name}</span></label><input id="stock-${id}" name="stock-${id}" type="text" inputmode="numeric" maxlength="12" autocomplete="off" value="${onHand}"${described}></span></li>`;
};

const finders = (view: View, { q, typedPercent }: Shown): SafeHtml => {
  const { t, link } = view;
  return html`<form class="row" method="get" action="${link(part)}"><span class="field"><label for="find-goods">${t('shelf.find')}</label><input id="find-goods" name="tim" type="search" maxlength="100" value="${q}"></span><button class="button quiet" type="submit">${t('shelf.findButton')}</button></form>
<details class="box"${typedPercent !== '' && html` open`}><summary>${t('shelf.percent')}</summary><form class="row" method="get" action="${link(part)}"><input type="hidden" name="tim" value="${q}">
<span class="field"><label for="percent">${t('shelf.percent')}</label><span class="hint" id="percent-hint">${t('shelf.percentHint')}</span><input id="percent" name="phan-tram" type="text" inputmode="text" maxlength="6" aria-describedby="percent-hint" value="${typedPercent}"></span><button class="button quiet" type="submit">${t('shelf.percentButton')}</button></form></details>`;
};

const undoBox = (view: View, { undo, saved, undone }: Shown): SafeHtml | false => {
  const { t, format, link } = view;
  if (undone) return html`<p class="notice good" role="status">${t('shelf.undone')}</p>`;
  if (saved === undefined) return false;
  return html`<div class="notice good stack" role="status"><p>${saved === 0 ? t('shelf.nothing') : t('shelf.saved', { count: saved })}</p>
${
  undo &&
  html`<form class="row" method="post" action="${link(`${part}/hoan-tac`)}">${csrfField(view.csrf)}<input type="hidden" name="editId" value="${undo.editId}">
<button class="button quiet" type="submit">${t('shelf.undo')}</button><span class="small">${t('shelf.undoUntil', { time: format.time(undo.until) })}</span></form>`
}</div>`;
};

function tablePage(view: View, shown: Shown): SafeHtml {
  const { t, link } = view;
  const { lines, q, next, percent, reason } = shown;
  const faults = lines.flatMap(({ row, wrong }) =>
    wrong === undefined ? [] : [{ name: `price-${row.variantId}`, message: wrong }],
  );
  const more = next === null ? undefined : new URLSearchParams({ tim: q, sau: next, 'phan-tram': shown.typedPercent });
  return deskLayout(view, 'seller', {
    title: t('shelf.tableTitle'),
    part,
    body: html`<div class="stack">${errorSummary(t('shelf.wrong'), faults)}${undoBox(view, shown)}
<p class="soft">${t('shelf.tableLead')}</p>${finders(view, shown)}
${percent !== undefined && html`<p class="notice" role="status">${t('shelf.previewing', { percent: percent > 0 ? `+${percent}` : percent })}</p>`}
${lines.length === 0 && html`<p>${t('shelf.none')}</p>`}
${
  lines.length > 0 &&
  html`<form class="stack" method="post" action="${link(part)}">${csrfField(view.csrf)}<input type="hidden" name="tim" value="${q}">
<ul class="price-rows">${lines.map((line) => lineOf(view, line))}</ul>
<div class="row"><span class="field"><label for="reason">${t('shelf.reason')}</label><select id="reason" name="reason">${COUNT_REASONS.map((one) => html`<option value="${one}"${one === reason && html` selected`}>${t(reasonNames[one])}</option>`)}</select></span>
<button class="button" type="submit">${t('shelf.save')}</button></div></form>`
}
${more && html`<p><a class="button quiet" href="${link(`${part}?${more}`)}">${t('shelf.next')}</a></p>`}</div>`,
  });
}

/** `5`, `+5`, `-10`, `7,5`: undefined for what is no percentage that one may mean. */
function readPercent(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-−+]?)\s?(\d{1,2}(?:[.,]\d)?)\s?%?$/.exec(text) ?? [];
  const percent = Number(digits.replace(',', '.'));
  return digits === '' || percent === 0 ? undefined : sign === '' || sign === '+' ? percent : -percent;
}

type Typed = {
  readonly wish?: Wish;
  readonly price: string;
  readonly onHand: string;
  readonly wrong?: 'price' | 'stock';
};

/** One row of the form. What is no number is refused here, formulas and markup with it. */
function readRow({ field }: PageContext, id: string): Typed | undefined {
  const [, seenPrice, seenOnHand] = /^(\d{1,15}):(\d{1,9})$/.exec(field(`seen-${id}`)) ?? [];
  if (!isId<'Variant'>(id) || seenPrice === undefined || seenOnHand === undefined) return undefined;
  const [price, onHand] = [field(`price-${id}`), field(`stock-${id}`)];
  const priceVnd = readMoney(price);
  const typed = { price, onHand };
  if (typeof priceVnd !== 'number' || priceVnd <= 0 || priceVnd > 10_000_000_000) return { ...typed, wrong: 'price' };
  if (!/^\d{1,8}$/.test(onHand.replace(/[.\s]/g, ''))) return { ...typed, wrong: 'stock' };
  const wish = {
    variantId: id,
    priceVnd,
    onHand: Number(onHand.replace(/[.\s]/g, '')),
    seenPriceVnd: Number(seenPrice) as Vnd,
    seenOnHand: Number(seenOnHand),
  };
  return { ...typed, wish };
}

function readForm(context: PageContext): ReadonlyMap<string, Typed> {
  const names = Object.keys((context.request.body ?? {}) as object).filter((name) => name.startsWith('seen-'));
  const rows = names.slice(0, perPage * 2).flatMap((name) => {
    const id = name.slice(5);
    const typed = readRow(context, id);
    return typed ? [[id, typed] as const] : [];
  });
  return new Map(rows);
}

const said = (view: View, row: SavedRow): string | undefined => {
  const { t, format } = view;
  if (row.outcome === 'changed-by-another')
    return t('shelf.byAnother', { name: row.name, price: format.vnd(row.priceVnd ?? 0), stock: row.onHand ?? 0 });
  if (row.outcome === 'below-held') return t('shelf.belowHeld', { name: row.name, held: row.held ?? 0 });
  return row.outcome === 'waits' ? t('shelf.waits', { name: row.name }) : undefined;
};

async function save(context: PageContext, table: PriceTable): Promise<SafeHtml | typeof SENT> {
  const { view, field } = context;
  const seller = sellerOf(context.request);
  const typed = readForm(context);
  const reason = COUNT_REASONS.find((one) => one === field('reason')) ?? 'count';
  const wishes = [...typed.values()].flatMap(({ wish }) => (wish ? [wish] : []));
  const saved = await table.save(seller, wishes, reason);
  const problems = new Map(
    saved.rows.flatMap((row) => {
      const text = said(view, row);
      return text === undefined ? [] : [[row.variantId as string, text] as const];
    }),
  );
  const count = saved.rows.filter(({ outcome }) => outcome === 'saved').length;
  const unreadable = [...typed].filter(([, one]) => one.wrong);
  if (problems.size === 0 && unreadable.length === 0)
    return seeOther(
      context,
      `${part}?${new URLSearchParams({ tim: field('tim'), luu: String(count), sua: saved.editId ?? '' })}`,
    );
  // What could not be saved comes back as it was typed; the rest is saved, and shown as it is now.
  const { items } = await table.list(seller.businessIds, field('tim'), '', perPage);
  const ids = new Set([...problems.keys(), ...unreadable.map(([id]) => id)]);
  const wrongOf = (row: TableRow): string | undefined => {
    const fault = typed.get(row.variantId)?.wrong;
    if (fault) return view.t(fault === 'price' ? 'shelf.badPrice' : 'shelf.badStock', { name: row.name });
    return problems.get(row.variantId);
  };
  const rows = [
    ...(await table.find(seller.businessIds, [...ids] as VariantId[])),
    ...items.filter(({ variantId }) => !ids.has(variantId)),
  ];
  const lines = rows.map((row): Line => {
    const wrong = wrongOf(row);
    const own = wrong === undefined ? undefined : typed.get(row.variantId);
    return { row, price: own?.price ?? String(row.priceVnd), onHand: own?.onHand ?? String(row.onHand), wrong };
  });
  void context.reply.code(unreadable.length > 0 ? 422 : 409);
  const undo = saved.editId && saved.undoUntil ? { editId: saved.editId, until: saved.undoUntil } : undefined;
  return tablePage(view, {
    lines,
    q: field('tim'),
    next: null,
    percent: undefined,
    typedPercent: '',
    reason,
    undo,
    ...(count > 0 ? { saved: count } : {}),
  });
}

async function show(context: PageContext, table: PriceTable): Promise<SafeHtml> {
  const { query } = context;
  const { businessIds } = sellerOf(context.request);
  const q = query('tim').slice(0, 100);
  const { items, next } = await table.list(businessIds, q, query('sau').slice(0, 100), perPage);
  const typedPercent = query('phan-tram').slice(0, 6);
  const percent = readPercent(typedPercent);
  const lines = items.map((row) => ({
    row,
    price: String(percent === undefined ? row.priceVnd : adjusted(row.priceVnd, percent)),
    onHand: String(row.onHand),
  }));
  const editId = query('sua');
  const until = isId<'TableEdit'>(editId) ? await table.findUndo(businessIds, editId) : undefined;
  const saved = /^\d{1,4}$/.test(query('luu')) ? Number(query('luu')) : undefined;
  return tablePage(context.view, {
    lines,
    q,
    next,
    percent,
    typedPercent,
    reason: 'count',
    saved,
    undone: query('hoan-tac') === '1',
    undo: until && { editId, until },
  });
}

export const tablePages: FastifyPluginAsync<TablePageDeps> = async (app, { site, table }) => {
  page(app, site, { url: part, ...priceAccess }, (context) => show(context, table));
  page(app, site, { method: 'POST', url: part, ...priceAccess }, (context) => save(context, table));
  page(app, site, { method: 'POST', url: `${part}/hoan-tac`, ...priceAccess }, async (context) => {
    const editId = context.field('editId');
    if (!isId<'TableEdit'>(editId))
      throw httpProblem('invalid-request', { errors: [{ pointer: '/editId', detail: 'must be an id' }] });
    await table.undo(sellerOf(context.request), editId as TableEditId);
    return seeOther(context, `${part}?hoan-tac=1`);
  });
};
