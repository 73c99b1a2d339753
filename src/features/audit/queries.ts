import { desc, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { Place } from './chain.ts';
import { auditEntries, auditLinks } from './tables.ts';

export async function insertEntries(tx: Tx, rows: readonly (typeof auditEntries.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(auditEntries).values([...rows]);
}

/**
 * The form that is hashed, as in `link_audit_entry()` (migrations). It stands here a second time on purpose: whoever
 * changes the function in the database changes nothing of what is verified.
 */
const canonical = sql`jsonb_build_array(e.id, (extract(epoch from e.happened_at) * 1000)::bigint, e.actor, e.on_behalf_of,
  e.action, e.subject_kind, e.subject_id, e.before, e.after, e.reason, e.address)::text`;

/** Links after `seq` in their order, each with its act. */
export async function listPlaces(reader: Reader, seq: number, limit: number): Promise<readonly Place[]> {
  const { rows } = await reader.execute<Omit<Place, 'seq'> & { seq: string }>(
    sql`select l.seq, encode(l.hash, 'hex') as hash, l.entry_id as "entryId", case when e.id is not null then ${canonical} end as canonical,
        to_char(e.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "happenedAt", e.action
      from audit_links l left join audit_entries e on e.id = l.entry_id
      where l.seq > ${seq} order by l.seq limit ${limit}`,
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Acts that stand in the log without having come through its door. */
export async function listUnlinked(reader: Reader, limit: number): Promise<readonly Id<'AuditEntry'>[]> {
  const { rows } = await reader.execute<{ id: Id<'AuditEntry'> }>(
    sql`select e.id from audit_entries e left join audit_links l on l.entry_id = e.id where l.seq is null order by e.id limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

export async function findHead(reader: Reader): Promise<{ seq: number; hash: string } | undefined> {
  const [row] = await reader.select().from(auditLinks).orderBy(desc(auditLinks.seq)).limit(1);
  return row && { seq: row.seq, hash: row.hash.toString('hex') };
}
