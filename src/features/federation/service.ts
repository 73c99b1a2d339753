import type { Clock } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Jobs } from '#db/jobs.ts';
import type { Vault } from '#db/sealed.ts';
import type { Audit } from '#features/audit/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { ADAPTERS } from '#federation/adapters/adapters.ts';
import type { PeerHttp } from '#federation/engine/http.ts';
import { type PullReport, pullPartner } from '#federation/engine/pull.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { MAX_CHANGES, MAX_PUSHED, PROTOCOL_VERSION, type Profile } from '#federation/protocol/documents.ts';
import { schemaDigests } from '#federation/schemas/schemas.ts';
import { createConformance } from './conformance-results.ts';
import { createFeed, exportProducts } from './feed.ts';
import { createForeign, secretsOf } from './foreign.ts';
import { createGoodsFeeds } from './goods-feeds.ts';
import { createInbox } from './inbox.ts';
import { createInvitations } from './invitations.ts';
import { createKeys } from './keys.ts';
import type { MirrorDeps } from './mirror.ts';
import type { NodeKeys } from './node-key.ts';
import { createNudges, queueNudge } from './nudges.ts';
import { createOrderingAt } from './ordering.ts';
import { createPartners, endpointOf, loadManifests, queueTurn } from './partners.ts';
import { createPreview } from './preview.ts';
import { createPromoting } from './promoting.ts';
import { createQuarantine } from './quarantine.ts';
import { forgetReferrals } from './queries/referrals.ts';
import { forgetDays } from './queries/score.ts';
import {
  beginTurn,
  findPartner,
  forgetNonces,
  listStalled,
  openFeeds,
  type PartnerRow,
  pruneTombstones,
  rememberNonce,
  startEpoch,
} from './queries.ts';
import { createRecalls, openRecalls } from './recalls.ts';
import { createReferrals } from './referrals.ts';
import { createRoad } from './road.ts';
import { READ_STATES } from './rules/states.ts';
import { firstScored } from './score.ts';
import { type Because, createGrants } from './states.ts';
import { createEngineStore } from './store.ts';
import { isRestored } from './views.ts';

/** What is served by the slice of partners' orders. */
const ordering = ['quotes', 'orders', 'order-changes', 'settlements'] as const;
const tombstoneLifeMs = 90 * 24 * 3_600_000;
const stalledSeconds = 600;

export type FederationDeps = MirrorDeps & {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly now: Clock;
  readonly nodeKeys: NodeKeys;
  /** As shoppers type it; its host is our origin. */
  readonly publicUrl: string;
  readonly exchangeName: { readonly vi: string; readonly en: string };
  /** The guarded way out to peers. */
  readonly http: PeerHttp;
  /** Whether that way leads to this machine too, over plain HTTP: exchanges in one house, and tests. */
  readonly allowLoopback: boolean;
  readonly vault: Vault;
  readonly audit: Pick<Audit, 'record'>;
  readonly events: Pick<Events, 'add'>;
};
export type Federation = ReturnType<typeof createFederation>;

export const createFederation = (deps: FederationDeps) => {
  const { db, now, nodeKeys, publicUrl, vault } = deps;
  const { identity, cursorSeal } = nodeKeys;
  const origin = new URL(publicUrl).host;
  const exporter = { origin, publicUrl };
  const engine = {
    store: createEngineStore(deps),
    adapterFor,
    self: origin,
    identity,
    http: deps.http,
    secret: async (): Promise<string | undefined> => undefined,
    now,
    random: Math.random,
  };

  /** The engine as one partner may use it: with the secrets of that one. */
  const engineOf = (partner: PartnerRow) => ({ ...engine, secret: secretsOf(vault, partner) });

  const grants = createGrants(db, deps);
  return {
    ...createPreview(db, engineOf),
    ...createPartners({ ...deps, origin }),
    ...createForeign({ ...deps, origin }),
    ...createKeys(deps),
    ...createInvitations({ ...deps, engine, engineOf }),
    ...createConformance(deps),
    ...createPromoting(deps),
    ...createRoad(db, now),
    ...grants,
    ...createOrderingAt(db, {
      adapterFor,
      contextOf: (row, partner) => ({ ...engineOf(row), partner }),
      maySend: grants.maySend,
    }),
    ...createGoodsFeeds({ db, site: { name: deps.exchangeName.vi, publicUrl } }),
    ...createFeed({ db, now, cursorKey: cursorSeal }),
    ...createQuarantine(db, engine),
    ...createInbox(db, engine),
    ...createRecalls({ db, jobs: deps.jobs, engine }),
    ...createNudges({ db, jobs: deps.jobs, engine }),
    ...createReferrals({ ...deps, identity, engineOf, origin }, now),
    ...{ identity, cursorSeal },
    ...createNodeKey(deps),
    /** Authority that signed requests must name: a request that was captured at another node says another. */
    authority: origin,
    profile: (): Profile => profileOf(deps, origin),
    rememberNonce: (keyid: string, nonce: string, until: Date) => rememberNonce(db, keyid, nonce, until),
    /** Before anything is served: the manifests, the feeds, and a new epoch when the database was restored elsewhere. */
    prepare: () =>
      transact(db, 'system:federation', async (tx) => {
        await loadManifests(tx);
        await openFeeds(tx);
        if (await isRestored(tx)) await startEpoch(tx);
      }),
    exportProducts: (ids: readonly ProductId[]) =>
      transact(db, 'system:federation', async (tx) => {
        const { changed, lanes, recalled } = await exportProducts(tx, ids, exporter, now());
        await openRecalls(tx, deps, recalled, now());
        await queueNudge(tx, deps, lanes);
        return changed;
      }),
    ...createTurns(deps, engineOf),
  };
};

/** The key by which partners know this exchange, and how it is changed. */
const createNodeKey = ({ db, nodeKeys, audit }: FederationDeps) => ({
  /** The change that is under way, if one is. */
  nodeKeyChange: nodeKeys.changing,
  /** Announces a successor: it signs in eight days, and for a week more both count. Throws `node-key-changing`. */
  rotateNodeKey: (actor: string, because: Because = {}) =>
    transact(db, actor, async (tx) => {
      const before = { keyid: nodeKeys.identity.keyid };
      const made = nodeKeys.rotate();
      const subject = { kind: 'exchange', id: 'node-key' };
      await audit.record(tx, { action: 'node-key.rotated', subject, before, after: made, ...because });
      return made;
    }),
});

/** Reading partners, each in its turn. */
const createTurns = (deps: FederationDeps, engineOf: (partner: PartnerRow) => EngineDeps) => {
  const { db, now } = deps;
  return {
    /**
     * One turn of a partner. The next one is queued in the transaction that ends this one: a worker that dies in between
     * leaves the turn open, its job is run again, and of two jobs for one turn the second finds it over.
     */
    takeTurn: async (key: string, turn: number): Promise<void> => {
      const partner = await beginTurn(db, key, turn, now());
      const endpoint = partner && endpointOf(partner);
      if (!endpoint) return;
      await pullPartner(engineOf(partner), endpoint);
      await transact(db, 'system:federation', (tx) => queueTurn(tx, deps, key, { ended: turn }));
    },
    /** Pulls now, whatever the schedule says. `acceptDeletes` releases a lane that the mass-delete guard holds. */
    pullNow: async (key: string, { acceptDeletes = false } = {}): Promise<PullReport | undefined> => {
      const partner = await findPartner(db, key);
      const endpoint = partner && READ_STATES.includes(partner.state) ? endpointOf(partner) : undefined;
      return partner && endpoint && (await pullPartner(engineOf(partner), endpoint, { acceptDeletes }));
    },
    /** Begins the chain of turns anew where it broke; a job of the old chain that is still alive finds its turn over. */
    restartTurns: () =>
      transact(db, 'system:federation', async (tx) => {
        for (const { key } of await listStalled(tx, now(), stalledSeconds)) await queueTurn(tx, deps, key);
      }),
    /** What ninety days or a restored backup do to readers, without either: for a sandbox alone, since real readers start anew. */
    rehearse: (what: 'expire' | 'epoch'): Promise<object> =>
      transact(db, 'system:federation', async (tx) => {
        await (what === 'expire' ? pruneTombstones(tx, new Date(now().getTime() + 1_000)) : startEpoch(tx));
        return {};
      }),
    tidy: () =>
      transact(db, 'system:federation', async (tx) => {
        await forgetNonces(tx, now());
        const before = new Date(now().getTime() - tombstoneLifeMs);
        await pruneTombstones(tx, before);
        await forgetReferrals(tx, before);
        await forgetDays(tx, firstScored(now()));
      }),
  };
};

function adapterFor({ adapter }: PartnerEndpoint): PartnerAdapter {
  const found = ADAPTERS[adapter];
  if (!found) throw new Error(`There is no adapter for ${adapter}`);
  return found;
}

const profileOf = ({ nodeKeys, exchangeName }: FederationDeps, origin: string): Profile => ({
  protocol: 'ocop-fed/1',
  versions: [PROTOCOL_VERSION],
  exchange: { origin, name: exchangeName },
  endpoints: {
    changes: '/federation/v1/changes',
    records: '/federation/v1/records',
    snapshot: '/federation/v1/snapshot',
    audit: '/federation/v1/audit',
    inbox: '/federation/v1/inbox',
    nudge: '/federation/v1/nudge',
    referrals: '/federation/v1/referrals',
    quotes: '/federation/v1/quotes',
    orders: '/federation/v1/orders',
    orderChanges: '/federation/v1/order-changes',
    settlements: '/federation/v1/settlements',
    health: '/federation/v1/health',
    join: '/federation/v1/join',
    challenge: '/federation/v1/challenge',
    conformanceResults: '/federation/v1/conformance-results',
  },
  capabilities: [
    'pull:catalogue',
    'pull:offer',
    'snapshot',
    'audit',
    'records:batch',
    'inbox',
    'nudge',
    'referral',
    ...ordering,
  ],
  limits: { maxChanges: MAX_CHANGES, maxPushed: MAX_PUSHED },
  keys: [...nodeKeys.published(origin)],
  schemas: schemaDigests(),
});
