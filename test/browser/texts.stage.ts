/** What the walk of all texts stands on: every route with who may call it, and its rows of the database full of texts. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { mayEnter, nameOf, type Route, rowOf } from '#test/http/access/calls.ts';
import type { Expected, Row, Values } from '#test/http/access/expected.ts';
import type { openStage, Who } from '#test/http/access/stage.ts';
import { inPieces } from '#test/support/texts.ts';

export type OpenStage = Awaited<ReturnType<typeof openStage>>;

const folder = fileURLToPath(new URL('../http/access/', import.meta.url));
const notRows = new Set(['bodies.ts', 'calls.ts', 'editor.ts', 'expected.ts', 'stage.ts']);

/** The rows of every slice, as the test of access has them. */
export async function readRows(): Promise<Expected> {
  const files = globSync('*.ts', { cwd: folder }).filter((file) => !notRows.has(file));
  const modules = await Promise.all(files.map((file) => import(folder + file) as Promise<Record<string, Expected>>));
  return Object.assign({}, ...modules.flatMap((one) => Object.values(one)));
}

const candidates: readonly Who[] = ['nobody', 'shopperA', 'ownerA', 'admin'];

export type Target = {
  readonly route: Route;
  readonly row: Row;
  readonly who: Who;
  readonly values: Values;
  readonly path: string;
};

/** The first caller who may enter, before a thing that is theirs; undefined for what a person cannot call. */
export async function aim(stage: OpenStage, rows: Expected, route: Route): Promise<Target | undefined> {
  const row = rowOf(rows, route);
  const open = row.access.startsWith('public') && !row.of ? candidates : candidates.toReversed();
  const who = open.find((one) => mayEnter(row, one) && (one === 'admin') === row.access.startsWith('staff'));
  if (!rows[nameOf(route)] || !who || /partner|webhook/.test(row.access)) return undefined;
  const values = (await row.of?.(stage, 'A')) ?? {};
  const path = route.path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(values[name] ?? 'khong-co'));
  return { route, row, who: row.access.startsWith('public') ? 'nobody' : who, values, path: path + (row.query ?? '') };
}

/** Columns that programs read: a text in their place would be another fault than the one that is looked for. */
const forPrograms =
  /(^|_)(id|ids|key|keys|code|codes|slug|sku|status|state|kind|kinds|type|hash|token|secret|digest|login|source|url|uri|role|roles|path|media|locale|channel|queue|method|provider|actor|by|colour|format|gtin|memo|bin|storage|origin|address|endpoint|cursor|version|folded|subject|sealed|phone|email|language|outcome|action|scope|sha256|etag|number|payload|keyid|ward|province|place|scheme|zone|carrier|month|class|policy|bearer|basis)(_|$)/;

/** Puts texts into every column that is shown to people, past all forms: what is shown is safe whatever let it in. */
export async function flood(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and data_type = 'text' and is_generated = 'NEVER' order by 1, 2`,
  );
  const pieces = inPieces(190).map((piece) => piece.replaceAll('\0', ''));
  const filled: string[] = [];
  for (const { table, column } of rows) {
    if (forPrograms.test(column) || /^(search_|__)/.test(table)) continue;
    const statement = `update "${table}" set "${column}" = ($1::text[])[1 + abs(hashtext(ctid::text || $2)) % ${pieces.length}] where "${column}" <> ''`;
    // What a constraint or a wall refuses is refused to everybody.
    const done = await client.query(statement, [pieces, column]).catch(() => undefined);
    if (done && (done.rowCount ?? 0) > 0) filled.push(`${table}.${column}`);
  }
  return filled;
}
