/** What another slice may ask of a partner in the matter of orders, as far as it was granted. */
import type { Db } from '#db/client.ts';
import type { Ctx, Ordering, PartnerAdapter } from '#federation/adapters/adapter.ts';
import { endpointOf } from './partners.ts';
import { findPartner, type PartnerRow } from './queries.ts';
import type { Verb } from './types.ts';

type Deps = {
  readonly adapterFor: (endpoint: Ctx['partner']) => PartnerAdapter;
  readonly contextOf: (partner: PartnerRow, endpoint: Ctx['partner']) => Ctx;
  readonly maySend: (key: string, verb: Verb) => Promise<boolean>;
};

export const createOrderingAt = (db: Db, { adapterFor, contextOf, maySend }: Deps) => ({
  /** Whether goods of the partner can be ordered through us: it was granted both verbs, and it answers. */
  isOrderable: async (key: string): Promise<boolean> => {
    const partner = await findPartner(db, key);
    const endpoint = partner && endpointOf(partner);
    if (!partner || !endpoint || partner.breaker?.isOpen || !adapterFor(endpoint).ordering) return false;
    return (await maySend(key, 'quote')) && (await maySend(key, 'order'));
  },
  /**
   * The way of asking this partner; undefined where there is none. What was ordered is followed to its end whatever became
   * of the grants since: they are looked at before anything new is asked.
   */
  orderingAt: async (key: string): Promise<{ readonly ordering: Ordering; readonly ctx: Ctx } | undefined> => {
    const partner = await findPartner(db, key);
    const endpoint = partner && endpointOf(partner);
    const ordering = endpoint && adapterFor(endpoint).ordering;
    return ordering && { ordering, ctx: contextOf(partner, endpoint) };
  },
});
