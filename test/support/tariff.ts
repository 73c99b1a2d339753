import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import type { Rate, Tariff } from '#features/shipping/types.ts';

export const rateOf = (over: Partial<Rate> = {}): Rate => ({
  id: newId<'ShippingRate'>(),
  scheme: 'flat',
  zone: null,
  feeVnd: vnd(25_000),
  ...{ baseGrams: null, stepGrams: null, stepVnd: null, volumetricDivisor: null, valueFromVnd: null, valueBps: null },
  ...over,
});

/** What an exchange opens with. */
export const tariffOf = (over: Partial<Tariff> = {}): Tariff => ({
  rates: [rateOf(), rateOf({ scheme: 'voucher', feeVnd: vnd(0) }), rateOf({ scheme: 'pickup', feeVnd: vnd(0) })],
  zone: 'in-province',
  times: [
    { zone: 'in-province', minHours: 12, maxHours: 24, cutOffHour: 15 },
    { zone: 'region', minHours: 24, maxHours: 48, cutOffHour: 15 },
    { zone: 'far', minHours: 48, maxHours: 96, cutOffHour: 15 },
  ],
  limits: [
    { storage: 'ambient', maxHours: null },
    { storage: 'chilled', maxHours: 24 },
    { storage: 'frozen', maxHours: 48 },
  ],
  terms: [],
  productLimits: [],
  ...over,
});
