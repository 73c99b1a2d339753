import { sql } from 'drizzle-orm';
import { type Id, newId } from '#core/ids.ts';
import { ASSIST_SCOPES } from '#core/roles.ts';
import type { Tx } from '#db/client.ts';

/** A household's consent to everything that one can consent to, as if its code had been read aloud. */
export async function giveConsent(tx: Tx, businessId: Id<'Business'>, assistantId: Id<'Account'>): Promise<void> {
  const [team, id] = [newId(), newId()];
  await tx.execute(
    sql`insert into assist_teams (id, code, name, ward_code, created_at) select ${team}::uuid, ${`CNS-${team}`}::text, 'Tổ 1', code, now() from wards limit 1`,
  );
  await tx.execute(sql`insert into consents (id, business_id, team_id, assistant_id, scopes, phone, wording, asked_at, code_hash, code_until, given_at, expires_at, link_hash)
    values (${id}::uuid, ${businessId}, ${team}::uuid, ${assistantId}, ${sql.param([...ASSIST_SCOPES])}::text[], '+84912345678', 'test', now(), '', now(), now(), now() + interval '300 days', ${id})`);
}
