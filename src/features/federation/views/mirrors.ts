import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { FedRecord } from '#federation/protocol/record.ts';

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
