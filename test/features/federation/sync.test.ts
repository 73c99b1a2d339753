import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { QuarantineId } from '#features/federation/types.ts';
import { observed } from '#test/federation/observed.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let here: TestNode;
let there: TestNode;
beforeAll(async () => {
  [here, there] = await Promise.all([startNode(), startNode()]);
  await introduce(here, there);
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const shown = async (node: TestNode) => {
  const { items } = await node.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  return items;
};
const mirrored = async (node: TestNode) => (await shown(node)).filter(({ partner }) => partner !== null);
const pull = (node: TestNode, key: string) => node.federation.pullNow(key);

describe('two exchanges', () => {
  test('show each other’s listings, labelled and not for sale here', async () => {
    await here.addProducts(draftOf('Bánh pía sầu riêng'), draftOf('Bánh pía chay', 45_000));
    await there.addProducts(draftOf('Kẹo dừa'));
    await expect(pull(there, 'a')).resolves.toMatchObject({
      lanes: { catalogue: { state: 'ok', counts: { applied: 2 } }, offer: { state: 'ok', counts: { applied: 2 } } },
    });
    const copies = await mirrored(there);
    expect(copies).toMatchObject([
      { name: 'Bánh pía chay', partner: { key: 'a' }, variants: [{ priceVnd: 45_000, available: 10 }] },
      { name: 'Bánh pía sầu riêng', partner: { key: 'a' }, star: null },
    ]);
    expect(copies[0]?.partner?.landingUrl).toMatch(new RegExp(`^${here.url}/san-pham/`));
    await pull(here, 'b');
    expect((await mirrored(here)).map(({ name }) => name)).toEqual(['Kẹo dừa']);
  });

  test('never take their own goods back', async () => {
    await there.runJobs();
    await pull(here, 'b');
    expect((await mirrored(here)).map(({ name }) => name)).toEqual(['Kẹo dừa']);
  });

  test('follow a price, a new product and a withdrawal', async () => {
    const [own] = (await shown(here)).filter(({ partner, name }) => !partner && name === 'Bánh pía chay');
    const [variant] = own?.variants ?? [];
    if (!own || !variant) throw new Error('no product');
    await here.products.setPrice('test', variant.variantId, vnd(47_000));
    await here.runJobs();
    await here.addProducts(draftOf('Mè láo', 30_000));
    await pull(there, 'a');
    expect((await mirrored(there)).map(({ name, variants }) => [name, variants[0]?.priceVnd])).toEqual([
      ['Bánh pía chay', 47_000],
      ['Bánh pía sầu riêng', 65_000],
      ['Mè láo', 30_000],
    ]);
    await here.products.withdraw('test', own.productId);
    await here.runJobs();
    await pull(there, 'a');
    expect((await mirrored(there)).map(({ name }) => name)).toEqual(['Bánh pía sầu riêng', 'Mè láo']);
  });

  test('say nothing twice', async () => {
    await expect(pull(there, 'a')).resolves.toMatchObject({
      lanes: { catalogue: { counts: { applied: 0, pages: 1 } }, offer: { counts: { applied: 0 } } },
    });
    const ids = (await shown(here)).map(({ productId }) => productId);
    await expect(here.federation.exportProducts(ids)).resolves.toBe(0);
  });

  test('hide what a suspended partner listed, and show it again', async () => {
    await there.federation.suspend('test', 'a');
    expect(await mirrored(there)).toEqual([]);
    await expect(pull(there, 'a')).resolves.toBeUndefined();
    await there.federation.activate('test', 'a');
    expect(await mirrored(there)).toHaveLength(2);
  });
});

describe('a cursor', () => {
  test('row 14: a cursor below tombstones that were thrown away leads to a snapshot', async () => {
    const [gone] = await here.addProducts(draftOf('Bánh in'));
    await pull(there, 'a');
    if (!gone) throw new Error('no product');
    await here.products.withdraw('test', gone);
    await here.runJobs();
    here.clock.now = new Date(Date.now() + 91 * 24 * 3_600_000);
    await here.federation.tidy();
    here.clock.now = new Date();
    expect((await mirrored(there)).map(({ name }) => name)).toContain('Bánh in');
    await expect(pull(there, 'a')).resolves.toMatchObject({
      lanes: { catalogue: { state: 'ok', counts: { withdrawn: 1 } } },
    });
    expect((await mirrored(there)).map(({ name }) => name)).not.toContain('Bánh in');
    observed(14, '410 cursor-expired, then the snapshot: 1 withdrawn');
  });

  test('from before a restore leads to a snapshot, and loses nothing', async () => {
    // What a dump brought into a younger server looks like: transaction ids that have not been given out yet.
    await inDatabase(here.database.url, (client) => client.query(`update federation_changes set tx = '999999999999'`));
    await here.federation.prepare();
    const before = await mirrored(there);
    await expect(pull(there, 'a')).resolves.toMatchObject({
      lanes: { catalogue: { state: 'ok', counts: { duplicate: 2, withdrawn: 0 } } },
    });
    expect(await mirrored(there)).toEqual(before);
  });
});

test('a slow transaction behind a fast one loses nothing', async () => {
  const [first] = await here.addProducts(draftOf('Chậm'));
  const [second] = await here.addProducts(draftOf('Nhanh'));
  const start = await here.federation.readChanges('b', 'catalogue', undefined, 500);
  const insert = (uri: string) => sql`
    insert into federation_changes (uri, lane, product_id, op, hash, record, at)
    select ${uri}, lane, product_id, op, hash, record, at from federation_changes
    where product_id = ${uri.endsWith('slow') ? first : second} and lane = 'catalogue'`;
  const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>();
  const slow = transact(here.db, 'test', async (tx) => {
    await tx.execute(insert('ocop://x/listing/slow'));
    wrote();
    await mayCommit;
  });
  await written;
  await transact(here.db, 'test', (tx) => tx.execute(insert('ocop://x/listing/fast')));
  const during = await here.federation.readChanges('b', 'catalogue', start.next, 500);
  expect(during.items).toEqual([]);
  commit();
  await slow;
  const after = await here.federation.readChanges('b', 'catalogue', during.next, 500);
  expect(after.items.map(({ uri }) => uri)).toEqual(['ocop://x/listing/slow', 'ocop://x/listing/fast']);
});

describe('what a partner sends and cannot be taken', () => {
  const quarantined = (payload: string) =>
    inDatabase(there.database.url, async (client) => {
      const { rows } = await client.query(
        `insert into federation_quarantine (id, partner_key, lane, source_id, reason, detail, payload, first_seen_at, last_seen_at)
         values (gen_random_uuid(), 'a', 'catalogue', 'x', 'invalid-record', '', $1, now(), now())
         on conflict (partner_key, lane, source_id) do update set payload = excluded.payload returning id`,
        [payload],
      );
      return rows[0].id as QuarantineId;
    });
  const replay = async (payload: string) => there.federation.replay(await quarantined(payload));

  test('is tried again by a person, and leaves the quarantine when it is good now', async () => {
    const [product] = await here.addProducts(draftOf('Bánh tét'));
    const { items } = await here.federation.readChanges('b', 'catalogue', undefined, 500);
    const change = items.find(({ uri }) => uri.endsWith(String(product)));
    await expect(replay(JSON.stringify({ ...Object(change?.record), title: 1 }))).resolves.toMatchObject({
      verdict: 'quarantined',
      reason: 'invalid-record',
    });
    expect(await there.federation.listQuarantined('a')).toHaveLength(1);
    await expect(replay(JSON.stringify(change?.record))).resolves.toEqual({ verdict: 'applied' });
    expect(await there.federation.listQuarantined('a')).toEqual([]);
    await pull(there, 'a');
    expect((await mirrored(there)).map(({ name }) => name)).toContain('Bánh tét');
  });

  test('is not tried when it was cut, is not there, or its partner is shut out', async () => {
    await expect(replay('{"cut":"sho')).rejects.toMatchObject({ code: 'quarantine-cut' });
    const nobody = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' as QuarantineId;
    await expect(there.federation.replay(nobody)).rejects.toMatchObject({ code: 'quarantine-not-found' });
    await there.federation.suspend('test', 'a');
    await expect(replay('{}')).rejects.toMatchObject({ code: 'partner-not-ready' });
    await there.federation.activate('test', 'a');
  });
});

test('row 1: what a partner that is down listed stays, and its price is to be confirmed', async () => {
  await here.addProducts(draftOf('Bánh ít'));
  await pull(there, 'a');
  const stale = async () => new Set((await mirrored(there)).map(({ partner }) => partner?.priceStale));
  const before = (await mirrored(there)).length;
  expect(await stale()).toEqual(new Set([false]));
  await inDatabase(there.database.url, (client) =>
    client.query(`update partners set prices_as_of = prices_as_of - interval '16 minutes' where key = 'a'`),
  );
  expect(await stale()).toEqual(new Set([true]));
  expect(await mirrored(there)).toHaveLength(before);
  observed(1, 'unconfirmed for 16 min: every listing stays, each price is marked as to be confirmed');
});
