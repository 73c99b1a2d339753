import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { SellerScope } from '#db/seller.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { EndpointList, EndpointParams, EndpointSecret, MessageList, MessageParams, OpenBody } from './schemas.ts';
import type { Webhooks } from './service.ts';
import { webhookProblems } from './types.ts';

/** Keys to a business's news: the owner's affair. */
const config = { access: 'seller', roles: ['owner'] } as const;
const private_ = { 'cache-control': 'no-store' } as const;
export const byOf = (request: FastifyRequest): SellerScope => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
});

const time = (at: Date | null): string | null => at?.toISOString() ?? null;
const wireOf = <E extends Awaited<ReturnType<Webhooks['list']>>[number]>({
  createdAt,
  failingSince,
  disabledAt,
  ...endpoint
}: E) => ({
  ...endpoint,
  createdAt: createdAt.toISOString(),
  failingSince: time(failingSince),
  disabledAt: time(disabledAt),
});

type Options = { readonly webhooks: Webhooks };
export const webhookEndpointRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { webhooks }) => {
  await app.register(endpoints, { webhooks });
  await app.register(upkeep, { webhooks });
  await app.register(messages, { webhooks });
};

const endpoints: FastifyPluginAsyncTypebox<Options> = async (app, { webhooks }) => {
  const unknown = refuses(webhookProblems, 'webhook-endpoint-not-found');
  app.get(
    '/seller/webhooks',
    {
      config,
      schema: {
        operationId: 'listWebhookEndpoints',
        tags: ['seller'],
        summary: 'Where my systems are told',
        description: 'Endpoints of my businesses. Secrets are never shown again.',
        response: { 200: EndpointList, ...refused },
      },
    },
    async (request, reply) => reply.headers(private_).send({ items: (await webhooks.list(byOf(request))).map(wireOf) }),
  );
  app.post(
    '/seller/webhooks',
    {
      config,
      schema: {
        operationId: 'openWebhookEndpoint',
        tags: ['seller'],
        summary: 'Have my system told',
        description:
          'Messages follow Standard Webhooks: verify `webhook-signature` with the secret, which is shown this once.',
        body: OpenBody,
        response: {
          201: EndpointSecret,
          ...refuses(webhookProblems, 'webhook-endpoint-not-found', 'webhook-url-refused', 'webhook-endpoints-full'),
        },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .headers(private_)
        .send(wireOf(await webhooks.open(byOf(request), request.body))),
  );
  app.delete(
    '/seller/webhooks/:endpointId',
    {
      config,
      schema: {
        operationId: 'closeWebhookEndpoint',
        tags: ['seller'],
        summary: 'Tell it no more',
        description: 'Its messages and their log go with it.',
        params: EndpointParams,
        response: { 204: Type.Null({ description: 'Closed' }), ...unknown },
      },
    },
    async (request, reply) => {
      await webhooks.close(byOf(request), request.params.endpointId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/webhooks/:endpointId/secret',
    {
      config,
      schema: {
        operationId: 'rotateWebhookSecret',
        tags: ['seller'],
        summary: 'A new secret',
        description: 'For a day messages are signed with the old one as well, so that nothing is missed.',
        params: EndpointParams,
        response: { 200: EndpointSecret, ...unknown },
      },
    },
    async (request, reply) =>
      reply.headers(private_).send(wireOf(await webhooks.rotate(byOf(request), request.params.endpointId))),
  );
};

const upkeep: FastifyPluginAsyncTypebox<Options> = async (app, { webhooks }) => {
  app.post(
    '/seller/webhooks/:endpointId/resume',
    {
      config,
      schema: {
        operationId: 'resumeWebhookEndpoint',
        tags: ['seller'],
        summary: 'Switch it on again',
        description: 'After nothing got through for five days, or after a 410, an endpoint is switched off.',
        params: EndpointParams,
        response: {
          204: Type.Null({ description: 'Switched on' }),
          ...refuses(webhookProblems, 'webhook-endpoint-not-found'),
        },
      },
    },
    async (request, reply) => {
      await webhooks.resume(byOf(request), request.params.endpointId);
      return reply.code(204).send(null);
    },
  );
};

const messages: FastifyPluginAsyncTypebox<Options> = async (app, { webhooks }) => {
  app.post(
    '/seller/webhooks/:endpointId/ping',
    {
      config,
      schema: {
        operationId: 'pingWebhookEndpoint',
        tags: ['seller'],
        summary: 'Send a test message',
        description: 'Of type `ping`, signed like any other.',
        params: EndpointParams,
        response: {
          202: Type.Null({ description: 'On its way' }),
          ...refuses(webhookProblems, 'webhook-endpoint-not-found'),
        },
      },
    },
    async (request, reply) => {
      await webhooks.ping(byOf(request), request.params.endpointId);
      return reply.code(202).send(null);
    },
  );
  app.get(
    '/seller/webhooks/:endpointId/messages',
    {
      config,
      schema: {
        operationId: 'listWebhookMessages',
        tags: ['seller'],
        summary: 'What it was told',
        description: 'The last 50 messages with the outcome of their last try.',
        params: EndpointParams,
        response: { 200: MessageList, ...refuses(webhookProblems, 'webhook-endpoint-not-found') },
      },
    },
    async (request, reply) => {
      const log = await webhooks.log(byOf(request), request.params.endpointId);
      const items = log.map(({ createdAt, nextTryAt, deliveredAt, ...message }) => ({
        ...message,
        createdAt: createdAt.toISOString(),
        nextTryAt: time(nextTryAt),
        deliveredAt: time(deliveredAt),
      }));
      return reply.headers(private_).send({ items });
    },
  );
  app.post(
    '/seller/webhooks/:endpointId/messages/:messageId/replay',
    {
      config,
      schema: {
        operationId: 'replayWebhookMessage',
        tags: ['seller'],
        summary: 'Send a message again',
        description: 'With the same `webhook-id`, whether or not it was taken before.',
        params: MessageParams,
        response: {
          202: Type.Null({ description: 'On its way' }),
          ...refuses(webhookProblems, 'webhook-endpoint-not-found', 'webhook-message-not-found'),
        },
      },
    },
    async (request, reply) => {
      await webhooks.replay(byOf(request), request.params.endpointId, request.params.messageId);
      return reply.code(202).send(null);
    },
  );
};
