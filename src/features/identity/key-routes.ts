import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { refusals } from '#core/problem.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { ownBusinesses, signedIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { KeyState } from './api-keys.ts';
import { KeyBody, KeyList, KeyParams, MadeKey } from './schemas.ts';
import type { Identity } from './service.ts';
import { identityProblems } from './types.ts';

const refuseBusiness = refusals(businessProblems);
const tags = ['seller'];
const day = 86_400_000;

const toView = ({ id, businessId, name, prefix, scopes, state, createdAt, expiresAt, lastUsedAt }: KeyState) => ({
  keyId: id,
  businessId,
  name,
  prefix,
  scopes,
  state,
  createdAt,
  expiresAt,
  lastUsedAt,
});

/** Keys for a business's own systems. For owners alone: whoever has a key acts for the business. */
export const keyRoutes: FastifyPluginAsyncTypebox<{ identity: Identity; now: () => Date }> = async (
  app,
  { identity, now },
) => {
  app.get(
    '/seller/keys',
    {
      config: { access: 'seller', roles: ['owner'] },
      schema: {
        operationId: 'listApiKeys',
        tags,
        summary: 'Keys of my businesses',
        description: 'With their scopes, when they were used last, and when they are over.',
        response: { 200: KeyList, ...refused },
      },
    },
    async (request) => ({ items: (await identity.keys.list(ownBusinesses(request))).map(toView) }),
  );
  app.post(
    '/seller/keys',
    {
      config: { access: 'seller', roles: ['owner'], fresh: true },
      schema: {
        operationId: 'makeApiKey',
        tags,
        summary: 'Make a key',
        description: 'The key is in the answer and is shown never again. Send it as `Authorization: Bearer`.',
        body: KeyBody,
        response: {
          201: MadeKey,
          ...refuses(
            { ...identityProblems, ...businessProblems },
            'key-invalid',
            'keys-too-many',
            'business-not-found',
          ),
        },
      },
    },
    async (request, reply) => {
      const { businessId, name, scopes, days } = request.body;
      if (!ownBusinesses(request).includes(businessId)) throw refuseBusiness('business-not-found');
      const wish = { name, scopes, expiresAt: new Date(now().getTime() + days * day) };
      const { key, ...made } = await identity.keys.make(signedIn(request).accountId, businessId, wish);
      return reply.code(201).send({ key, details: toView(made) });
    },
  );
  app.delete(
    '/seller/keys/:keyId',
    {
      config: { access: 'seller', roles: ['owner'], fresh: true },
      schema: {
        operationId: 'revokeApiKey',
        tags,
        summary: 'Revoke a key',
        description: 'It opens nothing from the next request on.',
        params: KeyParams,
        response: { 204: Type.Null({ description: 'Revoked' }), ...refuses(identityProblems, 'key-not-found') },
      },
    },
    async (request, reply) => {
      await identity.keys.revoke(signedIn(request).accountId, ownBusinesses(request), request.params.keyId);
      return reply.code(204).send(null);
    },
  );
};
