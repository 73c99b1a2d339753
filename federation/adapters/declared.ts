import type { AdapterKind } from './adapter.ts';
import { checkGoodsSettings } from './goods/settings.ts';
import { checkSettings as haravan } from './haravan/settings.ts';
import { checkSettings as magento2 } from './magento2/settings.ts';
import { checkSettings as medusa } from './medusa/settings.ts';
import { checkSettings as sapo } from './sapo/settings.ts';
import { checkSettings as vendure } from './vendure/settings.ts';
import { checkSettings as woocommerce } from './woocommerce/settings.ts';

type Declared = {
  /** What the adapter must be told of a partner, checked before the first pull and not in the middle of it. */
  readonly settings: {
    Check(value: unknown): boolean;
    Errors(value: unknown): Iterable<{ readonly instancePath: string; readonly message: string }>;
  };
  /** The secrets that the adapter asks for by these names. */
  readonly secrets: readonly string[];
};

const goods: Declared = { settings: checkGoodsSettings, secrets: ['basic'] };

/** What each foreign system needs of its partners. A native one needs nothing: its key says all. */
const DECLARED: Readonly<Record<Exclude<AdapterKind, 'native'>, Declared>> = {
  vendure: { settings: vendure, secrets: ['token', 'password'] },
  medusa: { settings: medusa, secrets: ['token'] },
  woocommerce: { settings: woocommerce, secrets: ['key', 'secret'] },
  haravan: { settings: haravan, secrets: ['token'] },
  sapo: { settings: sapo, secrets: ['token'] },
  magento2: { settings: magento2, secrets: ['token'] },
  'google-merchant': goods,
  csv: goods,
  'json-ld': goods,
};
type ForeignKind = keyof typeof DECLARED;
export const isForeign = (kind: string): kind is ForeignKind => Object.hasOwn(DECLARED, kind);

/** What is wrong with the settings, by member; undefined when the adapter can work with them. */
export function faultOfSettings(kind: ForeignKind, settings: unknown): string | undefined {
  const { settings: check } = DECLARED[kind];
  if (check.Check(settings)) return undefined;
  const faults = [...check.Errors(settings)].slice(0, 5);
  return faults.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`).join('; ');
}

export const secretNamesOf = (kind: ForeignKind): readonly string[] => DECLARED[kind].secrets;
