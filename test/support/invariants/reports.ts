import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** What must hold of reports that were frozen, whatever became of what they tell of. */
export const reportChecks: readonly Check[] = [
  {
    check: 'a frozen report is what its hash says',
    query: sql`select number as subject, sha256 as detail from periodic_reports
      where sha256 <> encode(sha256(convert_to(content, 'UTF8')), 'hex') or content::jsonb->>'number' <> number`,
  },
  {
    check: 'numbers of reports follow each other without a gap',
    query: sql`select year::text as subject, format('%s reports up to %s', count(*), max(seq)) as detail from periodic_reports
      group by year having count(*) <> max(seq) or min(seq) <> 1`,
  },
  {
    check: 'one report stands for a period',
    query: sql`select period as subject, string_agg(number, ', ') as detail from periodic_reports r
      where not exists (select from periodic_reports l where l.replaces = r.number) group by period having count(*) > 1`,
  },
];
