import type { Places } from '#features/places/index.ts';
import { type FoundWard, HOME_PROVINCE } from '#features/places/types.ts';
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

/** Three communes of one name stood in some provinces; more than that is a search, not an address. */
const mostFound = 6;

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
    asTyped: address?.wardCode === undefined ? (address?.ward ?? '') : '',
    line: address?.line ?? '',
  };
}

/** Who and where, as it was typed; cut where nobody's name or address is that long. */
export const sentContact = ({ field }: PageContext): ContactForm => {
  const ward = field('ward').slice(0, 100).toWellFormed();
  const chosen = field('foundWard');
  const wardCode = /^\d{5}$/.test(chosen) ? chosen : field('wardCode').slice(0, 5);
  return {
    name: field('name').slice(0, 200).toWellFormed(),
    phone: field('phone').slice(0, 40).toWellFormed(),
    email: field('email').slice(0, 200).toWellFormed(),
    provinceCode: field('provinceCode').slice(0, 2),
    wardCode,
    ward,
    asTyped: chosen === 'typed' ? ward : field('asTyped').slice(0, 100).toWellFormed(),
    line: field('line').slice(0, 300).toWellFormed(),
  };
};

/**
 * What a typed name may mean in its province: wards of today that are called so, or that a commune of that name became part
 * of in July 2025. Empty where a ward was chosen, or the shopper said that the name stays as it is.
 */
export async function findTypedWard(
  places: Pick<Places, 'searchWards'>,
  { provinceCode, wardCode, ward, asTyped }: ContactForm,
): Promise<readonly FoundWard[]> {
  if (wardCode !== '' || ward.trim() === '' || ward === asTyped) return [];
  const found = await places.searchWards(ward);
  return found.filter((one) => one.ward.provinceCode === provinceCode).slice(0, mostFound);
}
