import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketHashes, bucketRoot } from '#federation/protocol/canonical.ts';
import { observed } from '#test/federation/observed.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let here: TestNode;
let there: TestNode;
const names = Array.from({ length: 30 }, (_, at) => `Bánh ${at}`);
beforeAll(async () => {
  [here, there] = await Promise.all([startNode(), startNode()]);
  await introduce(here, there);
  await here.addProducts(...names.map((name) => draftOf(name)));
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const pull = () => there.federation.pullNow('a');
/** A day on, when an audit is due. */
async function pullTomorrow() {
  for (const node of [here, there]) node.clock.now = new Date(node.clock.now.getTime() + 25 * 3_600_000);
  return await pull();
}
const shownThere = async () => {
  const { items } = await there.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  return items.map(({ name }) => name).toSorted();
};
const rootOf = async (node: TestNode, table: string) => {
  const { rows } = await node.db.execute<{ uri: string; rev: number; hash: string }>(
    sql.raw(`select uri, (record ->> 'rev')::int as rev, hash from ${table}
      where lane = 'catalogue' and record ->> 'kind' <> 'tombstone'`),
  );
  return bucketRoot(bucketHashes(rows));
};

describe('an audit', () => {
  test('hashes as the protocol says, in the database', async () => {
    const said = await here.federation.audit('catalogue');
    expect(said.count).toBe(names.length);
    expect(said.root).toBe(bucketRoot(said.buckets));
    expect(said.root).toBe(await rootOf(here, 'federation_changes'));
    expect(JSON.stringify(said).length).toBeLessThan(300_000);
  });

  test('heals copies that were lost, changed and invented, and nothing else', async () => {
    await pull();
    await expect(pullTomorrow()).resolves.toMatchObject({ lanes: { catalogue: { counts: { drifted: 0 } } } });
    await inDatabase(there.database.url, async (client) => {
      const first = `(select uri from federation_mirrors where lane = 'catalogue' order by uri limit 1)`;
      await client.query(`delete from federation_mirrors where uri = ${first}`);
      await client.query(`update federation_mirrors set hash = repeat('0', 64) where uri = ${first}`);
      await client.query(`insert into federation_mirrors (partner_key, uri, lane, listing_uri, rev, hash, record, received_at)
        select partner_key, uri || '-x', lane, uri || '-x', rev, hash, record, received_at from federation_mirrors where uri = ${first}`);
    });
    await expect(pull()).resolves.toMatchObject({ lanes: { catalogue: { counts: { drifted: 0 } } } });
    await expect(pullTomorrow()).resolves.toMatchObject({
      lanes: { catalogue: { state: 'ok', counts: { drifted: 3, applied: 2, withdrawn: 1 } } },
    });
    expect(await rootOf(there, 'federation_mirrors')).toBe((await here.federation.audit('catalogue')).root);
    expect(await shownThere()).toEqual(names.toSorted());
  });

  test('row 15: a feed restored from a backup deletes nothing that still is, and roots are equal after it', async () => {
    const [withdrawn] = await here.addProducts(draftOf('Sau bản sao lưu'));
    await pull();
    // The backup knows nothing of the last product, and its transactions lie in the future of the new server.
    await inDatabase(here.database.url, async (client) => {
      await client.query(`delete from federation_changes where product_id = $1`, [withdrawn]);
      await client.query(`update federation_changes set tx = '999999999999'`);
    });
    await here.federation.prepare();
    await expect(pull()).resolves.toMatchObject({ lanes: { catalogue: { state: 'ok', counts: { withdrawn: 1 } } } });
    expect(await shownThere()).toEqual(names.toSorted());
    expect(await rootOf(there, 'federation_mirrors')).toBe((await here.federation.audit('catalogue')).root);
    observed(
      15,
      'epoch changed, snapshot compared: 30 duplicates, only what the backup had not was withdrawn, roots equal',
    );
  });
});

test('row 15: an older copy put back on the same server is found out by the next cursor, before a day has passed', async () => {
  await here.addProducts(draftOf('Trước bản sao'));
  await pull();
  const before = await shownThere();
  const [lost] = await here.addProducts(draftOf('Sau bản sao, đã mất'));
  await pull();
  expect(await shownThere()).toHaveLength(before.length + 1);
  // As the copy has it: the product is not there, and numbers begin again where they stood.
  await inDatabase(here.database.url, async (client) => {
    await client.query('delete from federation_changes where product_id = $1', [lost]);
    await client.query(
      `select setval(pg_get_serial_sequence('federation_changes', 'seq'), max(seq)) from federation_changes`,
    );
  });
  await here.federation.prepare();
  await expect(pull()).resolves.toMatchObject({ lanes: { catalogue: { state: 'ok', counts: { withdrawn: 1 } } } });
  expect(await shownThere()).toEqual(before);
  expect(await rootOf(there, 'federation_mirrors')).toBe((await here.federation.audit('catalogue')).root);
  observed(15, 'put back on the same server: the next cursor was ahead of the feed, 409 epoch-changed, roots equal');
});

test('row 13: 64 writers at once, and a reader in between: the feed names every change', async () => {
  const before = await here.federation.readChanges('b', 'catalogue', undefined, 500);
  const seen = new Set<string>();
  let cursor = before.next;
  const read = async () => {
    const page = await here.federation.readChanges('b', 'catalogue', cursor, 500);
    for (const { uri } of page.items) seen.add(uri);
    cursor = page.next;
  };
  const slowly = (at: number) => sql`
    with slept as (select pg_sleep(${Math.random() / 20})), one as (
      insert into federation_changes (uri, lane, product_id, op, hash, record, at)
      select ${`ocop://x/listing/w${at}`}, lane, product_id, op, hash, record, at from federation_changes, slept
      where lane = 'catalogue' and uri not like 'ocop://x/%' limit 1 returning uri)
    select pg_sleep(${Math.random() / 20}) from one`;
  let writing = true;
  const writers = Promise.all(Array.from({ length: 64 }, (_, at) => here.db.execute(slowly(at)))).finally(() => {
    writing = false;
  });
  while (writing) await read();
  await writers;
  await read();
  expect([...seen].filter((uri) => uri.startsWith('ocop://x/'))).toHaveLength(64);
  observed(13, '64 of 64 changes read, none behind a cursor that was given out');
});
