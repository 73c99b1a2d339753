import type { AdapterKind, PartnerAdapter } from './adapter.ts';
import { csvAdapter } from './csv/adapter.ts';
import { googleMerchantAdapter } from './google-merchant/adapter.ts';
import { haravanAdapter } from './haravan/adapter.ts';
import { jsonLdAdapter } from './json-ld/adapter.ts';
import { magento2Adapter } from './magento2/adapter.ts';
import { medusaAdapter } from './medusa/adapter.ts';
import { nativeAdapter } from './native/adapter.ts';
import { sapoAdapter } from './sapo/adapter.ts';
import { vendureAdapter } from './vendure/adapter.ts';
import { woocommerceAdapter } from './woocommerce/adapter.ts';

/** The adapters that there are, by the kind that a partner's row names. */
export const ADAPTERS: Partial<Readonly<Record<AdapterKind, PartnerAdapter>>> = {
  native: nativeAdapter,
  vendure: vendureAdapter,
  medusa: medusaAdapter,
  'google-merchant': googleMerchantAdapter,
  csv: csvAdapter,
  'json-ld': jsonLdAdapter,
  woocommerce: woocommerceAdapter,
  haravan: haravanAdapter,
  sapo: sapoAdapter,
  magento2: magento2Adapter,
};
