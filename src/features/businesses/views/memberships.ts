import { sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import type { Membership } from '#http/access.ts';

const maxMemberships = 1_000;

/**
 * The businesses that an account may act for, and as what, in one reading. Read anew for each request: who was removed is
 * out with the next one, and so is an assistant whose household took its consent back.
 */
export async function listMembershipsOf(
  reader: Reader,
  accountId: Id<'Account'>,
  now: Date,
): Promise<readonly Membership[]> {
  const { rows } = await reader.execute<Membership & Record<string, unknown>>(sql`
    select business_id as "businessId", role, array[]::text[] as scopes from business_members where account_id = ${accountId}
    union all
    select business_id, 'assistant', scopes from consents
      where assistant_id = ${accountId} and given_at is not null and revoked_at is null and expires_at > ${now.toISOString()}::timestamptz
    limit ${maxMemberships}`);
  return rows;
}
