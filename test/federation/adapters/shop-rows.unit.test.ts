import { afterEach, expect, test } from 'vitest';
import { observed } from '../observed.ts';
import { openShop, type Shop, SYSTEMS, type System, shownOf } from './shop.ts';

const hour = 3_600_000;
const slow = 60_000;
const systems = SYSTEMS.map((system) => [system.kind, system] as const);
let shop: Shop;
afterEach(() => shop.close());

async function stocked(system: System, count: number): Promise<Shop> {
  shop = await openShop(system);
  for (let i = 1; i <= count; i += 1) shop.books.add(`Trà ${i}`);
  return shop;
}
const failure = () => shop.store.outcomes.get('catalogue')?.failure?.code;

test.each(systems)('row 4: %s sends a login page, broken JSON, gzip that is cut', async (_kind, system) => {
  const { traps, pull, store, later } = await stocked(system, 3);
  await pull();
  const before = [new Map(store.checkpoints), shownOf(shop)];
  const seen: unknown[] = [];
  for (const trap of ['htmlLogin', 'brokenJson', 'cutGzip'] as const) {
    later(hour);
    traps[trap] = true;
    await pull();
    traps[trap] = false;
    seen.push(failure());
    expect([store.checkpoints, shownOf(shop)]).toEqual(before);
  }
  expect(seen).toEqual(['wrong-content-type', 'malformed', 'malformed']);
  observed(4, `${system.kind}: ${seen.join(', ')}; checkpoint and listings stayed`);
});

test.each(systems)('row 5: %s has one bad product among thirty', async (_kind, system) => {
  const { books, pull, store } = await stocked(system, 30);
  books.edit(7, { overlay: { [system.title]: null } });
  await pull();
  expect(store.quarantine.map(({ sourceId, reason }) => [sourceId, reason])).toEqual([['7', 'invalid-record']]);
  expect([store.titles().length, store.checkpoints.has('catalogue')]).toEqual([29, true]);
  observed(5, `${system.kind}: 1 quarantined, 29 applied, checkpoint moved`);
});

test.each(systems)(
  'row 18: %s gives its last page for ever',
  async (_kind, system) => {
    const { traps, pull, asked, store, later } = await stocked(system, 260);
    await pull();
    const before = shownOf(shop).length;
    store.checkpoints.clear();
    later(hour);
    traps.endless = true;
    const { length } = asked;
    await pull();
    expect([failure(), shownOf(shop).length]).toEqual(['paging-loop', before]);
    expect(asked.length - length).toBeLessThan(20);
    observed(18, `${system.kind}: paging-loop, all 260 listings stayed`);
  },
  slow,
);

test.each(systems)(
  'row 18: %s has nothing behind its last whole page',
  async (_kind, system) => {
    const { pull, store } = await stocked(system, 500);
    await pull();
    expect([failure(), store.titles().length]).toEqual([undefined, 500]);
    observed(18, `${system.kind}: 500 products in whole pages, read once and ended`);
  },
  slow,
);

test.each(systems)(
  'row 19: %s sends a new member, a missing one, another type, and at last too many',
  async (_kind, system) => {
    const { books, pull, store, later } = await stocked(system, 30);
    books.edit(1, { overlay: { quite_new: { deep: [1] } } });
    books.edit(2, { overlay: { [system.title]: undefined } });
    books.edit(3, { overlay: { [system.title]: 5 } });
    await pull();
    expect(store.titles()).toHaveLength(28);
    expect(store.quarantine.map(({ sourceId }) => sourceId)).toEqual(['2', '3']);
    later(hour);
    const checkpoint = store.checkpoints.get('catalogue');
    for (let id = 4; id <= 12; id += 1) books.edit(id, { overlay: { [system.title]: 5 } });
    await pull();
    expect([failure(), store.checkpoints.get('catalogue') === checkpoint]).toEqual(['schema-drift', true]);
    observed(19, `${system.kind}: new member read over, 2 of 30 quarantined, 9 more: schema-drift, nothing applied`);
  },
);
