import Fastify, { type FastifyInstance } from 'fastify';
import './access.ts';

/** The reader of the API document brings its own styles and scripts, all from this host, so it has a policy of its own. */
const policy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

async function makeReader(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const reader = Fastify();
  await reader.register(scalar, {
    routePrefix: '/docs',
    configuration: { url: '/openapi.json', title: 'Chợ Nổi API', withDefaultFonts: false, telemetry: false },
  });
  return reader;
}

/**
 * The reader of the API document. It takes 58 MB and a tenth of a second to load, for a page that few open: so it is a
 * server of its own that this one asks, made when it is first asked for.
 */
export async function docs(app: FastifyInstance): Promise<void> {
  let reader: Promise<FastifyInstance> | undefined;
  for (const path of ['/docs/', '/docs/js/scalar.js']) {
    app.get(path, { config: { access: 'operations' }, schema: { hide: true } }, async (request, reply) => {
      reader ??= makeReader();
      const { headers, statusCode, rawPayload } = await (await reader).inject(request.url);
      // `/docs` without its slash: the page names its script relative to it.
      if (headers.location) return reply.redirect(headers.location, statusCode);
      return reply
        .code(statusCode)
        .type(headers['content-type'] ?? 'text/html; charset=utf-8')
        .header('content-security-policy', policy)
        .send(rawPayload);
    });
  }
  app.addHook('onClose', async () => (await reader)?.close());
}
