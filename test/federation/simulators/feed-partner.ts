import type { AdapterKind, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { ADAPTERS } from '#federation/adapters/adapters.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { Listing, Offer } from '#federation/protocol/record.ts';
import { MemoryStore } from '../memory-store.ts';
import type { FeedHost } from './feed-host.ts';

/** The engine with a partner who publishes a feed at `host`. */
export function feedPartner(
  kind: AdapterKind,
  host: Pick<FeedHost, 'url'>,
  settings: Readonly<Record<string, unknown>>,
) {
  const store = new MemoryStore();
  const http = createPeerHttp({ allowLoopback: true });
  const clock = { now: new Date('2026-11-27T02:00:00Z') };
  const partner: PartnerEndpoint = { key: 'shop', origin: host.url.host, baseUrl: host.url, adapter: kind, settings };
  const adapter = ADAPTERS[kind] as PartnerAdapter;
  const deps = {
    store,
    http,
    adapterFor: () => adapter,
    self: 'soctrang.example',
    identity: readIdentity(generatePem()),
    secret: async () => undefined,
    now: () => clock.now,
    random: () => 0,
  };
  const records = () => [...store.records.values()];
  return {
    store,
    http,
    clock,
    partner,
    adapter,
    ctx: { ...deps, partner },
    /** Pulls both lanes, whatever the back-off says, and gives their outcomes. */
    pull: async (change: Partial<PartnerEndpoint> = {}, acceptDeletes = false) => {
      store.breaker = undefined;
      const report = await pullPartner(deps, { ...partner, ...change }, { acceptDeletes });
      if (report.state !== 'pulled') throw new Error('the engine waited');
      return report.lanes;
    },
    listings: () => records().filter((record): record is Listing => record.kind === 'listing'),
    offers: () => records().filter((record): record is Offer => record.kind === 'offer'),
    prices: () => records().flatMap((record) => (record.kind === 'offer' ? [record.price.amount] : [])),
    close: () => http.close(),
  };
}
