import type { CarrierKey, Courier } from '#features/couriers/types.ts';
import { createGhn } from './ghn.ts';
import { createGhtk } from './ghtk.ts';

type Kept = { readonly reveal: () => string };
type Access = { readonly token: Kept; readonly webhookToken: Kept; readonly apiBase: string | undefined };
type Contracts = {
  readonly ghn: (Access & { readonly shopId: string }) | undefined;
  readonly ghtk: Access | undefined;
};

/** Carriers that there is a contract with. */
export function openCarriers({ ghn, ghtk }: Contracts, call: typeof fetch): Partial<Record<CarrierKey, Courier>> {
  const common = ({ token, webhookToken, apiBase }: Access) => ({
    ...{ token: token.reveal(), webhookToken: webhookToken.reveal(), apiBase },
    fetch: call,
  });
  return {
    ...(ghn && { ghn: createGhn({ ...common(ghn), shopId: ghn.shopId }) }),
    ...(ghtk && { ghtk: createGhtk(common(ghtk)) }),
  };
}
