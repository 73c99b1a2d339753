import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { queueProblems } from '#features/queues/types.ts';
import { byOf } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  CertificateIdParams,
  CertificateQuery,
  OwnCertificates,
  RejectBody,
  ReviewView,
  RevokeBody,
  VerifyBody,
} from './desk-schemas.ts';
import type { Certificates } from './service.ts';
import { certificateProblems } from './types.ts';

const certifying = { access: 'staff', roles: ['certifier'] } as const;
/** Auditors read what certifiers decide. */
const reading = { access: 'staff', roles: ['certifier', 'auditor'] } as const;
const tags = ['staff'];
const catalogue = { ...certificateProblems, ...queueProblems };
const Done = Type.Null({ description: 'Done' });
type Deps = { readonly certificates: Certificates };

/** Instants become text by JSON itself. */
const sendJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(body));

const readingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.get(
    '/staff/certificates',
    {
      config: reading,
      schema: {
        operationId: 'listStaffCertificates',
        tags,
        summary: 'Certificates of the whole exchange',
        description: 'In every state, newest first. What waits stands in the queue `certificates` too, oldest first.',
        querystring: CertificateQuery,
        response: { 200: OwnCertificates, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...filter } = request.query;
      const page = await certificates.list(filter, { limit, cursor: readCursor(cursor) });
      return sendJson(pageOf(request, reply, page.nextCursor), page);
    },
  );
  app.get(
    '/staff/certificates/:certificateId',
    {
      config: reading,
      schema: {
        operationId: 'getCertificateReview',
        tags,
        summary: 'One certificate as a certifier sees it',
        description: 'With what the machine saw, and with the score, which nobody else sees.',
        params: CertificateIdParams,
        response: { 200: ReviewView, ...refuses(catalogue, 'certificate-not-found') },
      },
    },
    async (request, reply) => {
      const { certificate, checks } = await certificates.getReview(request.params.certificateId);
      const { scoreTenths, importId: _list, ...shown } = certificate;
      return sendJson(reply, { ...shown, score: scoreTenths === null ? null : scoreTenths / 10, checks });
    },
  );
};

const verdictRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.post(
    '/staff/certificates/:certificateId/verify',
    {
      config: certifying,
      schema: {
        operationId: 'verifyCertificate',
        tags,
        summary: 'Verify a certificate',
        description: 'Of somebody else’s entering, after a look at the paper. The mark shows from now on.',
        params: CertificateIdParams,
        body: VerifyBody,
        response: {
          204: Done,
          ...refuses(
            catalogue,
            'certificate-not-found',
            'certificate-not-submitted',
            'certificate-four-eyes',
            'checklist-incomplete',
            'score-outside-star',
            'claim-required',
          ),
        },
      },
    },
    async (request, reply) => {
      const { checked, score } = request.body;
      const verification = { checked, scoreTenths: score === undefined ? undefined : Math.round(score * 10) };
      await certificates.verify(byOf(request), request.params.certificateId, verification);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/certificates/:certificateId/reject',
    {
      config: certifying,
      schema: {
        operationId: 'rejectCertificate',
        tags,
        summary: 'Give a submission back',
        description: 'It ends with the reason; the same decision may be sent again.',
        params: CertificateIdParams,
        body: RejectBody,
        response: {
          204: Done,
          ...refuses(
            catalogue,
            'certificate-not-found',
            'certificate-not-submitted',
            'certificate-four-eyes',
            'verdict-reason-required',
            'claim-required',
          ),
        },
      },
    },
    async (request, reply) => {
      await certificates.reject(byOf(request), request.params.certificateId, request.body.reason);
      return reply.code(204).send(null);
    },
  );
};

export const staffCertificateRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  await app.register(readingRoutes, { certificates });
  await app.register(verdictRoutes, { certificates });
  app.post(
    '/staff/certificates/:certificateId/revoke',
    {
      config: certifying,
      schema: {
        operationId: 'revokeCertificate',
        tags,
        summary: 'Revoke a certificate',
        description:
          'Star, filters, rank and the copies of partners go in the same moment; the product stays on sale. A mistyped number is corrected by `recorded-in-error` and a new entry.',
        params: CertificateIdParams,
        body: RevokeBody,
        response: {
          204: Done,
          ...refuses(
            catalogue,
            'certificate-not-found',
            'certificate-not-in-force',
            'revocation-incomplete',
            'verdict-reason-required',
          ),
        },
      },
    },
    async (request, reply) => {
      const { decisionNumber = '', decidedOn = '', ...entry } = request.body;
      const revocation = { ...entry, decisionNumber, decidedOn };
      await certificates.revoke(byOf(request), request.params.certificateId, revocation);
      return reply.code(204).send(null);
    },
  );
};
