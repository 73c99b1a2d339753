import { html, type SafeHtml } from '#web/html.ts';
import type { View } from '#web/view.ts';
import type { PublicVoucher } from './views.ts';

const percent = (rateBps: number): string => String(rateBps / 100).replace('.', ',');

/** How much it takes off, in a few words. */
export function promise({ t, format }: View, { voucher }: PublicVoucher): string {
  if (voucher.kind === 'fixed') return t('voucher.off', { amount: format.vnd(voucher.amountVnd ?? 0) });
  const off = t('voucher.offPercent', { percent: percent(voucher.rateBps ?? 0) });
  return voucher.capVnd === null ? off : `${off}, ${t('voucher.upTo', { amount: format.vnd(voucher.capVnd) })}`;
}

/** Every condition of a voucher, as the law on promotions wants it seen before ordering. */
export function conditions(view: View, shown: PublicVoucher): SafeHtml {
  const { t, format } = view;
  const { voucher, business, goods } = shown;
  const said: readonly (string | false)[] = [
    promise(view, shown),
    voucher.minimumVnd > 0 && t('voucher.from', { amount: format.vnd(voucher.minimumVnd) }),
    goods.length > 0 && t('voucher.for', { goods: format.list(goods.map(({ name }) => name)) }),
    business !== null && t('voucher.by', { name: business.name }),
    voucher.firstOrder && t('voucher.firstOrder'),
    voucher.maxUsesPerCustomer !== null &&
      !voucher.firstOrder &&
      t('voucher.each', { count: voucher.maxUsesPerCustomer }),
    !voucher.stackable && t('voucher.alone'),
    t('voucher.until', { time: format.dateTime(voucher.validUntil) }),
  ];
  return html`<ul class="small">${said.map((one) => one && html`<li>${one}</li>`)}</ul>`;
}
