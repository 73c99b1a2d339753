import { startOfLocalDay } from '#core/clock.ts';
import { type Bps, bps, type Vnd, ZERO } from '#core/money.ts';
import { readMoney } from '#core/read-money.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { PageContext } from '#web/page.ts';
import type { DeskKind } from '#web/parts/desk.ts';
import { checkbox, csrfField, errorSummary, input, select, textarea } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import type { Giver, VoucherRequest } from './service.ts';
import { VOUCHER_KINDS, VOUCHER_SCOPES } from './types.ts';
import { scopeNames } from './words.ts';

const names = [
  ...['businessId', 'name', 'code', 'kind', 'amount', 'capVnd', 'minimumVnd', 'scope', 'goods'],
  ...['validFrom', 'validUntil', 'budgetVnd', 'maxUses', 'maxUsesPerCustomer', 'exchangeBps', 'agreement'],
  ...['firstOrder', 'stackable', 'isPublic'],
] as const;
export type Typed = ReadonlyMap<string, string>;
export type Fault = { readonly name: string; readonly message: string };
export const nothingTyped: Typed = new Map([['isPublic', '1']]);

export const typedTerms = ({ field }: PageContext): Typed =>
  new Map(names.map((name) => [name, field(name).slice(0, 4_000).toWellFormed()]));

/** A day of the form as an instant; undefined where it is no day. The last day counts whole. */
function dayOf(typed: string, endOfDay: boolean): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return undefined;
  try {
    const begin = startOfLocalDay(typed).getTime();
    return new Date(endOfDay ? begin + 86_400_000 : begin);
  } catch {
    return undefined;
  }
}

/** The last step of an address, or what was typed: an id or a slug. */
const nameIn = (line: string): string =>
  (URL.parse(line.trim(), 'https://dia-chi.invalid')?.pathname ?? '').split('/').findLast((step) => step !== '') ?? '';

type Name = (typeof names)[number];
type Reading = { readonly faults: readonly Fault[]; readonly request?: VoucherRequest };

/** Readers of one form, which gather what cannot be read. */
function readersOf({ t }: View, typed: Typed) {
  const faults: Fault[] = [];
  const of = (name: Name): string => typed.get(name) ?? '';
  const wrong = (name: Name, key: MessageKey): null => {
    faults.push({ name, message: t(key) });
    return null;
  };
  return {
    faults,
    of,
    money: (name: Name): Vnd | null => {
      const read = of(name) === '' ? null : readMoney(of(name));
      return read === null || typeof read === 'number' ? read : wrong(name, 'voucher.badMoney');
    },
    count: (name: Name): number | null => {
      if (of(name) === '') return null;
      return /^[1-9]\d{0,8}$/.test(of(name)) ? Number(of(name)) : wrong(name, 'voucher.badCount');
    },
    rate: (name: Name): Bps => {
      const share = /^\d{1,3}([.,]\d{1,2})?$/.test(of(name)) ? Number(of(name).replace(',', '.')) : Number.NaN;
      if (share >= 0 && share <= 100) return bps(Math.round(share * 100));
      wrong(name, 'voucher.badPercent');
      return bps(0);
    },
    day: (name: Name, endOfDay: boolean): Date | undefined =>
      dayOf(of(name), endOfDay) ?? wrong(name, 'voucher.badDay') ?? undefined,
    ticked: (name: Name): boolean => of(name) !== '',
  };
}
type Readers = ReturnType<typeof readersOf>;

/** How much it takes off: a percentage with a cap, or an amount. */
function discountIn({ of, rate, money }: Readers) {
  const kind = VOUCHER_KINDS.find((one) => one === of('kind')) ?? 'percent';
  return kind === 'percent'
    ? { kind, rateBps: rate('amount'), amountVnd: null, capVnd: money('capVnd') }
    : { kind, rateBps: null, amountVnd: money('amount'), capVnd: null };
}

/** Who gives it and who bears it: a business all of its own, the exchange all unless it says otherwise. */
function bearerIn({ of, rate }: Readers, { businessIds }: Giver) {
  if (!businessIds)
    return { businessId: null, exchangeBps: of('exchangeBps') === '' ? bps(10_000) : rate('exchangeBps') };
  const businessId = businessIds.find((own) => own === of('businessId')) ?? businessIds[0] ?? null;
  return { businessId, exchangeBps: bps(0) };
}

/** What was typed, as terms; whatever cannot be read is said at its field. */
export function readTerms(view: View, typed: Typed, giver: Giver, now: Date): Reading {
  const readers = readersOf(view, typed);
  const { faults, of, money, count, day, ticked } = readers;
  const validFrom = of('validFrom') === '' ? now : day('validFrom', false);
  const validUntil = day('validUntil', true);
  const goods = of('goods').split('\n').map(nameIn);
  const request = {
    ...{ code: of('code'), name: of('name'), agreement: of('agreement') },
    ...discountIn(readers),
    ...bearerIn(readers, giver),
    minimumVnd: money('minimumVnd') ?? ZERO,
    scope: VOUCHER_SCOPES.find((one) => one === of('scope')) ?? 'all',
    goods: goods.filter((one) => one !== '').slice(0, 100),
    ...{ firstOrder: ticked('firstOrder'), stackable: ticked('stackable'), isPublic: ticked('isPublic') },
    ...{ budgetVnd: money('budgetVnd'), maxUses: count('maxUses'), maxUsesPerCustomer: count('maxUsesPerCustomer') },
  };
  if (faults.length > 0 || !validFrom || !validUntil) return { faults };
  return { faults, request: { ...request, validFrom, validUntil } };
}

type FormOf = {
  readonly root: string;
  readonly kind: DeskKind;
  readonly givers: readonly { readonly businessId: BusinessId; readonly name: string }[];
};

export function termsForm(
  view: View,
  { root, kind, givers }: FormOf,
  typed: Typed,
  faults: readonly Fault[],
): SafeHtml {
  const { t, link } = view;
  const base = (name: string, label: MessageKey, hint?: MessageKey) => ({
    ...{ name, label: t(label), value: typed.get(name) ?? '', error: faults.find((one) => one.name === name)?.message },
    ...(hint && { hint: t(hint) }),
  });
  const text = (name: string, label: MessageKey, hint?: MessageKey): SafeHtml =>
    input({ ...base(name, label, hint), more: html`type="text" autocomplete="off" maxlength="200"` });
  const number = (name: string, label: MessageKey, hint?: MessageKey): SafeHtml =>
    input({
      ...base(name, label, hint),
      more: html`type="text" inputmode="numeric" autocomplete="off" maxlength="30"`,
    });
  const day = (name: string, label: MessageKey, hint?: MessageKey): SafeHtml =>
    input({ ...base(name, label, hint), more: html`type="date"` });
  const tick = (name: string, label: MessageKey): SafeHtml =>
    checkbox({ name, label: t(label), value: '1', checked: (typed.get(name) ?? '') !== '' }, `voucher-${name}`);
  const scopes = VOUCHER_SCOPES.filter((scope) => kind === 'staff' || scope !== 'businesses');
  return html`<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}<h2>${t('voucher.new')}</h2><p class="small soft">${t('voucher.fixed')}</p>
${errorSummary(t('voucher.faults'), faults)}
${
  givers.length > 1 &&
  select(
    base('businessId', 'voucher.giver'),
    t('voucher.choose'),
    givers.map(({ businessId, name }) => ({ value: businessId, label: name })),
  )
}
${text('name', 'voucher.name', 'voucher.nameHint')}${text('code', 'voucher.code', 'voucher.codeHint')}
<div class="cells">${select(base('kind', 'voucher.kind'), t('voucher.kind.percent'), [{ value: 'fixed', label: t('voucher.kind.fixed') }])}
${number('amount', 'voucher.amount', 'voucher.amountHint')}${number('capVnd', 'voucher.cap')}${number('minimumVnd', 'voucher.minimum')}</div>
${select(
  base('scope', 'voucher.scope'),
  t('voucher.scope.all'),
  scopes.filter((scope) => scope !== 'all').map((scope) => ({ value: scope, label: t(scopeNames[scope]) })),
)}
${textarea({ ...base('goods', 'voucher.goodsList', 'voucher.goodsHint'), more: html`rows="3" maxlength="4000"` })}
<div class="cells">${day('validFrom', 'voucher.validFrom', 'voucher.validFromHint')}${day('validUntil', 'voucher.validUntil')}</div>
<div class="cells">${number('budgetVnd', 'voucher.budget', 'voucher.noLimit')}${number('maxUses', 'voucher.maxUses', 'voucher.noLimit')}${number('maxUsesPerCustomer', 'voucher.maxEach', 'voucher.noLimit')}</div>
${kind === 'staff' && html`<div class="cells">${number('exchangeBps', 'voucher.exchangeShare', 'voucher.exchangeShareHint')}${text('agreement', 'voucher.agreement')}</div>`}
<div class="checks">${tick('isPublic', 'voucher.public')}${tick('firstOrder', 'voucher.firstOrder')}${tick('stackable', 'voucher.stackable')}</div>
<button class="button" type="submit" name="do" value="give">${t('voucher.give')}</button></form>`;
}
