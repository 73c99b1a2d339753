import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { is } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { inDatabase } from '#test/support/postgres.ts';
import drizzleConfig from '../../drizzle.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A serial column is an integer with a default, and drizzle spells a precision with a space before it. */
const typeOf = (sqlType: string): string =>
  sqlType.replace(/^bigserial$/, 'bigint').replace(/^timestamp \(/, 'timestamp(');

/** Table, column, type and nullability as the code declares them. */
async function declaredColumns(): Promise<readonly string[]> {
  const casing = new CasingCache(drizzleConfig.casing);
  const patterns = [drizzleConfig.schema ?? []].flat();
  const modules = globSync(patterns, { cwd: root }).map(
    async (file): Promise<Record<string, unknown>> => import(join(root, file)),
  );
  const tables = (await Promise.all(modules))
    .flatMap((module) => Object.values(module))
    .filter((value) => is(value, PgTable));
  return tables.flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.map(
      (column) =>
        `${name}.${casing.getColumnCasing(column)} ${typeOf(column.getSQLType())}${column.notNull ? ' not null' : ''}`,
    );
  });
}

const actualColumns = `
  select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || case when a.attnotnull then ' not null' else '' end as column
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and a.attnum > 0 and not a.attisdropped`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('a migrated database has every column that the code declares, of its type and nullability', async () => {
  const rows = await inDatabase(database.url, async (client) => (await client.query(actualColumns)).rows);
  const actual = new Set(rows.map(({ column }: { column: string }) => column));
  const wanted = await declaredColumns();
  expect(wanted.length).toBeGreaterThan(200);
  expect(wanted.filter((column) => !actual.has(column))).toEqual([]);
});
