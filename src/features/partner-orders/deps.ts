import type { Clock } from '#core/clock.ts';
import type { Db, Reader } from '#db/client.ts';
import type { Carts } from '#features/carts/index.ts';
import type { Federation } from '#features/federation/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { Payments } from '#features/payments/index.ts';
import type { Places } from '#features/places/index.ts';
import type { Destination } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly carts: Pick<Carts, 'priceFor' | 'checkDelivery'>;
  readonly orders: Pick<Orders, 'forPartners'>;
  readonly payments: Pick<Payments, 'payByPartner'>;
  readonly federation: Pick<Federation, 'authority' | 'cursorSeal' | 'identity' | 'exportProducts' | 'tellOrders'>;
  readonly places: Pick<Places, 'findProvince' | 'findWard'>;
};
export const actorOf = (partnerKey: string): string => `partner:${partnerKey}`;

/** Where that is; undefined where no province has the code. A ward that we do not know by its code is only a name. */
export async function placeOf(
  { places }: Pick<Deps, 'places'>,
  reader: Reader,
  provinceCode: string,
  ward = '',
): Promise<Destination | undefined> {
  if (!(await places.findProvince(provinceCode, reader))) return undefined;
  const known = ward === '' ? undefined : await places.findWard(ward, reader);
  return known?.provinceCode === provinceCode ? { provinceCode, wardCode: known.code } : { provinceCode };
}
