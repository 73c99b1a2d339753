import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Id } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import { listDrafts, listHeld } from '#features/imports/views.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { countVisited } from '#test/support/visits.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

class Undone extends Error {}
/** Rows of goods that the transaction has read so far, by whatever plan. */
const readSoFar = async (tx: Tx): Promise<number> => {
  const { rows } = await tx.execute<{ n: number }>(
    sql`select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables where relname = 'products'`,
  );
  return rows[0]?.n ?? 0;
};

test('codes are found among two thousand goods that no statistics know yet, and all goods are read once at most', async () => {
  const { rows } = await node.db.execute<{ id: string; businessId: Id<'Business'> }>(
    sql`select id, business_id as "businessId" from products where partner_key is null order by id limit 1`,
  );
  const [one] = rows;
  const trying = transact(node.db, 'test', async (tx) => {
    await tx.execute(sql`insert into products select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'sku', 'Mã ' || n, 'slug', 'ma-' || n))).*
      from products p, generate_series(1, 2000) n where p.id = ${one?.id}`);
    await tx.execute(sql`insert into variants select (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'product_id', p.id, 'sku', p.sku))).*
      from products p, variants v where p.sku like 'Mã %' and v.id = (select min(id::text)::uuid from variants where product_id = ${one?.id})`);
    await tx.execute(sql`insert into prices select (jsonb_populate_record(r, jsonb_build_object('variant_id', v.id))).*
      from variants v, prices r where v.sku like 'Mã %' and r.variant_id = (select min(variant_id::text)::uuid from prices)`);
    await tx.execute(sql`insert into stock select (jsonb_populate_record(s, jsonb_build_object('variant_id', v.id))).*
      from variants v, stock s where v.sku like 'Mã %' and s.variant_id = (select min(variant_id::text)::uuid from stock)`);
    const before = await readSoFar(tx);
    const keys = Array.from({ length: 100 }, (_, index) => `mã${index * 10 + 1}`);
    const held = await listHeld(tx, one?.businessId as Id<'Business'>, [...keys, 'không có']);
    expect(held.map(({ productKey }) => productKey).sort()).toEqual(keys.toSorted());
    expect((await readSoFar(tx)) - before).toBeLessThan(3_000);
    throw new Undone();
  });
  await expect(trying).rejects.toThrow(Undone);
});

test('drafts are found by their codes, and not each compared with each code', async () => {
  const many = 2_000;
  const { rows } = await node.db.execute<{ businessId: Id<'Business'> }>(
    sql`select id as "businessId" from businesses order by id limit 1`,
  );
  const businessId = rows[0]?.businessId as Id<'Business'>;
  const trying = transact(node.db, 'test', async (tx) => {
    await tx.execute(sql`insert into product_drafts (product_id, business_id, fields, created_at, updated_at)
      select gen_random_uuid(), ${businessId}::uuid, jsonb_build_object('variants', jsonb_build_array(
        jsonb_build_object('sku', 'Nháp ' || n), jsonb_build_object('sku', 'nháp ' || n || ' to'))), now(), now() from generate_series(1, ${many}::int) n`);
    const keys = Array.from({ length: 500 }, (_, index) => `NHÁP${index + 1}`);
    const drafts = await listDrafts(tx, businessId, [...keys, 'nháp 1 TO', 'không có']);
    expect(drafts).toHaveLength(500);
    expect(new Set(drafts.map(({ productId }) => productId)).size).toBe(500);
    const visited = await countVisited(tx, (reader) => listDrafts(reader, businessId, keys));
    expect(visited).toBeGreaterThan(many);
    expect(visited).toBeLessThan(25 * many);
    throw new Undone();
  });
  await expect(trying).rejects.toThrow(Undone);
});
