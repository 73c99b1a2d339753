import { sql } from 'drizzle-orm';
import { isId } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';

/** Addresses of a partner's listings that stand in the shop. */
export async function listShownUris(reader: Reader, partnerKey: string): Promise<ReadonlySet<string>> {
  const { rows } = await reader.execute<{ uri: string }>(
    sql`select origin_uri as uri from products where partner_key = ${partnerKey} and status = 'listed'`,
  );
  return new Set(rows.map(({ uri }) => uri));
}

/** Names of those of these actors who have an account, by the actor as the log of acts writes it. */
export async function listActorNames(reader: Reader, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = actors.flatMap((actor) => (actor.startsWith('account:') ? [actor.slice('account:'.length)] : []));
  const { rows } = await reader.execute<{ id: string; name: string }>(
    sql`select id, name from accounts where id = any(${sql.param([...new Set(ids)].filter((id) => isId(id)))}::uuid[])`,
  );
  return new Map(rows.map(({ id, name }) => [`account:${id}`, name]));
}
