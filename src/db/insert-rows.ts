import { getTableColumns, getTableName, type InferInsertModel, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { preparedSql, type Tx } from './client.ts';

/** Bounds what one statement holds in memory at once, here and in the server. */
const rowsAStatement = 5_000;

/** The columns that any of the rows names. One that only some name is null in the others, so it must allow that. */
function columnsOf(table: PgTable, rows: readonly object[]): string[] {
  const all: Record<string, PgColumn> = getTableColumns(table);
  const given = Object.keys(all).filter((key) => rows.some((row) => Reflect.get(row, key) !== undefined));
  const partial = given.find((key) => all[key]?.hasDefault && rows.some((row) => Reflect.get(row, key) === undefined));
  if (partial) throw new Error(`Some rows of ${getTableName(table)} name ${partial} and some leave it to its default`);
  return given;
}

type Insert = ReturnType<typeof preparedSql>;
const inserts = new Map<string, Insert>();

/** One text for a table and a set of its columns, however many rows come. */
function insertOf(table: PgTable, columns: readonly string[]): Insert {
  const key = `${getTableName(table)}(${columns.join()})`;
  const known = inserts.get(key);
  if (known) return known;
  const name = sql.identifier(getTableName(table));
  const list = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  );
  const made = preparedSql(
    `insert-${inserts.size}`,
    sql`insert into ${name} (${list}) select ${list} from json_populate_recordset(null::${name}, ${sql.placeholder('rows')})`,
  );
  inserts.set(key, made);
  return made;
}

/**
 * Inserts rows as one parameter instead of one a value. The text is the same for one row and for thousands, so each
 * session plans it once, and neither side takes 35,000 parameters apart to list 1,000 products.
 */
export async function insertRows<Table extends PgTable>(
  tx: Tx,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): Promise<void> {
  if (rows.length === 0) return;
  const members = columnsOf(table, rows).map((key) => ({ key, column: toSnakeCase(key) }));
  const insert = insertOf(
    table,
    members.map(({ column }) => column),
  );
  for (let from = 0; from < rows.length; from += rowsAStatement) {
    const piece = rows.slice(from, from + rowsAStatement);
    const asJson = piece.map((row) =>
      Object.fromEntries(members.map(({ key, column }) => [column, memberOf(row, key)])),
    );
    await insert(tx, { rows: JSON.stringify(asJson) });
  }
}

const memberOf = (row: object, key: string): unknown => Reflect.get(row, key) ?? null;
