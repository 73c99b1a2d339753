import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { queueProblems } from '#features/queues/types.ts';
import { takedownProblems } from '#features/takedowns/types.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Decider } from './deps.ts';
import { toDocument, toHead } from './routes.ts';
import {
  ComplaintDecided,
  ComplaintDocument,
  ComplaintList,
  ComplaintParams,
  ComplaintQuery,
  ComplaintWordsBody,
  DecisionBody,
  OfferBody,
  OwnComplaintQuery,
} from './schemas.ts';
import type { Complaints } from './service.ts';
import { complaintProblems } from './types.ts';

type Deps = { readonly complaints: Complaints; readonly idempotent: Idempotent };
const problems = { ...queueProblems, ...takedownProblems, ...complaintProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;
const reads = { access: 'seller', keyScope: 'orders:read' } as const;
/** Whoever answers for the business. */
export const answerRoles: readonly Role[] = ['owner', 'manager'];
const writes = { access: 'seller', keyScope: 'orders:write', roles: answerRoles } as const;
export const complaintReaders: readonly Role[] = ['support', 'finance', 'auditor'];
export const complaintOfficers: readonly Role[] = ['support'];

export const deciderOf = (request: FastifyRequest): Decider => ({
  actor: actorOf(request),
  address: request.ip,
  businessIds: ownBusinesses(request),
});

const businessReading: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints }) => {
  app.get(
    '/seller/complaints',
    {
      config: reads,
      schema: {
        operationId: 'listSellerComplaints',
        tags: ['seller'],
        summary: 'Complaints of my businesses',
        description: 'Newest first, each with the clock of its step.',
        querystring: OwnComplaintQuery,
        response: { 200: ComplaintList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, state } = request.query;
      const scope = { limit, cursor: readCursor(cursor), state };
      const page = await complaints.listOwnComplaints(ownBusinesses(request), scope);
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toHead), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/seller/complaints/:code',
    {
      config: reads,
      schema: {
        operationId: 'getSellerComplaint',
        tags: ['seller'],
        summary: 'One complaint',
        description: 'What is wrong, what is wished, and what was said.',
        params: ComplaintParams,
        response: { 200: ComplaintDocument, ...refuses(problems, 'complaint-not-found') },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toDocument(await complaints.getOwnComplaint(ownBusinesses(request), request.params.code))),
  );
};

const businessAnswering: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints }) => {
  app.post(
    '/seller/complaints/:code/offer',
    {
      config: writes,
      schema: {
        operationId: 'offerInComplaint',
        tags: ['seller'],
        summary: 'Answer with an offer',
        description:
          'A refund of part or all of what is left of the order, a replacement or an explanation. The shopper takes it or turns to an officer.',
        params: ComplaintParams,
        body: OfferBody,
        response: {
          ...done,
          ...refuses(
            problems,
            'complaint-not-found',
            'complaint-not-movable',
            'complaint-words-missing',
            'complaint-amount-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      await complaints.offer(request.params.code, deciderOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  type Says = 'refuseComplaint' | 'appealAsBusiness' | 'sayAsBusiness';
  const says = (verb: string, operationId: string, method: Says, summary: string, description: string): void => {
    app.post(
      `/seller/complaints/:code/${verb}`,
      {
        config: writes,
        schema: {
          operationId,
          tags: ['seller'],
          summary,
          description,
          params: ComplaintParams,
          body: ComplaintWordsBody,
          response: {
            ...done,
            ...refuses(
              problems,
              'complaint-not-found',
              method === 'sayAsBusiness' ? 'complaint-over' : 'complaint-not-movable',
              'complaint-words-missing',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = request.params as { code: string };
        await complaints[method](code, deciderOf(request), (request.body as { text: string }).text);
        return reply.code(204).send(null);
      },
    );
  };
  says('refuse', 'refuseComplaint', 'refuseComplaint', 'Give nothing', 'With the reason. An officer then decides.');
  says('messages', 'sayAsBusiness', 'sayAsBusiness', 'Say more', 'Read by the shopper and by officers.');
  says(
    'appeal',
    'appealComplaintAsBusiness',
    'appealAsBusiness',
    'Have a decision reviewed',
    'Once, by another officer. A warning is lifted by it; money that went back stays there.',
  );
};

export const businessComplaintRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints, idempotent }) => {
  const deps = { complaints, idempotent };
  await app.register(businessReading, deps);
  await app.register(businessAnswering, deps);
};

const staffReading: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints }) => {
  const config = { access: 'staff', roles: complaintReaders } as const;
  app.get(
    '/staff/complaints',
    {
      config,
      schema: {
        operationId: 'listComplaints',
        tags: ['staff'],
        summary: 'Complaints of all businesses',
        description: 'Newest first; with `called` those that an officer has to decide.',
        querystring: ComplaintQuery,
        response: { 200: ComplaintList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...scope } = request.query;
      const page = await complaints.listComplaints({ ...scope, limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toHead), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/staff/complaints/:code',
    {
      config,
      schema: {
        operationId: 'getComplaint',
        tags: ['staff'],
        summary: 'One complaint',
        description: 'What was said by all sides, and where it stands.',
        params: ComplaintParams,
        response: { 200: ComplaintDocument, ...refuses(problems, 'complaint-not-found') },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toDocument(await complaints.getComplaintForOfficer(request.params.code))),
  );
};

type Decided = Static<typeof ComplaintDecided>;
const decidedOf = ({ code, state, verdict, refundVnd }: Decided): Decided => ({ code, state, verdict, refundVnd });

export const staffComplaintRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints, idempotent }) => {
  await app.register(staffReading, { complaints, idempotent });
  app.post(
    '/staff/complaints/:code/messages',
    {
      config: { access: 'staff', roles: complaintOfficers },
      schema: {
        operationId: 'sayAsOfficer',
        tags: ['staff'],
        summary: 'Ask or tell both sides',
        description: 'Read by the shopper and by the business.',
        params: ComplaintParams,
        body: ComplaintWordsBody,
        response: {
          ...done,
          ...refuses(problems, 'complaint-not-found', 'complaint-over', 'complaint-words-missing'),
        },
      },
    },
    async (request, reply) => {
      await complaints.sayAsOfficer(request.params.code, byOf(request), request.body.text);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/complaints/:code/decision',
    {
      config: { access: 'staff', roles: complaintOfficers, idempotencyKey: true },
      schema: {
        operationId: 'decideComplaint',
        tags: ['staff'],
        summary: 'Decide a complaint, or review a decision',
        description:
          'Once an officer has it. What goes back is bounded by what is left of the order; whoever appeals is heard by another officer. Requires `Idempotency-Key`.',
        params: ComplaintParams,
        body: DecisionBody,
        response: {
          200: ComplaintDecided,
          ...refuses(
            problems,
            'complaint-not-found',
            'complaint-not-movable',
            'complaint-words-missing',
            'complaint-amount-invalid',
            'complaint-verdict-refused',
            'complaint-same-officer',
            'complaint-product-foreign',
            'takedown-already-requested',
            'item-claimed',
          ),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) =>
        decidedOf(
          await complaints.decide(request.params.code, byOf(request), request.body, (tx, row) =>
            finish(tx, decidedOf(row)),
          ),
        ),
      ),
  );
};
