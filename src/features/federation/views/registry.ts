import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';

/** Addresses of a partner's listings that stand in the shop. */
export async function listShownUris(reader: Reader, partnerKey: string): Promise<ReadonlySet<string>> {
  const { rows } = await reader.execute<{ uri: string }>(
    sql`select origin_uri as uri from products where partner_key = ${partnerKey} and status = 'listed'`,
  );
  return new Set(rows.map(({ uri }) => uri));
}
