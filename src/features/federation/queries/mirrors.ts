import { sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { StoredRecord } from '#federation/engine/verdict.ts';
import type { FedRecord, Lane } from '#federation/protocol/record.ts';

/*
 * None of these statements is prepared by name: within one snapshot the table grows from nothing to tens of thousands of
 * rows, and a plan that was made for the first hundred would read all of it for each page.
 */

export async function findStored(
  reader: Reader,
  partnerKey: string,
  uris: readonly string[],
): Promise<ReadonlyMap<string, StoredRecord>> {
  const { rows } = await reader.execute<{ uri: string; rev: string; hash: string }>(
    sql`select uri, rev, hash from federation_mirrors where partner_key = ${partnerKey} and uri = any(${sql.param([...uris])}::text[])`,
  );
  return new Map(rows.map(({ uri, rev, hash }) => [uri, { rev: Number(rev), hash }]));
}

/**
 * Keeps what a partner sent of a lane and gives the uris of the listings that it touches, those that an offer was moved away
 * from among them. A good revision ends its quarantine. The records travel as one text, whatever their number.
 */
export async function saveMirrors(
  tx: Tx,
  partnerKey: string,
  lane: Lane,
  records: readonly FedRecord[],
  now: Date,
): Promise<readonly string[]> {
  const { rows } = await tx.execute<{ uri: string }>(sql`
    with given as materialized (
      select r ->> 'uri' as uri, (r ->> 'rev')::bigint as rev, r ->> 'hash' as hash, r as record,
        case when r ->> 'kind' = 'offer' then r ->> 'listing' when ${lane} = 'catalogue' then r ->> 'uri' end as listing_uri
      from jsonb_array_elements(${JSON.stringify(records)}::jsonb) r),
    before as (
      select m.listing_uri from given join federation_mirrors m on m.partner_key = ${partnerKey} and m.uri = given.uri),
    freed as (
      delete from federation_quarantine q using given where q.partner_key = ${partnerKey} and q.source_id = given.uri),
    saved as (
      insert into federation_mirrors as m (partner_key, uri, lane, listing_uri, rev, hash, record, received_at)
      select ${partnerKey}, uri, ${lane}, listing_uri, rev, hash, record, ${now.toISOString()}::timestamptz from given
      on conflict (partner_key, uri) do update set listing_uri = coalesce(excluded.listing_uri, m.listing_uri),
        rev = excluded.rev, hash = excluded.hash, record = excluded.record, received_at = excluded.received_at
      returning m.listing_uri)
    select listing_uri as uri from before where listing_uri is not null
    union select listing_uri from saved where listing_uri is not null`);
  return rows.map(({ uri }) => uri);
}
