import type { AdapterKind, PartnerAdapter } from './adapter.ts';
import { csvAdapter } from './csv/adapter.ts';
import { googleMerchantAdapter } from './google-merchant/adapter.ts';
import { jsonLdAdapter } from './json-ld/adapter.ts';
import { medusaAdapter } from './medusa/adapter.ts';
import { nativeAdapter } from './native/adapter.ts';
import { vendureAdapter } from './vendure/adapter.ts';

/** The adapters that there are, by the kind that a partner's row names. */
export const ADAPTERS: Partial<Readonly<Record<AdapterKind, PartnerAdapter>>> = {
  native: nativeAdapter,
  vendure: vendureAdapter,
  medusa: medusaAdapter,
  'google-merchant': googleMerchantAdapter,
  csv: csvAdapter,
  'json-ld': jsonLdAdapter,
};
