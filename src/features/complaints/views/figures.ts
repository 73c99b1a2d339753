import { sql } from 'drizzle-orm';
import { dayMs } from '#core/clock.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ComplaintFigure, ComplaintRule } from '../types.ts';

/**
 * How many complaints of the last days a business answered in time. One counts once it is answered or its time is over;
 * what was withdrawn before, or went to an officer at once, says nothing of the business.
 */
export async function readFigure(
  reader: Reader,
  businessId: BusinessId,
  { figureDays, figureMinimum }: ComplaintRule,
  now: Date,
): Promise<ComplaintFigure> {
  const since = new Date(now.getTime() - figureDays * dayMs);
  const { rows } = await reader.execute<{ count: number; of: number }>(
    sql`select count(*) filter (where answered_at <= answer_by)::int as count, count(*)::int as of from complaints
      where business_id = ${businessId} and created_at > ${since.toISOString()}::timestamptz and answer_by is not null
        and (answered_at is not null or answer_by <= ${now.toISOString()}::timestamptz) and (answered_at is not null or ended_at is null or ended_at > answer_by)
        and (answered_at is not null or escalated_at is null or escalated_at >= answer_by)`,
  );
  const [row] = rows;
  return row && row.of >= figureMinimum ? { days: figureDays, count: row.count, of: row.of } : null;
}
