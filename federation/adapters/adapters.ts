import type { AdapterKind, PartnerAdapter } from './adapter.ts';
import { nativeAdapter } from './native/adapter.ts';

/** The adapters that there are, by the kind that a partner's row names. */
export const ADAPTERS: Partial<Readonly<Record<AdapterKind, PartnerAdapter>>> = { native: nativeAdapter };
