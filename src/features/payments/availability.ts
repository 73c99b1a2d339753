import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import { clearHealth, listHealth, noteFailure } from './queries/health.ts';
import { failuresToOpen } from './rules/money.ts';
import type { Gateway, GatewayOutcome, Method } from './types.ts';

/** How old the memory of a process may be: what another process found out is known here a second later. */
const staleMs = 1_000;

export type Availability = ReturnType<typeof createAvailability>;

/**
 * A provider that does not answer hides its method, in all processes: three failures in a row open its breaker for half a
 * minute, each further one for twice as long, up to five minutes. After that it is offered again, and whoever asks it
 * first finds out; payments that are under way are asked after all the while, and one answer closes the breaker.
 */
export function createAvailability({ db, now }: { readonly db: Db; readonly now: Clock }) {
  const known = new Map<string, { readonly failures: number; readonly openUntil: Date | null }>();
  let readAt = 0;
  const readShared = async (): Promise<void> => {
    const rows = await listHealth(db);
    known.clear();
    for (const { provider, failures, openUntil } of rows) known.set(provider, { failures, openUntil });
  };
  return {
    /** From the memory of this process, which is renewed behind the answer: no shopper waits for it. */
    isOpen: (method: Method): boolean => {
      const at = now().getTime();
      if (at - readAt > staleMs || at < readAt) {
        readAt = at;
        // Should the database be away, the last that was known stands.
        readShared().catch(() => undefined);
      }
      const { failures = 0, openUntil = null } = known.get(method) ?? {};
      return failures < failuresToOpen || openUntil === null || openUntil <= now();
    },
    failed: async (method: Method): Promise<void> => {
      const health = await noteFailure(db, method, now());
      if (health) known.set(method, health);
    },
    answered: async (method: Method): Promise<void> => {
      if ((known.get(method)?.failures ?? 0) === 0) return;
      known.delete(method);
      await clearHealth(db, method);
    },
  };
}

const isNews = ({ kind }: GatewayOutcome): boolean => kind !== 'unknown';

/** The same provider, with each call noted as answered or not. */
export function watched(gateway: Gateway, availability: Availability): Gateway {
  const { method } = gateway;
  const note = async (outcome: GatewayOutcome): Promise<GatewayOutcome> => {
    await (isNews(outcome) ? availability.answered(method) : availability.failed(method));
    return outcome;
  };
  return {
    ...gateway,
    start: async (request) => {
      const session = await gateway.start(request).catch(async (error: unknown) => {
        await availability.failed(method);
        throw error;
      });
      // VNPAY's page is an address that we sign ourselves: that it could be made says nothing about VNPAY.
      if (method !== 'vnpay') await availability.answered(method);
      return session;
    },
    query: (payment) => gateway.query(payment).then(note),
    refund: (request) => gateway.refund(request).then(note),
    queryRefund: (reference, request) => gateway.queryRefund(reference, request).then(note),
  };
}
