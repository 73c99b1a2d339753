import { getTableColumns, getTableName, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { preparedSql, type Tx } from './client.ts';

/** Bounds what one statement holds in memory at once, here and in the server. */
const rowsAStatement = 5_000;

/** Rows of one table, and which of its columns they name. */
export type Rows = { readonly table: PgTable; readonly keys: readonly string[]; readonly rows: readonly object[] };

/** Names the rows that are to be written. A column that only some of them name is null in the others. */
export function rowsOf<Table extends PgTable>(table: Table, rows: readonly InferInsertModel<Table>[]): Rows {
  const columns: Record<string, PgColumn> = getTableColumns(table);
  const isMissing = (key: string): boolean => rows.some((row) => Reflect.get(row, key) === undefined);
  const keys = Object.keys(columns).filter((key) => rows.some((row) => Reflect.get(row, key) !== undefined));
  const partial = keys.find((key) => columns[key]?.hasDefault && isMissing(key));
  if (partial) throw new Error(`Some rows of ${getTableName(table)} name ${partial} and some leave it to its default`);
  return { table, keys, rows };
}

/** The rows as the parameter that `insertOf` reads. */
export const jsonOf = ({ keys, rows }: Rows): string => {
  const members = keys.map((key) => [key, toSnakeCase(key)] as const);
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(members.map(([key, column]) => [column, Reflect.get(row, key) ?? null]))),
  );
};

/** `insert into … select … from` the JSON that the placeholder of this name brings. */
export function insertOf({ table, keys }: Pick<Rows, 'table' | 'keys'>, placeholder: string): SQL {
  const name = sql.identifier(getTableName(table));
  const columns = keys.map((key) => sql.identifier(toSnakeCase(key)));
  const list = sql.join(columns, sql`, `);
  return sql`insert into ${name} (${list}) select ${list} from json_populate_recordset(null::${name}, ${sql.placeholder(placeholder)}::json)`;
}

type Statement = ReturnType<typeof preparedSql>;
const statements = new Map<string, Statement>();

function statementOf(all: readonly Rows[]): Statement {
  const key = all.map(({ table, keys }) => `${getTableName(table)}(${keys.join()})`).join();
  const known = statements.get(key);
  if (known) return known;
  const inserts = all.map((one, index) => insertOf(one, `rows${index}`));
  const last = inserts.pop() ?? sql``;
  const before = inserts.map((insert, index) => sql`${sql.identifier(`insert${index}`)} as (${insert})`);
  const text = before.length > 0 ? sql`with ${sql.join(before, sql`, `)} ${last}` : last;
  const made = preparedSql(`insert-${statements.size}`, text);
  statements.set(key, made);
  return made;
}

/**
 * Inserts rows of several tables in one statement; foreign keys between them are checked at its end. Each table's rows
 * are one parameter, so the text is the same for one row and for thousands: a session plans it once, and neither side
 * takes 35,000 parameters apart to list 1,000 products.
 */
export async function insertTogether(tx: Tx, ...given: readonly Rows[]): Promise<void> {
  const all = given.filter(({ rows }) => rows.length > 0);
  if (all.length === 0) return;
  await statementOf(all)(tx, Object.fromEntries(all.map((one, index) => [`rows${index}`, jsonOf(one)])));
}

/** Inserts any number of rows into one table, some thousands a statement. */
export async function insertRows<Table extends PgTable>(
  tx: Tx,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): Promise<void> {
  const named = rowsOf(table, rows);
  for (let from = 0; from < rows.length; from += rowsAStatement)
    await insertTogether(tx, { ...named, rows: rows.slice(from, from + rowsAStatement) });
}
