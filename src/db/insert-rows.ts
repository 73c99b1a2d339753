import { getTableColumns, getTableName, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { preparedSql, type Tx } from './client.ts';

/** Bounds what one statement holds in memory at once, here and in the server. */
const rowsAStatement = 5_000;

/** Rows of one table, and which of its columns they name. */
export type Rows = { readonly table: PgTable; readonly keys: readonly string[]; readonly rows: readonly object[] };
type Shape = Pick<Rows, 'table' | 'keys'>;

/** Names the rows that are to be written. A column that only some of them name is null in the others. */
export function rowsOf<Table extends PgTable>(table: Table, rows: readonly InferInsertModel<Table>[]): Rows {
  const columns: Record<string, PgColumn> = getTableColumns(table);
  const isMissing = (key: string): boolean => rows.some((row) => Reflect.get(row, key) === undefined);
  const keys = Object.keys(columns).filter((key) => rows.some((row) => Reflect.get(row, key) !== undefined));
  const partial = keys.find((key) => columns[key]?.hasDefault && isMissing(key));
  if (partial) throw new Error(`Some rows of ${getTableName(table)} name ${partial} and some leave it to its default`);
  return { table, keys, rows };
}

const columnOf = ({ table }: Shape, key: string): PgColumn => {
  const column = (getTableColumns(table) as Record<string, PgColumn>)[key];
  if (!column) throw new Error(`${getTableName(table)} has no column ${key}`);
  return column;
};

/** PostgreSQL has no arrays of arrays of different lengths: a column that is an array itself travels as JSON. */
const isList = (column: PgColumn): boolean => column.columnType === 'PgArray';
const isJson = (column: PgColumn): boolean => column.columnType === 'PgJsonb' || isList(column);

/** The parameters that `insertOf` reads under this name: an array a column. */
export const valuesOf = (given: Rows, name: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    given.keys.map((key) => {
      const values: unknown[] = given.rows.map((row) => Reflect.get(row, key) ?? null);
      const asJson = isJson(columnOf(given, key));
      return [`${name}.${key}`, asJson ? values.map((value) => value && JSON.stringify(value)) : values];
    }),
  );

/**
 * `insert into … select … from unnest(…)`. The text is the same for one row and for thousands, so a session plans it
 * once, and neither side takes 35,000 parameters apart to list 1,000 products.
 */
export function insertOf(shape: Shape, name: string): SQL {
  const columns = shape.keys.map((key) => {
    const column = columnOf(shape, key);
    return { key, list: isList(column), type: column.getSQLType(), column: sql.identifier(toSnakeCase(key)) };
  });
  const lists = columns.map(
    ({ key, list, type }) => sql`${sql.placeholder(`${name}.${key}`)}::${sql.raw(list ? 'text' : type)}[]`,
  );
  const read = columns.map(({ list, type, column }) =>
    list ? sql`array(select json_array_elements_text(given.${column}::json))::${sql.raw(type)}` : sql`given.${column}`,
  );
  const names = sql.join(
    columns.map(({ column }) => column),
    sql`, `,
  );
  return sql`insert into ${sql.identifier(getTableName(shape.table))} (${names}) select ${sql.join(read, sql`, `)} from unnest(${sql.join(lists, sql`, `)}) as given (${names})`;
}

type Statement = ReturnType<typeof preparedSql>;
const statements = new Map<string, Statement>();

function statementOf(all: readonly Rows[]): Statement {
  const key = all.map(({ table, keys }) => `${getTableName(table)}(${keys.join()})`).join();
  const known = statements.get(key);
  if (known) return known;
  const inserts = all.map((one, index) => insertOf(one, String(index)));
  const last = inserts.pop() ?? sql``;
  const before = inserts.map((insert, index) => sql`${sql.identifier(`insert${index}`)} as (${insert})`);
  const text = before.length > 0 ? sql`with ${sql.join(before, sql`, `)} ${last}` : last;
  const made = preparedSql(`insert-${statements.size}`, text);
  statements.set(key, made);
  return made;
}

/** Inserts rows of several tables in one statement; foreign keys between them are checked at its end. */
export async function insertTogether(tx: Tx, ...given: readonly Rows[]): Promise<void> {
  const all = given.filter(({ rows }) => rows.length > 0);
  if (all.length === 0) return;
  await statementOf(all)(tx, Object.assign({}, ...all.map((one, index) => valuesOf(one, String(index)))));
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
