import { createHash } from 'node:crypto';
import { localDate } from '#core/clock.ts';
import { decodeCursor, encodeCursor } from '#core/cursor.ts';
import { newId } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { csvOf } from '#core/spreadsheet.ts';
import { type Db, type Reader, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Deps } from './deps.ts';
import {
  findStatement,
  findStatementBefore,
  insertStatement,
  insertStatementLines,
  listStatements,
  type StatementRow,
} from './queries.ts';
import { type Month, monthsEnded, readMonth, statementNumber } from './rules.ts';
import { AMOUNTS, type Amounts } from './types.ts';
import {
  type LineScope,
  listLines,
  listPayees,
  listUnstated,
  type StatementLine,
  sumLines,
  sumOpenBefore,
} from './views.ts';

export type StatementHead = {
  readonly businessId: BusinessId;
  readonly business: string;
  readonly month: string;
  /** Null while the month is open. */
  readonly number: string | null;
  readonly frozenAt: Date | null;
  readonly openingVnd: Vnd;
  readonly closingVnd: Vnd;
  readonly totals: Amounts;
  readonly lineCount: number;
};

const csvColumns = ['at', 'kind', 'order', 'reference', ...AMOUNTS] as const;

const cellsOf = (line: StatementLine): readonly (string | number)[] => [
  line.at.toISOString(),
  line.kind,
  line.orderCode ?? '',
  line.orderCode === null ? line.reference : '',
  ...AMOUNTS.map((key) => line[key]),
];
export const linesAsCsv = (lines: readonly StatementLine[]): Buffer => csvOf([csvColumns, ...lines.map(cellsOf)]);
const hashOf = (lines: readonly StatementLine[]): string =>
  createHash('sha256').update(linesAsCsv(lines)).digest('hex');

/** What of an open month is shown, and what was owed before it. */
async function openMonth(
  reader: Reader,
  businessId: BusinessId,
  { first, start, end }: Month,
): Promise<{ readonly scope: LineScope; readonly openingVnd: Vnd }> {
  const before = await findStatementBefore(reader, businessId, first);
  const opening = before?.closingVnd ?? ZERO;
  // With the month before closed, whatever is older and in no statement came late: it is this month's.
  if (before && isMonthBefore(before.month, first))
    return { scope: { businessId, start: null, end }, openingVnd: opening };
  const openingVnd = vnd(opening + (await sumOpenBefore(reader, businessId, start)));
  return { scope: { businessId, start, end }, openingVnd };
}

const isMonthBefore = (one: string, other: string): boolean => {
  const [year = 0, month = 0] = one.split('-').map(Number);
  const [otherYear = 0, otherMonth = 0] = other.split('-').map(Number);
  return year * 12 + month + 1 === otherYear * 12 + otherMonth;
};

const headOf = (row: StatementRow, business: string): StatementHead => ({
  ...row,
  business,
  month: row.month.slice(0, 7),
});

async function read(db: Db, businessId: BusinessId, month: Month) {
  const [payee] = await listPayees(db, [businessId]);
  const business = payee?.name ?? '';
  const frozen = await findStatement(db, businessId, month.first);
  if (frozen) return { scope: { statementId: frozen.id } as LineScope, head: headOf(frozen, business) };
  const { scope, openingVnd } = await openMonth(db, businessId, month);
  const { totals, lineCount } = await sumLines(db, scope);
  const closingVnd = vnd(openingVnd + totals.netVnd);
  const open = { number: null, frozenAt: null, openingVnd, closingVnd, totals, lineCount };
  return { scope, head: { businessId, business, month: month.month, ...open } satisfies StatementHead };
}

/** Closes one month of one business. Whoever comes second finds it closed. */
async function freeze(
  { now, notices }: Deps,
  tx: Tx,
  { businessId, code }: { readonly businessId: BusinessId; readonly code: string },
  month: Month,
): Promise<boolean> {
  const { scope, openingVnd } = await openMonth(tx, businessId, month);
  const lines = await listLines(tx, scope);
  if (lines.length === 0) return false;
  const { totals } = await sumLines(tx, scope);
  const id = newId<'Statement'>();
  const number = statementNumber(month, code);
  const sums = { openingVnd, closingVnd: vnd(openingVnd + totals.netVnd), totals, lineCount: lines.length };
  const row = { id, number, businessId, month: month.first, ...sums, sha256: hashOf(lines), frozenAt: now() };
  if (!(await insertStatement(tx, row))) return false;
  await insertStatementLines(
    tx,
    lines.map(({ journalId }) => ({ businessId, journalId, statementId: id })),
  );
  await notices.tell(tx, {
    kind: 'statement.closed',
    to: { businessId, roles: ['owner'] },
    values: { month: month.month, number, closing: sums.closingVnd.toLocaleString('vi-VN') },
    path: `/ban-hang/doi-soat?thang=${month.month}`,
    key: `statement:${number}`,
  });
  return true;
}

export type StatementPage = {
  readonly head: StatementHead;
  readonly items: readonly StatementLine[];
  readonly nextCursor: string | null;
};

/** What was sold, taken, withheld and paid out, month by month. */
export function createStatements(deps: Deps) {
  const { db, now } = deps;
  return {
    currentMonth: (): string => localDate(now()).slice(0, 7),
    getStatement: async (
      businessId: BusinessId,
      asked: string,
      { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
    ): Promise<StatementPage> => {
      const { scope, head } = await read(db, businessId, readMonth(asked, now()));
      const lines = await listLines(db, scope, { limit: limit + 1, after: cursor ? decodeCursor(cursor) : undefined });
      const items = lines.slice(0, limit);
      const last = items.at(-1);
      const more = lines.length > limit && last;
      return {
        head,
        items,
        nextCursor: more ? encodeCursor({ value: last.at.toISOString(), id: last.journalId }) : null,
      };
    },
    /** The whole month at once, for a file. */
    getWholeStatement: async (businessId: BusinessId, asked: string) => {
      const { scope, head } = await read(db, businessId, readMonth(asked, now()));
      return { head, lines: await listLines(db, scope) };
    },
    listStatements: (businessId: BusinessId) => listStatements(db, businessId),
    /** Closes every month that is over. Run by a job some hours into the new month, when nothing of the old is under way. */
    freezeDue: async (): Promise<number> => {
      const at = now();
      const [thisMonth] = [readMonth(localDate(at).slice(0, 7), at)];
      let closed = 0;
      closed += await oneByOne(await listUnstated(db, thisMonth.start), async (business) => {
        let any = false;
        for (const month of monthsEnded(business.since, at))
          any = (await transact(db, 'system:settlement', (tx) => freeze(deps, tx, business, month))) || any;
        return any;
      });
      return closed;
    },
  };
}
