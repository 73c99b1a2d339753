import { sql } from 'drizzle-orm';
import { type Db, transact } from '#db/client.ts';
import type { PartnerState } from '#features/federation/types.ts';

const road: readonly PartnerState[] = ['inactive', 'invited', 'proved', 'sandbox', 'probation', 'active'];

/** Walks a partner that has an address, and a key if it is a native one, through the states, and grants it all verbs. */
export const letIn = (db: Db, key: string, until: PartnerState = 'active'): Promise<void> =>
  transact(db, 'test', async (tx) => {
    const { rows } = await tx.execute<{ state: PartnerState }>(sql`select state from partners where key = ${key}`);
    const { state: before = 'inactive' } = rows[0] ?? {};
    if (before === 'suspended')
      return void (await tx.execute(sql`update partners set state = ${until}, resumes_to = null where key = ${key}`));
    if (before === 'retired') await tx.execute(sql`update partners set state = 'invited' where key = ${key}`);
    const from = road.indexOf(before === 'retired' ? 'invited' : before);
    for (const state of road.slice(from + 1, road.indexOf(until) + 1))
      await tx.execute(sql`update partners set state = ${state} where key = ${key}`);
    await tx.execute(sql`insert into partner_grants (partner_key, verb, granted_by, granted_at)
      select ${key}, verb, 'test', now() from unnest(array['pull', 'push', 'quote', 'order']) as verb on conflict do nothing`);
  });
