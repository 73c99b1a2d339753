import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { ComplaintKind } from '../types.ts';

/** Complaints of one business about one thing, filed in a period. Nothing in it tells who complained. */
export type ReportRow = {
  readonly businessCode: string | null;
  readonly business: string;
  readonly kind: ComplaintKind;
  readonly filed: number;
  readonly open: number;
  readonly settled: number;
  readonly refunded: number;
  readonly replaced: number;
  readonly apologised: number;
  readonly dismissed: number;
  readonly lapsed: number;
  readonly withdrawn: number;
  /** Those that an officer decided later than published. */
  readonly overdue: number;
  readonly warned: number;
  readonly reported: number;
  readonly refundVnd: number;
  /** Of those that have an end, in hours; null where none has. */
  readonly ended: number;
  readonly meanHours: number | null;
  readonly longestHours: number | null;
};

export async function listReport(
  reader: Reader,
  { start, end }: { readonly start: Date; readonly end: Date },
): Promise<readonly ReportRow[]> {
  const { rows } = await reader.execute<ReportRow>(
    sql`select b.code as "businessCode", b.name as business, c.kind, count(*)::int as filed,
        count(*) filter (where c.state in ('open', 'offered', 'escalated'))::int as open,
        count(*) filter (where c.state = 'settled')::int as settled,
        count(*) filter (where c.verdict = 'refund')::int as refunded,
        count(*) filter (where c.verdict = 'replacement')::int as replaced,
        count(*) filter (where c.verdict = 'apology')::int as apologised,
        count(*) filter (where c.verdict = 'dismiss')::int as dismissed,
        count(*) filter (where c.state = 'lapsed')::int as lapsed,
        count(*) filter (where c.state = 'withdrawn')::int as withdrawn,
        count(*) filter (where c.overdue)::int as overdue,
        count(*) filter (where c.warned)::int as warned,
        count(*) filter (where c.reported_to is not null)::int as reported,
        coalesce(sum(c.refund_vnd), 0)::float8 as "refundVnd",
        count(c.ended_at)::int as ended,
        (avg(extract(epoch from c.ended_at - c.created_at)) / 3600)::float8 as "meanHours",
        (max(extract(epoch from c.ended_at - c.created_at)) / 3600)::float8 as "longestHours"
      from complaints c join businesses b on b.id = c.business_id
      where c.created_at >= ${start.toISOString()}::timestamptz and c.created_at < ${end.toISOString()}::timestamptz
      group by b.id, c.kind order by b.name, b.id, c.kind`,
  );
  return rows;
}
