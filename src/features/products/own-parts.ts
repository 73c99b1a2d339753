import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type { SellerState } from './editing.ts';
import type { FaultCode } from './types.ts';
import type { SellerItem } from './views/seller.ts';

const states: Readonly<Record<SellerState, readonly [MessageKey, Tone]>> = {
  draft: ['own.state.draft', 'away'],
  waiting: ['own.state.waiting', 'wait'],
  'changes-requested': ['own.state.changesRequested', 'bad'],
  rejected: ['own.state.rejected', 'bad'],
  listed: ['own.state.listed', 'good'],
  withdrawn: ['own.state.withdrawn', 'away'],
  'taken-down': ['own.state.takenDown', 'bad'],
};
export const stateTag = ({ t }: View, state: SellerState): SafeHtml => {
  const [key, tone] = states[state];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};

const faultKeys: Readonly<Record<FaultCode, MessageKey>> = {
  missing: 'fault.missing',
  'too-long': 'fault.too-long',
  'too-many': 'fault.too-many',
  unreadable: 'fault.unreadable',
  ambiguous: 'fault.ambiguous',
  negative: 'fault.negative',
  fraction: 'fault.fraction',
  'too-large': 'fault.too-large',
  'not-positive': 'fault.not-positive',
  'gtin-length': 'fault.gtin-length',
  'gtin-check-digit': 'fault.gtin-check-digit',
  'limits-crossed': 'fault.limits-crossed',
  'sku-twice': 'fault.sku-twice',
  unknown: 'fault.unknown',
  'vat-not-in-force': 'fault.vat-not-in-force',
  'vat-alcohol': 'fault.vat-alcohol',
  'never-charged': 'fault.never-charged',
  'not-in-future': 'fault.not-in-future',
  'not-own': 'fault.not-own',
};
export const faultText = ({ t }: View, code: FaultCode): string => t(faultKeys[code]);

const listState = ({ state, changeStatus, changeKind }: SellerItem): SellerState => {
  if (state !== 'draft' || changeKind !== 'listing') return state;
  return changeStatus === 'proposed' ? 'waiting' : 'changes-requested';
};

const ownRow = (view: View, item: SellerItem, several: boolean): SafeHtml => {
  const { t, format, link } = view;
  const waits = item.changeKind === 'edit';
  return html`<li class="own"><a class="own-link" href="${link(`/ban-hang/san-pham/${item.productId}`)}">
${item.pictureId ? html`<img src="/pictures/${item.pictureId}/160" alt="" width="72" height="72" loading="lazy">` : html`<span class="own-blank" aria-hidden="true">${icon('basket')}</span>`}
<span class="own-text"><b>${item.name || t('own.state.draft')}</b>
<span class="small soft">${item.priceVnd === null ? t('own.noPrice') : `${format.vnd(item.priceVnd)} / ${item.unit}`}${item.available !== null && ` · ${t('own.left', { count: item.available })}`}${several && ` · ${item.businessName}`}</span>
<span class="row">${stateTag(view, listState(item))}${waits && html`<span class="tag wait">${t(item.changeStatus === 'proposed' ? 'own.hasWaiting' : 'own.state.changesRequested')}</span>`}${
    item.hasDraft && item.state !== 'draft' && html`<span class="tag away">${t('own.hasDraft')}</span>`
  }</span></span></a></li>`;
};

export function ownListPage(
  view: View,
  { items, nextCursor }: { readonly items: readonly SellerItem[]; readonly nextCursor: string | null },
  { several, first }: { readonly several: boolean; readonly first: boolean },
): SafeHtml {
  const { t, link } = view;
  const path = '/ban-hang/san-pham';
  const add = html`<p><a class="button" href="${link(`${path}/moi`)}">${t('own.new')}</a></p>`;
  return deskLayout(view, 'seller', {
    title: t('own.title'),
    part: path,
    body: html`<div class="narrow stack">${items.length > 0 && add}
${items.length > 0 ? html`<ul class="owns">${items.map((item) => ownRow(view, item, several))}</ul>` : empty(t('own.empty'), t('own.emptyText'), add)}
${pager(view, nextCursor && `${link(path)}?cursor=${nextCursor}`, first ? null : link(path))}</div>`,
  });
}
