import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { fileProblems } from '#features/files/types.ts';
import { productProblems } from '#features/products/types.ts';
import { actorOf, onBehalfOf, ownBusinesses } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import { CertificateQuery, OwnCertificates, SubmissionForm, SubmittedView } from './desk-schemas.ts';
import type { Certificates } from './service.ts';
import type { Sender } from './submitting.ts';
import { certificateProblems, maxEvidenceBytes } from './types.ts';

/** An assistant too, where the household's consent holds its products. */
const inCharge = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'products' } as const;
/** Which certificates there are is about the products; sending one is a person's act. */
const reads = { ...inCharge, keyScope: 'products:read' } as const;
const tags = ['seller'];

export const senderOf = (request: FastifyRequest): Sender => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
  onBehalfOf: (businessId) => onBehalfOf(request, businessId),
  address: request.ip,
});
const catalogue = { ...certificateProblems, ...productProblems, ...fileProblems };

export const sellerCertificateRoutes: FastifyPluginAsyncTypebox<{ certificates: Certificates }> = async (
  app,
  { certificates },
) => {
  app.get(
    '/seller/certificates',
    {
      config: reads,
      schema: {
        operationId: 'listOwnCertificates',
        tags,
        summary: 'Certificates of my products',
        description: 'In every state, newest first.',
        querystring: CertificateQuery,
        response: { 200: OwnCertificates, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...filter } = request.query;
      const page = await certificates.listOwn(ownBusinesses(request), filter, { limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .serializer(String)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(page));
    },
  );
  app.post(
    '/seller/certificates',
    {
      config: { ...inCharge, upload: { maxBytes: maxEvidenceBytes } },
      schema: {
        operationId: 'sendCertificate',
        tags,
        summary: 'Send a certificate',
        description:
          'Waits for a certifier, who looks at the copy of the paper. Stars and stamps follow from what was verified and are typed in nowhere.',
        body: SubmissionForm,
        response: {
          201: SubmittedView,
          ...refuses(
            catalogue,
            'product-not-found',
            'star-invalid',
            'issuer-not-competent',
            'decision-number-invalid',
            'decision-already-recorded',
            'certificate-from-the-future',
            'certificate-lapsed',
            'certificate-expiry-invalid',
            'evidence-required',
            'file-type-refused',
            'file-too-large',
          ),
        },
      },
    },
    async (request, reply) => {
      const { evidence, star, expiresOn, ...entered } = request.body;
      const sender = senderOf(request);
      const submission = { ...entered, star: star ?? null, expiresOn: expiresOn ?? null };
      return reply.code(201).send({ certificateId: await certificates.send(sender, submission, evidence) });
    },
  );
};
