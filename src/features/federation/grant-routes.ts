import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { byOf } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import { PartnerParams, Reasoned } from './desk-schemas.ts';
import { GrantRequest, KeysAsked, RevokeRequest } from './road-schemas.ts';
import { act, acting, type Code, type RoadDeps, standing, tags } from './standing-now.ts';
import { federationProblems } from './types.ts';

const grantingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  const path = '/staff/partners/:key/promotion';
  const refusalsOfProposal: readonly Code[] = ['partner-state-forbids', 'probation-too-short', 'promotion-level'];
  app.post(
    path,
    {
      config: act,
      schema: {
        ...acting(
          'proposePartnerPromotion',
          'Propose that a partner is let in',
          'With what it may do. Of one that is let in already: that it may do this from then on.',
          ...refusalsOfProposal,
          'promotion-open',
          'grants-empty',
          'partner-reason-required',
        ),
        body: GrantRequest,
      },
    },
    async (request) => {
      const { verbs, reason } = request.body;
      await partnerDesk.propose(byOf(request), request.params.key, verbs, reason);
      return await standing(partnerDesk, request.params.key);
    },
  );
  app.post(
    `${path}/approve`,
    {
      config: act,
      schema: acting(
        'approvePartnerPromotion',
        'Approve what another officer proposed',
        'Refused to whoever proposed it.',
        'promotion-not-found',
        'promotion-four-eyes',
        ...refusalsOfProposal,
      ),
    },
    async (request) => {
      await partnerDesk.approve(byOf(request), request.params.key);
      return await standing(partnerDesk, request.params.key);
    },
  );
  app.post(
    `${path}/refuse`,
    {
      config: act,
      schema: {
        ...acting(
          'refusePartnerPromotion',
          'Refuse what was proposed',
          'One officer is enough to say no, who proposed it among them.',
          'promotion-not-found',
          'partner-reason-required',
        ),
        body: Reasoned,
      },
    },
    async (request) => {
      await partnerDesk.refuseProposal(byOf(request), request.params.key, request.body.reason);
      return await standing(partnerDesk, request.params.key);
    },
  );
  app.put(
    '/staff/partners/:key/grants',
    {
      config: act,
      schema: {
        ...acting(
          'narrowPartnerGrants',
          'Take verbs away from a partner',
          'At once. To give more takes a proposal and another officer.',
          'grants-need-two',
          'partner-reason-required',
        ),
        body: GrantRequest,
      },
    },
    async (request) => {
      const { verbs, reason } = request.body;
      await partnerDesk.grant(byOf(request), request.params.key, verbs, reason);
      return await standing(partnerDesk, request.params.key);
    },
  );
};

const endingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  app.post(
    '/staff/partners/:key/keys/ask',
    {
      config: act,
      schema: {
        operationId: 'askPartnerKeys',
        tags,
        summary: 'Read a partner’s profile for a successor of its key',
        description:
          'Once a minute at most. A successor counts a week after it was first seen, endorsed by the present key.',
        params: PartnerParams,
        response: { 200: KeysAsked, ...refuses(federationProblems, 'partner-not-found') },
      },
    },
    async ({ params }) => ({ read: await partnerDesk.askKeys(params.key) }),
  );
  app.post(
    '/staff/partners/:key/keys/revoke',
    {
      config: act,
      schema: {
        ...acting(
          'revokePartnerKey',
          'Revoke a key of a partner',
          'At once and for ever. Without a successor that counts already the partner is suspended.',
          'partner-key-unknown',
          'partner-reason-required',
        ),
        body: RevokeRequest,
      },
    },
    async (request) => {
      const { keyid, reason } = request.body;
      await partnerDesk.revokeKey(byOf(request), request.params.key, keyid, reason);
      return await standing(partnerDesk, request.params.key);
    },
  );
  const ends = [
    [
      'suspend',
      'Shut a partner out at once',
      'Its listings leave the shop and its key opens nothing. Nothing is deleted.',
    ],
    ['resume', 'Let a suspended partner go on', 'Where it stood when it was suspended.'],
    ['retire', 'End it with a partner', 'Shut out for good; only a new agreement begins anew.'],
  ] as const;
  for (const [name, summary, description] of ends)
    app.post(
      `/staff/partners/:key/${name}`,
      {
        config: act,
        schema: {
          ...acting(
            `${name}Partner`,
            summary,
            description,
            'partner-state-forbids',
            'partner-not-ready',
            'partner-not-promoted',
            'partner-key-revoked',
            'partner-reason-required',
          ),
          body: Reasoned,
        },
      },
      async (request) => {
        await partnerDesk[name](byOf(request), request.params.key, request.body.reason);
        return await standing(partnerDesk, request.params.key);
      },
    );
};

/** What a partner may do, by which keys, and its end. */
export const partnerGrantRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, deps) => {
  await app.register(grantingRoutes, deps);
  await app.register(endingRoutes, deps);
};
