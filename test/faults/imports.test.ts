import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ImportId } from '#features/imports/types.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { startProcess } from '#test/support/processes.ts';

let node: TestNode;
let businessId: BusinessId;

beforeAll(async () => {
  node = await startNode();
  const { rows } = await node.db.execute<{ id: BusinessId }>(sql`select id from businesses where code = 'B001'`);
  businessId = rows[0]?.id as BusinessId;
}, 60_000);
afterAll(() => node.close());

const rowCount = 3_000;
const sheet = (prefix: string): Buffer =>
  Buffer.from(
    `Mã hàng,Tên sản phẩm,Nhóm hàng,Giá bán,Tồn kho\n${Array.from({ length: rowCount }, (_, index) => `${prefix}-${index},Gạo số ${index},"Gạo, ngũ cốc, hạt sơ chế khác",25k,3`).join('\n')}\n`,
  );
const count = async (prefix: string): Promise<{ products: number; pieces: number }> => {
  const { rows } = await node.db.execute<{ products: number; pieces: number }>(
    sql`select count(distinct p.id)::int as products, coalesce(sum(m.change), 0)::int as pieces from products p join variants v on v.product_id = p.id
      join stock_movements m on m.variant_id = v.id where p.sku like ${`${prefix}-%`}`,
  );
  return rows[0] ?? { products: -1, pieces: -1 };
};
const outcomes = async (id: ImportId): Promise<number> => {
  const { rows } = await node.db.execute<{ count: number }>(
    sql`select count(*)::int as count from import_rows where import_id = ${id} and outcome = 'written'`,
  );
  return rows[0]?.count ?? -1;
};

/** A worker of its own, killed while it writes. */
async function killWhileWriting(id: ImportId): Promise<void> {
  const worker = await startProcess({ env: { ...node.env, ROLE: 'worker' } });
  await worker.ready();
  const { imports } = node.services;
  const importer = { actor: 'test', businessIds: [businessId] };
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    const { done, state } = await imports.get(importer, id);
    if (done > 0 || state === 'done') break;
    await sleep(5);
  }
  await worker.kill();
}

describe.each(['all', 'valid'] as const)('a worker that is killed while it writes %s of a sheet', (mode) => {
  test('leaves no half of a piece, and whoever takes the job up again ends it, each row once', async () => {
    const { imports } = node.services;
    const importer = { actor: 'test', businessIds: [businessId] };
    const prefix = mode.toUpperCase();
    const file = { bytes: sheet(prefix), name: 'hang.csv' };
    const id = await imports.start(importer, businessId, file, { listsAtOnce: true, readsItself: true });
    await imports.readNow(id);
    await imports.confirm(importer, id, 1, mode);
    await killWhileWriting(id);
    // The server notices a lost client when it next writes to it.
    await sleep(500);
    const after = await count(prefix);
    expect(after.products).toBe(await outcomes(id));
    expect(after.pieces).toBe(after.products * 3);
    if (mode === 'all') expect([0, rowCount]).toContain(after.products);
    for (let time = 0; time < 2; time += 1) await imports.applyNow(id);
    expect((await imports.get(importer, id)).state).toBe('done');
    expect(await count(prefix)).toEqual({ products: rowCount, pieces: rowCount * 3 });
    expect(await outcomes(id)).toBe(rowCount);
  }, 120_000);
});

test('a worker that is killed while it reads is followed by one that reads all', async () => {
  const { imports } = node.services;
  const importer = { actor: 'test', businessIds: [businessId] };
  const id = await imports.start(importer, businessId, { bytes: sheet('READ'), name: 'hang.csv' });
  await killWhileWriting(id);
  await imports.readNow(id);
  const { counts, state } = await imports.get(importer, id);
  expect([state, counts?.rows, counts?.new]).toEqual(['ready', rowCount, rowCount]);
  const { rows } = await node.db.execute(sql`select count(*)::int as count from import_rows where import_id = ${id}`);
  expect(rows).toEqual([{ count: rowCount }]);
  expect(await count('READ')).toEqual({ products: 0, pieces: 0 });
}, 120_000);
