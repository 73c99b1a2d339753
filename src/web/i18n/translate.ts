import i18next from 'i18next';
import type { Locale } from '../locale.ts';
import { en } from './en.ts';
import { km } from './km.ts';
import { vi } from './vi.ts';

type Singular<Key extends string> = Key extends `${infer Base}_other` ? Base : Key;
/** A key of the Vietnamese texts, which are the first and complete ones; a misspelt key does not compile. */
export type MessageKey = Singular<keyof typeof vi>;
/** Finds a text and fills `{{name}}`s in; `count` chooses the plural. Plain text: the template escapes it. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

const instance = i18next.createInstance();
void instance.init({
  lng: 'vi',
  fallbackLng: 'vi',
  supportedLngs: ['vi', 'en', 'km'],
  resources: { vi: { translation: vi }, en: { translation: en }, km: { translation: km } },
  // Keys hold dots, and `html` escapes what is filled in.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  initAsync: false,
});

const translators = new Map<Locale, Translate>();

export function translateIn(locale: Locale): Translate {
  const held = translators.get(locale);
  if (held) return held;
  const fixed = instance.getFixedT(locale);
  const translate: Translate = (key, values) => fixed(key, values ?? {});
  translators.set(locale, translate);
  return translate;
}
