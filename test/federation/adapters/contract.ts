import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openShop, type Shop, type System, shownOf, trueOf } from './shop.ts';

const minute = 60_000;
const slow = 60_000;

/** What every adapter of a shop must do, seen over its simulator. */
export function contract(system: System): void {
  const isCounted = system.kind === 'magento2';
  let shop: Shop;
  afterEach(() => shop.close());
  const open = async (settings = {}) => {
    shop = await openShop(system, settings);
    return shop;
  };
  const expectEqual = () => expect(shownOf(shop)).toEqual(trueOf(shop, isCounted));
  const failureOf = (lane: 'catalogue' | 'offer' = 'catalogue') => shop.store.outcomes.get(lane)?.failure?.code;
  /** So that the overlap reaches back to no change that was read before. */
  const settle = async () => {
    shop.later(30 * minute);
    await shop.pull();
    shop.later(30 * minute);
  };
  const stocked = async (count = 3, settings = {}) => {
    const { books, pull } = await open(settings);
    for (let i = 1; i <= count; i += 1) books.add(`Trà ${i}`);
    await pull();
    expectEqual();
    return shop;
  };

  describe('what is shown is what the books say', () => {
    test('at first, of one pack or several, counted or not, shown or not', async () => {
      const { books, pull, store } = await open();
      books.add('Trà sen', [{ stock: 0 }]);
      books.add('Mắm', [{ stock: 3 }, { stock: 4, price: 120_000 }]);
      books.add('Khô', [{ stock: undefined }]);
      books.add('Nháp', [{}], { isShown: false });
      await pull();
      expect(store.outcomes.get('catalogue')?.failure).toBeUndefined();
      expect(store.outcomes.get('offer')?.failure).toBeUndefined();
      expectEqual();
      expect(shownOf(shop)).toHaveLength(3);
    });
    test('and nothing is saved when nothing changed', async () => {
      const { store, later, pull } = await stocked();
      const { saves } = store;
      later(10 * minute);
      await pull();
      expect(store.saves).toBe(saves);
    });
    test('after a change of the price alone, of stock alone, of the title', async () => {
      const { books, later, pull } = await stocked();
      await settle();
      books.setStock(2, 77);
      await pull();
      expectEqual();
      later(30 * minute);
      books.setPrice(3, 51_000);
      await pull();
      expectEqual();
      later(30 * minute);
      books.edit(1, { title: 'Trà mới' });
      await pull();
      expectEqual();
    });
    test('after a deletion that nobody told, and a restoration', async () => {
      const { books, later, pull } = await stocked();
      later(7 * 60 * minute);
      const gone = books.remove(2);
      await pull();
      expectEqual();
      expect(shownOf(shop)).toHaveLength(2);
      later(minute);
      books.restore(gone);
      await pull();
      expectEqual();
    });
    test('after goods were hidden without a date, by the sweep', async () => {
      const { books, later, pull } = await stocked();
      await settle();
      books.find(1).isShown = false;
      later(7 * 60 * minute);
      await pull();
      expect(shownOf(shop)).toHaveLength(2);
      expectEqual();
    });
    test('after goods were hidden, and shown again with their old date', async () => {
      const { books, later, pull } = await stocked();
      later(minute);
      books.edit(1, { isShown: false });
      await pull();
      expect(shownOf(shop)).toHaveLength(2);
      await settle();
      books.find(1).isShown = true;
      later(25 * 60 * minute);
      await pull();
      expectEqual();
    });
    test(
      'when all were changed in one second, and a page ends among them',
      async () => {
        const { books, later, pull } = await stocked(260);
        later(30 * minute);
        for (const { id } of books.list()) books.edit(id, { title: `Bánh ${id}` });
        await pull();
        expectEqual();
      },
      slow,
    );
    test('when the change falls into the second in which the reading before began', async () => {
      const { books, later, pull } = await stocked();
      later(30 * minute);
      books.onList = (page) => {
        books.onList = () => {};
        if (page === 1) setImmediate(() => books.edit(2, { title: 'Vừa kịp' }));
      };
      await pull();
      await pull();
      expectEqual();
    });
    test('when the clock of the database is behind that of the web server by 4 min', async () => {
      const { books, later, pull } = await stocked();
      later(30 * minute);
      await pull();
      books.edit(2, { title: 'Chậm', changedAt: 0 });
      books.find(2).changedAt = books.nowMs - 4 * minute;
      await pull();
      expectEqual();
    });
    test(
      'with 1,500 products, some of them written and added between the pages',
      async () => {
        const { books, pull, later } = await open();
        for (let i = 1; i <= 1_500; i += 1) books.add(`Trà ${i}`);
        let answers = 0;
        books.onList = () => {
          answers += 1;
          if (answers > 12) return;
          later(8 * minute);
          books.edit(answers * 100, { title: `Sửa ${answers}` });
          books.edit(1_500 - answers, { title: `Sửa sau ${answers}` });
          books.add(`Thêm ${answers}`);
        };
        await pull();
        later(minute);
        await pull();
        expect(shop.store.outcomes.get('catalogue')?.failure).toBeUndefined();
        expectEqual();
      },
      slow,
    );
    test(
      'with rows that vanish between the pages',
      async () => {
        const { books, pull, later } = await stocked(260);
        await settle();
        for (const { id } of books.list()) books.edit(id, { title: `Bánh ${id}` });
        later(30 * minute);
        books.onList = (page) => {
          if (page === 2) books.goods.delete(5);
        };
        await pull();
        later(60 * minute);
        await pull();
        later(7 * 60 * minute);
        await pull();
        expectEqual();
      },
      slow,
    );
  });

  describe('traps', () => {
    test(
      'rows that come on two pages',
      async () => {
        const { books, traps, pull } = await open();
        for (let i = 1; i <= 260; i += 1) books.add(`Trà ${i}`);
        traps.duplicateRows = true;
        await pull();
        expectEqual();
      },
      slow,
    );
    test('a shop whose pages are smaller than asked is not taken for ended', async () => {
      const { books, traps, pull } = await open();
      for (let i = 1; i <= 60; i += 1) books.add(`Trà ${i}`);
      traps.cap = 25;
      await pull();
      expect(failureOf()).toBe('schema-drift');
    });
    test('prices as decimal text are exact, parts of a đồng are refused', async () => {
      const { books, traps, pull, store } = await open();
      traps.decimals = true;
      books.add('Trà');
      const odd = books.add('Lẻ');
      await pull();
      expectEqual();
      for (const pack of odd.packs) pack.price = 45_000.5;
      traps.decimals = false;
      books.setPrice(odd.id, 45_000.5);
      await pull();
      expect(store.quarantine.map(({ reason }) => reason)).toContain('invalid-price');
    });
    test('prices without the tax stay so and are said to be so', async () => {
      const { store, partner } = await stocked(1, { taxIncluded: false });
      expect(store.records.get(`ocop://${partner.origin}/offer/1`)).toMatchObject({ price: { taxIncluded: false } });
    });
    test('times by the wall clock, without an offset', async () => {
      const { traps, books, later, pull } = await open();
      traps.localTime = true;
      books.add('Trà');
      await pull();
      later(30 * minute);
      books.edit(1, { title: 'Trà mới' });
      await pull();
      expectEqual();
      expect([...shop.store.records.values()].find(({ kind }) => kind === 'listing')?.at).toBe(
        new Date(books.nowMs).toISOString(),
      );
    });
    test('an empty price and a price of 0 offer nothing', async () => {
      const { books, pull, store } = await stocked();
      books.setPrice(2, 0);
      await pull(true);
      expect([...store.records.values()].find(({ uri }) => uri.endsWith('/offer/2'))?.kind).toBe('tombstone');
    });
    test('a lower price, and, where there are such, its window', async () => {
      const { books, later, pull } = await open();
      const goods = books.add('Trà', [{ price: 50_000, sale: { price: 40_000 } }]);
      await pull();
      expectEqual();
      if (!system.hasWindows) return;
      const [pack] = goods.packs;
      if (!pack) throw new Error('no pack');
      pack.sale = { price: 41_000, from: books.nowMs + 60 * minute, to: books.nowMs + 120 * minute };
      for (let step = 0; step < 3; step += 1) {
        await pull();
        expectEqual();
        later(61 * minute);
      }
    });
    test(
      'a bucket that is empty half way: on goes it from the page where it stood',
      async () => {
        const { books, traps, pull, asked, later } = await open();
        for (let i = 1; i <= 350; i += 1) books.add(`Trà ${i}`);
        traps.bucket = 3;
        await pull();
        expect(failureOf()).toBe('throttled');
        const { length } = asked;
        traps.bucket = undefined;
        later(10_000);
        await pull();
        expect(asked[length]).toMatch(/page=[234]\b|currentPage%5D=[234]\b/i);
        expectEqual();
      },
      slow,
    );
    test.each(['seconds', 'date'] as const)('429 with Retry-After as %s is obeyed', async (form) => {
      const { traps, pull, later, asked, store } = await stocked();
      traps.throttle = form;
      await pull();
      expect(store.breaker).toMatchObject({ outages: 0, isOpen: false });
      const { length } = asked;
      later(6_000);
      expect((await pull()).state).toBe('waiting');
      expect(asked).toHaveLength(length);
    });
    test('a wrong key is a failure and empties nothing', async () => {
      const { partner, store } = await stocked();
      const before = store.records.size;
      const wrong = { ...system, secrets: {} };
      const other = await openShop(wrong);
      await other.pull();
      expect(other.store.outcomes.get('catalogue')?.failure).toMatchObject({ code: 'http-status' });
      await other.close();
      expect(store.records.size).toBe(before);
      expect(partner.key).toBe(system.kind);
    });
  });

  describe('normalise', () => {
    test('takes anything and throws nothing', async () => {
      const { partner } = await open();
      const words = fc.oneof(fc.jsonValue(), fc.anything(), fc.string({ unit: 'binary' }));
      const members = ['id', 'name', 'title', 'status', 'price', 'regular_price', 'type', 'type_id', 'images'];
      const row = fc.dictionary(fc.constantFrom(...members, 'alias', 'handle', 'published_at', 'published_on'), words);
      const body = fc.oneof(
        words,
        fc.record({ product: fc.oneof(row, words), readAt: words }),
        fc.record({ item: fc.oneof(row, words), product: row, sources: words, readAt: words }),
        fc.record({ variant: fc.oneof(row, words), productId: words, readAt: words }),
      );
      fc.assert(
        fc.property(body, (given) => {
          const result = system.adapter.normalise({ id: 'x', body: given }, partner);
          expect('record' in result || 'rejection' in result).toBe(true);
        }),
        // Found by chance: an object that cannot be made text.
        { numRuns: 150, examples: [[{ variant: { price: { toString: false } }, productId: {}, readAt: 0 }]] },
      );
    }, 60_000);
    test('hostile words stay words', async () => {
      const { books, pull, store } = await open();
      books.add('<script>alert(1)</script>\u202eTrà\u0000', [{}], { html: '<p>a<script>b</script></p>&lt;i&gt;' });
      books.add('Trà'.repeat(200_000));
      await pull();
      const titles = store.titles();
      expect(titles[0]).toBe('<script>alert(1)</script> Trà');
      expect(Math.max(...titles.map(({ length }) => length))).toBeLessThanOrEqual(300);
      expect(JSON.stringify([...store.records.values()])).not.toMatch(/\\u0000|\u202e/);
    });
    test('without its settings nothing is read', async () => {
      const { partner, pull } = await open({ taxIncluded: undefined, defaultCategory: 3 });
      await pull();
      expect(failureOf()).toBe('malformed');
      expect(system.adapter.normalise({ id: 'x', body: {} }, partner)).toMatchObject({ rejection: {} });
    });
  });
}
