import { Type } from 'typebox';
import { PullFailure } from '../engine/failure.ts';
import { makeUri } from '../protocol/uri.ts';
import type { PartnerEndpoint } from './adapter.ts';

/** What every shop system must be told about, since none of them knows producers, OCOP sets or our kind of address. */
export const shopSettings = {
  /** In whose name the shop sells. */
  producer: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 300 }),
    taxCode: Type.Optional(Type.String({ maxLength: 20 })),
    province: Type.Optional(Type.String({ maxLength: 100 })),
    commune: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  /** OCOP product set of goods that `categories` does not name. */
  defaultCategory: Type.String({ minLength: 1, maxLength: 100 }),
  /** The shop's own category to the code of the OCOP product set. */
  categories: Type.Optional(Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 100 }))),
  /** Address of a product's page, with `{slug}` and `{id}` in their places; on the shop's own host. */
  productPage: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 500 })),
};

type ShopSettings = {
  readonly producer: {
    readonly name: string;
    readonly taxCode?: string;
    readonly province?: string;
    readonly commune?: string;
  };
  readonly defaultCategory: string;
  readonly categories?: Readonly<Record<string, string>>;
  readonly productPage?: string;
};

/** A compiled schema of settings. */
export type Check<T> = {
  Check(value: unknown): value is T;
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>;
};

/** The settings of a partner, if they are what its adapter needs. */
export const readSettings = <T>(check: Check<T>, { settings }: PartnerEndpoint): T | undefined =>
  check.Check(settings) ? settings : undefined;

/** The same for a pull, which cannot go on without. Throws PullFailure that names the member. */
export function needSettings<T>(check: Check<T>, { settings }: PartnerEndpoint): T {
  if (check.Check(settings)) return settings;
  const [fault] = check.Errors(settings);
  throw new PullFailure('malformed', `settings of the partner: ${fault?.instancePath || '/'} ${fault?.message}`);
}

export const producerOf = (origin: string, { producer }: Pick<ShopSettings, 'producer'>) => ({
  ...producer,
  uri: makeUri(origin, 'producer', 'shop'),
});

/** The first of the shop's categories that has an OCOP set. */
export function categoryOf(
  own: readonly string[],
  { categories = {}, defaultCategory }: Pick<ShopSettings, 'categories' | 'defaultCategory'>,
): string {
  const named = own.find((one) => Object.hasOwn(categories, one));
  return named === undefined ? defaultCategory : (categories[named] ?? defaultCategory);
}

export function pageOf(
  product: { id: string; slug: string },
  partner: PartnerEndpoint,
  settings: ShopSettings,
): string {
  // Where shoppers are: the API of a shop often has a host of its own.
  const home = `${partner.baseUrl.protocol}//${partner.origin}`;
  const template = settings.productPage ?? `${home}/products/{slug}`;
  return template
    .replaceAll('{slug}', encodeURIComponent(product.slug))
    .replaceAll('{id}', encodeURIComponent(product.id));
}
