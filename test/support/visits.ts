import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';

type PlanNode = Readonly<Record<string, unknown>> & { readonly Plans?: readonly PlanNode[] };

const counted = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Join Filter'] as const;

function rowsOf(node: PlanNode): number {
  const once = counted.reduce((sum, name) => sum + Number(node[name] ?? 0), 0);
  return once * Number(node['Actual Loops'] ?? 0) + (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), 0);
}

/**
 * How many rows the statements of `read` pass from step to step of their plans, and what each compares and throws away.
 * The server's own counters of a table do not see what is read again out of memory, which is how a wrong plan is slow.
 */
export async function countVisited(reader: Reader, read: (explaining: Reader) => Promise<unknown>): Promise<number> {
  let visited = 0;
  const execute = async (query: SQL) => {
    const { rows } = await reader.execute<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      sql`explain (analyze, timing off, format json) ${query}`,
    );
    for (const { Plan } of rows.flatMap((row) => row['QUERY PLAN'])) visited += rowsOf(Plan);
    return { rows: [] };
  };
  await read(Object.assign(Object.create(reader), { execute }));
  return visited;
}
