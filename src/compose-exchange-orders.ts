import { createExchangeOrders, createOrigins } from '#features/exchange-orders/index.ts';
import type { Origins } from '#features/exchange-orders/types.ts';
import type { Federation } from '#features/federation/index.ts';
import { codes } from '#features/orders/index.ts';
import type { Gateway, Method } from '#features/payments/types.ts';

/** Who is bought from: partner exchanges over the network, unless others are named. */
export type Partners = { readonly origins?: Origins | undefined };
type Parts = Partners &
  Omit<Parameters<typeof createExchangeOrders>[0], 'codes' | 'origins' | 'gateway'> & {
    readonly gateways: Partial<Record<Method, Gateway>>;
    readonly federation: Federation;
  };

/** Buying at partner exchanges. Cards alone can be set aside and let go, so they alone pay for it. */
export const composeExchangeOrders = ({ gateways, federation, origins = createOrigins(federation), ...parts }: Parts) =>
  createExchangeOrders({ ...parts, codes, origins, gateway: gateways.stripe });
