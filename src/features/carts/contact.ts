import { HOME_PROVINCE } from '#features/places/types.ts';
import type { PageContext } from '#web/page.ts';
import type { ContactForm } from './checkout-form.ts';
import type { CartView } from './service.ts';

/** Where a refusal of the rules points, as a field of the form. */
export const contactFieldOf: Readonly<Record<string, keyof ContactForm>> = {
  '/recipient/name': 'name',
  '/recipient/email': 'email',
  '/recipient/phone': 'phone',
  '/address/line': 'line',
  '/address/provinceCode': 'provinceCode',
  '/address/wardCode': 'wardCode',
  '/address/ward': 'wardCode',
};

/** Who and where, as the cart has it from before. */
export function keptContact({ delivery }: Pick<CartView, 'delivery'>): ContactForm {
  const { recipient, address } = delivery ?? {};
  return {
    name: recipient?.name ?? '',
    phone: recipient?.phone ?? '',
    email: recipient?.email ?? '',
    provinceCode: address?.provinceCode ?? HOME_PROVINCE,
    wardCode: address?.wardCode ?? '',
    ward: address?.wardCode === undefined ? (address?.ward ?? '') : '',
    line: address?.line ?? '',
  };
}

/** Who and where, as it was typed; cut where nobody's name or address is that long. */
export const sentContact = ({ field }: PageContext): ContactForm => ({
  name: field('name').slice(0, 200).toWellFormed(),
  phone: field('phone').slice(0, 40).toWellFormed(),
  email: field('email').slice(0, 200).toWellFormed(),
  provinceCode: field('provinceCode').slice(0, 2),
  wardCode: field('wardCode').slice(0, 5),
  ward: field('ward').slice(0, 100).toWellFormed(),
  line: field('line').slice(0, 300).toWellFormed(),
});
