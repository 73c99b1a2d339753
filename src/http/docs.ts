import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import './access.ts';

/** The reader of the API document brings its own styles and scripts, all from this host, so it has a policy of its own. */
const policy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

export async function docs(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', policy);
    });
    await scope.register(scalar, {
      routePrefix: '/docs',
      configuration: { url: '/openapi.json', title: 'Chợ Nổi API', withDefaultFonts: false, telemetry: false },
    });
  });
}
