import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { sendCacheable } from '#http/etag.ts';
import { refuses } from '#http/schema.ts';
import { CertificateParams, CertificateView } from './schemas.ts';
import type { Certificates } from './service.ts';
import { certificateProblems } from './types.ts';

export const certificateRoutes: FastifyPluginAsyncTypebox<{ certificates: Certificates }> = async (
  app,
  { certificates },
) => {
  app.get(
    '/certificates/:code',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getCertificate',
        tags: ['catalogue'],
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
