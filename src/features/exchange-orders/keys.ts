import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { LegId } from './types.ts';

const mark = 'leg:';
/** The key by which the origin knows our order: one a leg, for ever. */
export const keyOf = (id: LegId): string => `${mark}${id}`;
/** Which leg an order was made for, by the key that made it. */
export const legIdOf = ({ key }: Pick<RemoteOrder, 'key'>): LegId | undefined =>
  key.startsWith(mark) ? (key.slice(mark.length) as LegId) : undefined;
