import type { PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';

export type Goods = {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** As an officer of the shop types it. */
  readonly priceVnd: number;
  readonly stock: number;
};

/** A foreign exchange that runs here, with what its own staff would do to it. */
export type ForeignShop = {
  readonly version: string;
  readonly adapter: PartnerAdapter;
  /** One shop, sold with prices that hold the tax and with prices to which it is added. */
  readonly included: PartnerEndpoint;
  readonly excluded: PartnerEndpoint;
  readonly secret: (partner: string, name: string) => Promise<string | undefined>;
  readonly create: (goods: readonly Goods[]) => Promise<void>;
  /** Its prices with the tax on top, in the second face of the shop. */
  readonly setPrice: (sku: string, vnd: number) => Promise<void>;
  readonly setStock: (sku: string, stock: number) => Promise<void>;
  readonly rename: (sku: string, name: string) => Promise<void>;
  readonly hide: (sku: string) => Promise<void>;
  readonly show: (sku: string) => Promise<void>;
  readonly remove: (sku: string) => Promise<void>;
  /** When the system says that the product, and its variant, was last changed. */
  readonly changedAt: (sku: string) => Promise<{ readonly product: string; readonly variant: string }>;
  readonly listingUri: (sku: string) => string;
  readonly offerUri: (sku: string) => string;
  readonly stop: () => Promise<void>;
};

/** The tax of most food in 2026 (Decree 174/2025). */
export const vatPercent = 8;
