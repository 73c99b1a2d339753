import type { AdapterKind } from '../adapters/adapter.ts';

/**
 * What is known of a partner before it has an endpoint. The addresses are of the reserved example domain, and adapter,
 * cadence and locale are defaults for a demonstration, not claims about the real exchanges: a partner stays inactive
 * until an officer enters its address and the fingerprint of its key.
 */
export type PartnerManifest = {
  readonly key: string;
  readonly provinceSlug: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly adapter: AdapterKind;
  readonly baseUrl: string;
  readonly cadenceMinutes: number;
  readonly locale: string;
  readonly note: string;
};
