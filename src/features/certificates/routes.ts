import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { sendCacheable } from '#http/etag.ts';
import { refused, refuses } from '#http/schema.ts';
import { CertificateParams, CertificateView, KeySet, StatementQuery, Statements, StatementText } from './schemas.ts';
import type { Certificates } from './service.ts';
import { certificateProblems } from './types.ts';

type Deps = { readonly certificates: Certificates };
const config = { access: 'public' } as const;
const tags = ['catalogue'];

const statementRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.get(
    '/certificates/statements',
    {
      config,
      schema: {
        operationId: 'listStatements',
        tags,
        summary: 'Signed statements of many certificates',
        description: 'For partners that show many: a statement for each code, and the codes that nobody has.',
        querystring: StatementQuery,
        response: { 200: Statements, ...refused },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await certificates.stateMany(request.query.codes)),
  );
  app.get(
    '/certificates/:code/statement',
    {
      config,
      schema: {
        operationId: 'getStatement',
        tags,
        summary: 'A signed statement of a certificate',
        produces: ['application/jwt'],
        description:
          'Says under the signature of this exchange what the register knows now. It can be verified without a connection by the keys of `/.well-known/jwks.json`, and holds for at most 24 hours.',
        params: CertificateParams,
        response: {
          200: StatementText,
          ...refuses(certificateProblems, 'certificate-not-found'),
        },
      },
    },
    async (request, reply) => {
      const statement = await certificates.stateOne(request.params.code);
      return reply.header('cache-control', 'no-store').type('application/jwt').serializer(String).send(statement);
    },
  );
};

export const certificateRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  await app.register(statementRoutes, { certificates });
  app.get(
    '/certificates/:code',
    {
      config,
      schema: {
        operationId: 'getCertificate',
        tags,
        summary: 'Check a certificate',
        description:
          'What the register knows of a certificate by the code shown beside the stars, and whether it is in force today.',
        params: CertificateParams,
        response: { 200: CertificateView, ...refuses(certificateProblems, 'certificate-not-found') },
      },
    },
    async (request, reply) =>
      sendCacheable(request, reply, JSON.stringify(await certificates.getCertificate(request.params.code))),
  );
};

/** Outside `/v1`: RFC 8615 says where a key set is looked for. */
export const keySetRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.get(
    '/.well-known/jwks.json',
    {
      config,
      schema: {
        operationId: 'getKeySet',
        tags,
        summary: 'Keys that sign statements',
        description: 'RFC 7517. A new key stands here an hour before it signs; the one before stays until the next.',
        response: { 200: KeySet, ...refused },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(certificates.keySet()),
  );
};
