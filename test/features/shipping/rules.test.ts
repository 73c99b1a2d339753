import { describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import type { ProductId } from '#features/products/types.ts';
import { chargeableGrams, checkRate, checkTimes, feeOf, freightOf, shareOf } from '#features/shipping/rules.ts';
import type { Goods, Zone } from '#features/shipping/types.ts';
import { rateOf, tariffOf } from '#test/support/tariff.ts';

const businessId = newId<'Business'>();
const goods = (over: Partial<Goods> = {}): Goods => ({
  productId: newId<never>() as ProductId,
  name: 'Hành tím',
  quantity: 1,
  ...{ grams: 1_000, volumeCm3: 6_000, storage: 'ambient', isVoucher: false },
  ...over,
});
const refused = (code: string) => expect.objectContaining({ code });
const point = { pickupPointId: newId<'PickupPoint'>(), name: 'Kho', line: 'Tổ 3', ward: 'Xã Vĩnh Hải', hours: '7–17' };

describe('what is charged by', () => {
  test.each([
    ['the scale, where nothing says how size counts', null, 1_000],
    ['size, where it counts as more: 12,000 cm³ ÷ 6,000 = 2 kg', 6_000, 2_000],
    ['the scale, where size counts as less', 20_000, 1_000],
  ])('%s', (_name, divisor, grams) =>
    expect(chargeableGrams([goods({ grams: 500, quantity: 2 })], divisor)).toBe(grams),
  );
});

describe('the fee of a parcel', () => {
  const steps = rateOf({ feeVnd: vnd(20_000), baseGrams: 2_000, stepGrams: 500, stepVnd: vnd(5_000) });
  test.each([
    [0, 20_000],
    [2_000, 20_000],
    [2_001, 25_000],
    [2_500, 25_000],
    [2_501, 30_000],
    [10_000, 100_000],
  ])('of %i g is %i đ: each step that is begun counts', (grams, fee) => expect(feeOf(steps, grams, vnd(0))).toBe(fee));
  test('takes its part of a value above the limit, rounded up', () => {
    const insured = rateOf({ feeVnd: vnd(20_000), valueFromVnd: vnd(1_000_000), valueBps: 50 });
    expect([1_000_000, 1_000_001, 3_000_000].map((value) => feeOf(insured, 100, vnd(value)))).toEqual([
      20_000, 20_001, 30_000,
    ]);
  });
});

describe('how goods travel', () => {
  test('at the rate of their zone, and at the flat one where the zone has none', () => {
    const region = rateOf({ scheme: 'zone', zone: 'region', feeVnd: vnd(32_000) });
    const tariff = tariffOf({ rates: [...tariffOf().rates, region] });
    const feeIn = (zone: Zone) => freightOf({ ...tariff, zone }, businessId, [goods()], vnd(90_000)).feeVnd;
    expect([feeIn('in-province'), feeIn('region'), feeIn('far')]).toEqual([25_000, 32_000, 25_000]);
  });
  test('for nothing from the sum on that the business names, and says what is missing until then', () => {
    const tariff = tariffOf({ terms: [{ businessId, freeOverVnd: vnd(300_000), pickup: null }] });
    const at = (subtotal: number) => {
      const { feeVnd, toFreeVnd } = freightOf(tariff, businessId, [goods()], vnd(subtotal));
      return [feeVnd, toFreeVnd];
    };
    expect([at(299_999), at(300_000), at(400_000)]).toEqual([
      [25_000, 1],
      [0, null],
      [0, null],
    ]);
  });
  test('not at all where the buyer collects them; a point that is gone is told and not charged for silently', () => {
    const terms = [{ businessId, freeOverVnd: null, pickup: point }];
    const collected = freightOf(tariffOf({ terms }), businessId, [goods()], vnd(90_000), 'pickup');
    expect(collected).toMatchObject({ method: 'pickup', feeVnd: 0, point, isChoiceGone: false });
    const gone = freightOf(tariffOf(), businessId, [goods()], vnd(90_000), 'pickup');
    expect(gone).toMatchObject({ method: 'standard', feeVnd: 25_000, isChoiceGone: true });
  });
  test('tickets alone make no parcel', () => {
    const { feeVnd, options } = freightOf(tariffOf(), businessId, [goods({ isVoucher: true })], vnd(90_000));
    expect([feeVnd, options]).toEqual([0, []]);
  });
});

describe('goods that spoil', () => {
  const spoilt = (storage: Goods['storage'], zone: Zone, more: object = {}) =>
    freightOf({ ...tariffOf({ zone }), ...more }, businessId, [goods({ storage })], vnd(90_000)).spoiling.length > 0;
  test.each([
    ['ambient', 'far', false],
    ['chilled', 'in-province', false],
    ['chilled', 'region', true],
    ['frozen', 'region', false],
    ['frozen', 'far', true],
  ] as const)('%s to %s: %s', (storage, zone, expected) => expect(spoilt(storage, zone)).toBe(expected));
  test('the seller’s own word goes before the kind of storage, either way', () => {
    const [one] = [goods({ storage: 'chilled' })];
    if (!one) throw new Error('no goods');
    const with_ = (maxHours: number, zone: Zone) =>
      freightOf(
        tariffOf({ zone, productLimits: [{ productId: one.productId, maxHours }] }),
        businessId,
        [one],
        vnd(90_000),
      ).spoiling;
    expect(with_(48, 'region')).toEqual([]);
    expect(with_(12, 'in-province')).toMatchObject([{ maxHours: 12, transitHours: 24 }]);
  });
  test('do not stop who comes to collect them', () => {
    const tariff = tariffOf({ zone: 'far', terms: [{ businessId, freeOverVnd: null, pickup: point }] });
    const chilled = [goods({ storage: 'chilled' })];
    expect(freightOf(tariff, businessId, chilled, vnd(90_000), 'pickup').spoiling).toEqual([]);
    expect(freightOf(tariff, businessId, chilled, vnd(90_000)).spoiling).toHaveLength(1);
  });
});

test.each([
  [40_000, null, 6_250, 'combine'],
  [40_000, 10_000, 6_250, 'add-for-free'],
  [62_500, null, 4_000, null],
  [62_499, null, 4_000, null],
  [50_000, null, 5_000, 'combine'],
] as const)('freight of 25,000 on %i is advised on above 40 %%', (subtotal, toFree, shareBps, advice) =>
  expect(shareOf({ feeVnd: vnd(25_000), toFreeVnd: toFree === null ? null : vnd(toFree) }, vnd(subtotal))).toEqual({
    shareBps,
    advice,
  }),
);

test('a rate has all of its steps or none, and a way is not shorter at its longest', () => {
  expect(() => checkRate({ baseGrams: 1, stepGrams: null, stepVnd: null })).toThrow(refused('rate-incomplete'));
  expect(() => checkRate({ baseGrams: null, stepGrams: null, stepVnd: null })).not.toThrow();
  expect(() => checkTimes(25, 24)).toThrow(refused('transit-hours-crossed'));
});
