import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** E.164 of a Vietnamese number however people type it; undefined when no such number can exist. The max metadata knows dead prefixes. */
export function readPhone(text: string): string | undefined {
  const number = parsePhoneNumberFromString(text, 'VN');
  return number?.isValid() && number.country === 'VN' ? number.number : undefined;
}
