import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { businessProblems } from '#features/businesses/types.ts';
import { byOf } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import { PartnerParams } from './desk-schemas.ts';
import { partnerGrantRoutes } from './grant-routes.ts';
import { ConformanceTaken, ConformanceUpload } from './joining-routes.ts';
import type { Road as KnownRoad } from './road.ts';
import { InvitationMade, InvitationRequest, Judgements, Road, Sample, SampleDrawn } from './road-schemas.ts';
import { partnerListingRoutes } from './shown-routes.ts';
import { act, acting, done, nextOf, type RoadDeps, read, standing, tags } from './standing-now.ts';
import { federationProblems } from './types.ts';

const maxResultBytes = 1_048_576;

const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

function roadView(road: KnownRoad): Static<typeof Road> {
  const { key, state, stateSince, resumesTo, adapter, origin, grants, keyid, nextKeyid, conformance, review } = road;
  const { invitation: sent } = road;
  const { domain = '', legalEntity = '', taxCode = '' } = sent ?? {};
  return {
    ...{ key, state, resumesTo, adapter, origin, keyid, nextKeyid },
    grants: [...grants],
    stateSince: stateSince.toISOString(),
    next: nextOf(road),
    keyUntil: iso(road.keyUntil),
    nextKeyFrom: iso(road.nextKeyFrom),
    revokedKeys: road.revokedKeys.map(({ partnerKey: _key, ...one }) => ({
      ...one,
      revokedAt: one.revokedAt.toISOString(),
    })),
    invitation: sent
      ? {
          ...{ domain, legalEntity, taxCode, redeemedAt: iso(sent.redeemedAt) },
          createdAt: sent.createdAt.toISOString(),
          expiresAt: sent.expiresAt.toISOString(),
        }
      : null,
    conformance: conformance
      ? { level: conformance.level, profile: conformance.profile, ranAt: conformance.ranAt.toISOString() }
      : null,
    review: review ? { total: review.total, judged: review.judged, unfit: review.unfit, isFit: review.isFit } : null,
    probationEnds: iso(road.probationEnds),
    promotions: road.promotions.map(({ verbs, reason, proposedBy, proposedAt, outcome, decidedBy }) => ({
      ...{ verbs, reason, proposedBy, outcome, decidedBy },
      proposedAt: proposedAt.toISOString(),
    })),
    transitions: road.transitions.map(({ fromState, toState, actor, reason, at }) => ({
      ...{ from: fromState, to: toState, actor, reason },
      at: at.toISOString(),
    })),
  };
}

const invitingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  app.post(
    '/staff/partner-invitations',
    {
      config: act,
      schema: {
        operationId: 'invitePartner',
        tags,
        summary: 'Invite a partner by its signed agreement',
        description: 'The code is in this answer and nowhere else; another invitation ends the one before.',
        body: InvitationRequest,
        response: {
          201: InvitationMade,
          ...refuses(
            { ...federationProblems, 'tax-code-invalid': businessProblems['tax-code-invalid'] },
            'partner-domain-invalid',
            'partner-fingerprint-invalid',
            'agreement-incomplete',
            'tax-code-invalid',
            'partner-is-ourselves',
            'partner-key-taken',
            'partner-key-revoked',
            'partner-state-forbids',
          ),
        },
      },
    },
    async (request, reply) => {
      const { key = '', name = '', document = '', ...agreement } = request.body;
      const made = await partnerDesk.invite(byOf(request), { ...agreement, key, name }, document);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...made, expiresAt: made.expiresAt.toISOString() });
    },
  );
  app.get(
    '/staff/partners/:key/road',
    {
      config: read,
      schema: {
        operationId: 'getPartnerRoad',
        tags,
        summary: 'How far a partner has come, and what is next',
        description: 'Each step with what it rests on, its keys and rights, and every move with who and why.',
        params: PartnerParams,
        response: { 200: Road, ...refuses(federationProblems, 'partner-not-found') },
      },
    },
    async ({ params }, reply) =>
      reply.header('cache-control', 'no-store').send(roadView(await partnerDesk.getRoad(params.key))),
  );
};

const provingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  app.post(
    '/staff/partners/:key/challenge',
    {
      config: act,
      schema: acting(
        'challengePartner',
        'Ask a partner for a proof of its key',
        'Its server must answer now, under the key of the agreement; a shop must be readable.',
        'partner-state-forbids',
        'partner-not-ready',
        'partner-fingerprint-mismatch',
        'challenge-failed',
      ),
    },
    async (request) => {
      await partnerDesk.challenge(byOf(request), request.params.key);
      return await standing(partnerDesk, request.params.key);
    },
  );
  app.post(
    '/staff/partners/:key/conformance',
    {
      config: act,
      bodyLimit: maxResultBytes,
      schema: {
        operationId: 'takePartnerConformance',
        tags,
        summary: 'Take a result of the kit that came another way',
        description: 'As `result.signed.json` is, signed by the key of the partner.',
        params: PartnerParams,
        body: Type.Object(ConformanceUpload.properties, { additionalProperties: false }),
        response: {
          200: ConformanceTaken,
          ...refuses(federationProblems, 'partner-not-found', 'conformance-not-genuine', 'conformance-not-reached'),
        },
      },
    },
    async (request) => {
      const { payload, signature } = request.body;
      const text = JSON.stringify({ payload, signature });
      const { ranAt, ...taken } = await partnerDesk.takeResult(byOf(request), request.params.key, text);
      return { ...taken, ranAt: ranAt.toISOString() };
    },
  );
  app.post(
    '/staff/partners/:key/sandbox',
    {
      config: act,
      schema: acting(
        'openPartnerSandbox',
        'Let a shop into the sandbox',
        'A shop that speaks no protocol of ours runs no kit; an officer lets it be read, to be judged.',
        'conformance-not-reached',
      ),
    },
    async (request) => {
      await partnerDesk.openSandbox(byOf(request), request.params.key);
      return await standing(partnerDesk, request.params.key);
    },
  );
};

const judgingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  const path = '/staff/partners/:key/review';
  app.post(
    path,
    {
      config: act,
      schema: {
        operationId: 'drawPartnerSample',
        tags,
        summary: 'Draw the sample to judge',
        description: 'Fifty listings that anybody would draw again. Drawn anew, it takes the place of the one before.',
        params: PartnerParams,
        response: {
          200: SampleDrawn,
          ...refuses(federationProblems, 'partner-not-found', 'partner-state-forbids', 'partner-not-read'),
        },
      },
    },
    async (request) => await partnerDesk.drawSample(byOf(request), request.params.key),
  );
  app.get(
    path,
    {
      config: read,
      schema: {
        operationId: 'getPartnerSample',
        tags,
        summary: 'The sample, with what was said of each',
        description: 'Listings and offers as they were when the sample was drawn.',
        params: PartnerParams,
        response: { 200: Sample, ...refuses(federationProblems, 'partner-not-found') },
      },
    },
    async ({ params }, reply) => {
      const { total = 0, judged = 0, unfit = 0, items = [] } = (await partnerDesk.getReview(params.key)) ?? {};
      const told = items.map(({ position, uri, listing, offer, verdict, note }) => ({
        ...{ position, uri, listing, offer, verdict, note },
      }));
      return reply.header('cache-control', 'no-store').send({ total, judged, unfit, items: told });
    },
  );
  app.post(
    `${path}/verdicts`,
    {
      config: act,
      schema: {
        operationId: 'judgePartnerSample',
        tags,
        summary: 'Judge listings of the sample',
        description: 'Each right, or wrong with a note that says what is wrong. The last word counts.',
        params: PartnerParams,
        body: Judgements,
        response: {
          ...done,
          ...refuses(federationProblems, 'partner-not-found', 'mapping-review-not-found', 'review-note-required'),
        },
      },
    },
    async (request, reply) => {
      const judged = request.body.judged.map(({ note = '', ...one }) => ({ ...one, note }));
      await partnerDesk.judge(byOf(request), request.params.key, judged);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/partners/:key/probation',
    {
      config: act,
      schema: acting(
        'startPartnerProbation',
        'Put a partner on probation',
        'For fourteen days at most 500 of its listings are shown, and bought at its own pages.',
        'partner-state-forbids',
        'review-unfinished',
      ),
    },
    async (request) => {
      await partnerDesk.startProbation(byOf(request), request.params.key);
      return await standing(partnerDesk, request.params.key);
    },
  );
};

/** The road of a partner for programs. Registered with the prefix /v1. */
export const partnerRoadRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  for (const routes of [invitingRoutes, provingRoutes, judgingRoutes, partnerGrantRoutes, partnerListingRoutes])
    await app.register(routes, { partnerDesk });
};
