import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { Preview } from '#federation/engine/preview.ts';
import type { LaneOutcome } from '#federation/engine/store.ts';
import { byOf } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { PartnerDesk, PartnerView } from './desk.ts';
import { partnerActors } from './desk-parts.ts';
import {
  DryRun,
  HeldList,
  HeldParams,
  PartnerHealth,
  PartnerList,
  PartnerParams,
  PullRequest,
  PullResult,
  Reasoned,
  ReplayAllResult,
  ReplayResult,
  TwinJudgement,
  TwinList,
} from './desk-schemas.ts';
import type { TwinPair } from './twins.ts';
import { federationProblems } from './types.ts';
import type { ShownGood } from './views/desk.ts';

const tags = ['staff'];
const read = { access: 'staff' } as const;
const act = { access: 'staff', roles: partnerActors } as const;
type Deps = { readonly partnerDesk: PartnerDesk; readonly now: () => Date };

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const failureOf = (outcome: Pick<LaneOutcome, 'failure'> | null | undefined) => {
  const failure = outcome?.failure;
  return failure ? { code: failure.code, detail: failure.detail.slice(0, 1_000) } : null;
};

function laneView({ lane, state, outcome, ...at }: PartnerView['lanes'][number], now: Date) {
  const lagMs = at.succeededAt && Math.max(0, now.getTime() - at.succeededAt.getTime());
  return {
    lane,
    state,
    attemptedAt: iso(at.attemptedAt),
    succeededAt: iso(at.succeededAt),
    comparedAt: iso(at.comparedAt),
    lagSeconds: lagMs === null ? null : Math.round(lagMs / 1_000),
    failure: failureOf(outcome),
  };
}

/** What the list and the page of one partner tell alike. */
const factsOf = (partner: PartnerView, now: Date) => ({
  key: partner.key,
  name: { vi: partner.nameVi, en: partner.nameEn },
  adapter: partner.adapter,
  state: partner.state,
  tone: partner.health.tone,
  findings: partner.health.findings.map((finding) => ('at' in finding ? { ...finding, at: iso(finding.at) } : finding)),
  pricesAsOf: iso(partner.pricesAsOf),
  ...partner.counts,
  lanes: partner.lanes.map((lane) => laneView(lane, now)),
});

const partnerRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { partnerDesk, now }) => {
  app.get(
    '/staff/partners',
    {
      config: read,
      schema: {
        operationId: 'listPartners',
        tags,
        summary: 'How the partner exchanges fare',
        description: 'All of them with what an officer should know; whoever needs somebody stands first.',
        response: { 200: PartnerList, ...refused },
      },
    },
    async (_request, reply) => {
      const items = (await partnerDesk.listPartners()).map((partner) => factsOf(partner, now()));
      return reply.header('cache-control', 'no-store').send({ items });
    },
  );
  app.get(
    '/staff/partners/:key',
    {
      config: read,
      schema: {
        operationId: 'getPartner',
        tags,
        summary: 'How one partner fares',
        description: 'As in the list, with where it stands, how it is read, and the figures of its last week.',
        params: PartnerParams,
        response: { 200: PartnerHealth, ...refuses(federationProblems, 'partner-not-found') },
      },
    },
    async ({ params }, reply) => {
      const partner = await partnerDesk.getPartner(params.key);
      const { stateSince, baseUrl, origin, keyid, hasSecrets, cadenceSeconds } = partner;
      return reply.header('cache-control', 'no-store').send({
        ...factsOf(partner, now()),
        stateSince: stateSince.toISOString(),
        ...{ baseUrl, origin, keyid, hasSecrets, cadenceSeconds },
        score: await partnerDesk.score(params.key),
      });
    },
  );
  app.post(
    '/staff/partners/:key/pull',
    {
      config: act,
      schema: {
        operationId: 'pullPartner',
        tags,
        summary: 'Read a partner now',
        description:
          'Whatever its back-off says. Answers when both lanes were read or failed, which may take minutes; what went wrong is told lane by lane.',
        params: PartnerParams,
        body: PullRequest,
        response: { 200: PullResult, ...refuses(federationProblems, 'partner-not-found', 'partner-not-active') },
      },
    },
    async (request) => {
      const { acceptChanges = false } = request.body;
      const report = await partnerDesk.tryNow(byOf(request), request.params.key, acceptChanges);
      const lanes = report.state === 'pulled' ? Object.entries(report.lanes) : [];
      return {
        lanes: lanes.flatMap(([lane, outcome]) => {
          if (!outcome) return [];
          const { applied, withdrawn, quarantined } = outcome.counts;
          const counts = { applied, withdrawn, quarantined };
          return [{ lane: lane as 'catalogue', state: outcome.state, ...counts, failure: failureOf(outcome) }];
        }),
      };
    },
  );
};

const heldRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { partnerDesk }) => {
  app.get(
    '/staff/partners/:key/quarantine',
    {
      config: read,
      schema: {
        operationId: 'listHeldRecords',
        tags,
        summary: 'Records of a partner that could not be taken',
        description: 'Each with the reason and what came; the latest first, at most 200.',
        params: PartnerParams,
        response: { 200: HeldList, ...refuses(federationProblems, 'partner-not-found') },
      },
    },
    async ({ params }, reply) => {
      const items = (await partnerDesk.listQuarantined(params.key)).map(
        ({ partnerKey: _partner, firstSeenAt, lastSeenAt, dismissedAt, ...row }) => ({
          ...row,
          firstSeenAt: firstSeenAt.toISOString(),
          lastSeenAt: lastSeenAt.toISOString(),
          dismissedAt: iso(dismissedAt),
        }),
      );
      return reply.header('cache-control', 'no-store').send({ items });
    },
  );
  app.post(
    '/staff/partners/:key/quarantine/replay',
    {
      config: act,
      schema: {
        operationId: 'replayHeldRecords',
        tags,
        summary: 'Try all records that are held back again',
        description: 'Reads what is kept of each anew. One that still cannot be taken stays and says why.',
        params: PartnerParams,
        response: { 200: ReplayAllResult, ...refuses(federationProblems, 'partner-not-found', 'partner-not-ready') },
      },
    },
    async (request) => {
      await partnerDesk.getRow(request.params.key);
      return await partnerDesk.replayAll(byOf(request), request.params.key);
    },
  );
  app.post(
    '/staff/partners/:key/quarantine/:id/replay',
    {
      config: act,
      schema: {
        operationId: 'replayHeldRecord',
        tags,
        summary: 'Try a record that is held back again',
        description:
          'Reads what is kept of it as if it came now. A price that jumped is believed, since a person asked.',
        params: HeldParams,
        response: {
          200: ReplayResult,
          ...refuses(federationProblems, 'quarantine-not-found', 'quarantine-cut', 'partner-not-ready'),
        },
      },
    },
    async (request) => partnerDesk.replay(byOf(request), request.params.key, request.params.id),
  );
  app.post(
    '/staff/partners/:key/quarantine/:id/dismiss',
    {
      config: act,
      schema: {
        operationId: 'dismissHeldRecord',
        tags,
        summary: 'Let a record that is held back be',
        description: 'It waits for nobody any more, until its exchange sends it otherwise.',
        params: HeldParams,
        body: Reasoned,
        response: {
          204: Type.Null({ description: 'Done' }),
          ...refuses(federationProblems, 'quarantine-not-found', 'partner-reason-required'),
        },
      },
    },
    async (request, reply) => {
      const { key, id } = request.params;
      await partnerDesk.dismiss(byOf(request), key, id, request.body.reason);
      return reply.code(204).send(null);
    },
  );
};

const dryRunView = ({ lanes, sample, refused: held }: Preview) => ({
  lanes: lanes.map(({ lane, counts, isWhole, failure }) => ({
    lane,
    ...counts,
    gone: isWhole ? counts.gone : null,
    failure: failureOf(failure && { failure }),
  })),
  sample: sample.map(({ listing, offer, isNew }) => ({
    uri: listing.uri,
    name: listing.title.vi,
    producer: listing.producer.name,
    categoryCode: listing.categoryCode,
    price: (offer?.price.amount ?? null) as never,
    isNew,
  })),
  refused: held.map(({ lane, sourceId, reason, detail }) => ({ lane, sourceId, reason, detail })),
});

const goodView = ({ productId, name, partnerKey, business, unit, priceVnd, gtin, decisionNumber }: ShownGood) => ({
  productId,
  name,
  partner: partnerKey,
  business,
  unit,
  price: priceVnd as never,
  gtin,
  decisionNumber,
});
const pairView = ({ basis, goods: [one, other], judged }: TwinPair) => ({
  basis,
  one: goodView(one),
  other: goodView(other),
  verdict: judged?.verdict ?? null,
  reason: judged?.reason || null,
});

const comparingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { partnerDesk }) => {
  app.post(
    '/staff/partners/:key/dry-run',
    {
      config: act,
      schema: {
        operationId: 'dryRunPartner',
        tags,
        summary: 'What a partner would bring',
        description:
          'Reads both lanes from their beginning and compares them with what is here; nothing is written. A lane that cannot be read says why.',
        params: PartnerParams,
        response: { 200: DryRun, ...refuses(federationProblems, 'partner-not-found', 'partner-not-ready') },
      },
    },
    async ({ params }) => dryRunView(await partnerDesk.preview(params.key)),
  );
  app.get(
    '/staff/twins',
    {
      config: read,
      schema: {
        operationId: 'listTwins',
        tags,
        summary: 'Listings of several exchanges that may be one good',
        description:
          'By barcode, by tax code with name and content, or by decision number; packs of another size are never paired.',
        response: { 200: TwinList, ...refused },
      },
    },
    async (_request, reply) => {
      const { pairs, groups } = await partnerDesk.listTwins();
      const sorted = pairs.toSorted((a, b) => Number(a.judged !== undefined) - Number(b.judged !== undefined));
      const document = { pairs: sorted.slice(0, 500).map(pairView), groups: groups.length };
      return reply.header('cache-control', 'no-store').send(document);
    },
  );
  app.post(
    '/staff/twins',
    {
      config: act,
      schema: {
        operationId: 'judgeTwins',
        tags,
        summary: 'Say whether two listings are one good',
        description: 'It stays, whatever their exchanges send; the last word counts. Rows are never merged.',
        body: TwinJudgement,
        response: { 204: Type.Null({ description: 'Done' }), ...refuses(federationProblems, 'twins-not-found') },
      },
    },
    async (request, reply) => {
      const { one, other, verdict, reason = '' } = request.body;
      await partnerDesk.judgeTwins(byOf(request), [one, other], verdict, reason);
      return reply.code(204).send(null);
    },
  );
};

/** Registered with the prefix /v1. */
export const partnerDeskRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { partnerDesk, now }) => {
  for (const routes of [partnerRoutes, heldRoutes, comparingRoutes]) await app.register(routes, { partnerDesk, now });
};
