import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import type { Pictures } from './pictures.ts';
import { PictureParams } from './schemas.ts';

/** Pictures of products, outside `/v1`: pages and clients alike take `image.src` as it is. */
export const pictureRoutes: FastifyPluginAsyncTypebox<{ pictures: Pictures }> = async (app, { pictures }) => {
  app.get(
    '/pictures/:pictureId/:width',
    { config: { access: 'public' }, schema: { hide: true, params: PictureParams } },
    async (request, reply) => {
      const { pictureId, width } = request.params;
      const file = await pictures.find(pictureId, width, request.headers.accept ?? '');
      if (!file) throw httpProblem('not-found');
      // A picture never changes under its id, but a drawing is soon replaced by its renditions.
      const life = file.final ? 'public, max-age=31536000, immutable' : 'public, max-age=60';
      return reply
        .type(file.type)
        .header('cache-control', life)
        .header('vary', 'accept')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(file.bytes);
    },
  );
};
