import i18next from 'i18next';
import type { Locale } from '../locale.ts';
import { type MessageKey, messages } from './messages.ts';

/** Finds a text and fills `{{name}}`s in; `count` chooses the plural. Plain text: the template escapes it. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

const instance = i18next.createInstance();
void instance.init({
  lng: 'vi',
  fallbackLng: 'vi',
  supportedLngs: ['vi', 'en', 'km'],
  resources: {
    vi: { translation: messages.vi },
    en: { translation: messages.en },
    km: { translation: messages.km },
  },
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
