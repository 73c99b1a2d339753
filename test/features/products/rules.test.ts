import { describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { changesBetween, emptyFields, emptyVariant, withChanges } from '#features/products/rules/fields.ts';
import { formOf, readForm } from '#features/products/rules/form.ts';
import { usualVat, vatRatesFor, vatRatesOn } from '#features/products/rules/vat.ts';
import type { ProductFields, VariantId } from '#features/products/types.ts';

const variantId = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' as VariantId;
const live: ProductFields = {
  ...emptyFields,
  nameVi: 'Khô cá lóc',
  unitVi: 'gói 500 g',
  categoryId: 8,
  vatBps: 800,
  allergens: ['fish'],
  seasonMonths: [1, 2],
  aliases: ['khô cá', 'ត្រី'],
  descriptionVi: 'Một.\n\nHai.',
  variants: [{ ...emptyVariant, variantId, sku: 'KCL', label: 'gói 500 g', priceVnd: vnd(125_000), netWeightG: 500 }],
};
const stock = new Map([[variantId, { onHand: 12 }]]);
const typing = (values: Readonly<Record<string, string>>, from = formOf(live, stock)) => ({
  get: (name: string) => values[name] ?? from.get(name),
  all: from.all,
});

describe('the form', () => {
  test('says what it was made of when nothing was typed', () => {
    const read = readForm(formOf(live, stock), live);
    expect(read).toEqual({ fields: live, typed: {}, faults: [] });
    expect(changesBetween(live, read.fields)).toEqual([]);
  });

  test('understands prices, weights and lists as people write them', () => {
    const { fields, faults } = readForm(
      typing({
        'v0-price': '1,2tr',
        'v0-weight': '1,5 kg',
        netWeightG: '500 g',
        tags: 'khô; cá lóc , khô',
        gtin: '893 0002 000017',
      }),
      live,
    );
    expect(faults).toEqual([]);
    expect(fields).toMatchObject({ netWeightG: 500, tags: ['khô', 'cá lóc'], gtin: '8930002000017' });
    expect(fields.variants).toMatchObject([{ priceVnd: 1_200_000, netWeightG: 1_500, variantId }]);
  });

  test('keeps what it cannot read, and says where', () => {
    const { fields, typed, faults } = readForm(typing({ 'v0-price': '100k-120k', 'v0-stock': 'nhiều' }), live);
    expect(faults).toEqual([
      { field: 'variants/0/priceVnd', code: 'ambiguous' },
      { field: 'variants/0/onHand', code: 'unreadable' },
    ]);
    const again = formOf(fields, stock, typed);
    expect([again.get('v0-price'), again.get('v0-stock')]).toEqual(['100k-120k', 'nhiều']);
  });

  test('sets the stock only when another number was typed than was shown', () => {
    expect(readForm(typing({}), live).fields.variants[0]?.onHand).toBeNull();
    expect(readForm(typing({ 'v0-stock': '30' }), live).fields.variants[0]?.onHand).toBe(30);
  });

  test('adds a size in the empty row, and does not take an id that is not its own', () => {
    const { fields } = readForm(typing({ 'v1-label': 'gói 1 kg', 'v1-price': '240k', 'v1-id': 'made-up' }), live);
    expect(fields.variants).toMatchObject([{ variantId }, { variantId: null, label: 'gói 1 kg', priceVnd: 240_000 }]);
  });
});

describe('changes', () => {
  const wanted: ProductFields = {
    ...live,
    nameVi: 'Khô cá lóc đồng',
    variants: [
      ...live.variants.map((variant) => ({ ...variant, priceVnd: vnd(130_000), onHand: 5 })),
      { ...emptyVariant, sku: 'KCL-2', label: 'gói 1 kg', priceVnd: vnd(240_000) },
    ],
  };
  test('are told field by field, and made again they give what was wanted', () => {
    const changes = changesBetween(live, wanted);
    expect(changes.map(({ field }) => field)).toEqual([
      'nameVi',
      `variant.${variantId}.priceVnd`,
      `variant.${variantId}.onHand`,
      'variant.new.KCL-2',
    ]);
    expect(withChanges(live, changes)).toEqual(wanted);
  });
  test('a size that is left out is taken off sale', () =>
    expect(changesBetween(live, { ...live, variants: [] })).toEqual([
      { field: `variant.${variantId}.active`, before: true, after: false },
    ]));
});

describe('VAT by date', () => {
  test('8 % ends with 2026', () => {
    expect(vatRatesOn('2026-12-31')).toEqual([0, 500, 800, 1_000]);
    expect(vatRatesOn('2027-01-01')).toEqual([0, 500, 1_000]);
    expect([usualVat('2026-12-31', 6, false), usualVat('2027-01-01', 6, false)]).toEqual([800, 1_000]);
  });
  test('spirits and wine bear the full rate, fresh produce none', () => {
    expect(vatRatesFor('2026-11-27', true)).toEqual([1_000]);
    expect([usualVat('2026-11-27', 14, true), usualVat('2026-11-27', 1, false)]).toEqual([1_000, 0]);
  });
});
