import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { type FedRecord, LANES } from '#federation/protocol/record.ts';

/**
 * The live records of and about these listings, where there is a listing as well as an offer. The first pages of a partner
 * bring listings alone: none of them is read here only to find that it has no price yet.
 */
export async function listShowableRecords(
  reader: Reader,
  partnerKey: string,
  listingUris: readonly string[],
): Promise<FedRecord[]> {
  const { rows } = await reader.execute<{ record: FedRecord }>(sql`
    select m.record from federation_mirrors m
    where m.partner_key = ${partnerKey} and m.listing_uri = any(${sql.param([...listingUris])}::text[])
      and m.record ->> 'kind' <> 'tombstone'
      and exists (select from federation_mirrors o where o.partner_key = ${partnerKey} and o.listing_uri = m.listing_uri
        and o.lane <> m.lane and o.record ->> 'kind' <> 'tombstone')`);
  return rows.map(({ record }) => record);
}

/** Whether a transaction that still runs, somebody else's it may be, holds news of ours back from whoever reads the feed now. */
export async function isFeedHeld(reader: Reader): Promise<boolean> {
  const { rows } = await reader.execute<{ held: boolean }>(sql`select exists (select from federation_changes
    where lane = any(${sql.param([...LANES])}::text[]) and tx >= pg_snapshot_xmin(pg_current_snapshot())) as held`);
  return rows[0]?.held === true;
}
