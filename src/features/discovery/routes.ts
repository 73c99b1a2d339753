import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Products } from '#features/products/index.ts';
import { etagOf, isHeld } from '#http/etag.ts';
import { httpProblem } from '#http/problems.ts';
import { LOCALES, prefixOf } from '#web/locale.ts';
import { viewOf } from '#web/page.ts';
import { createView, type Site, type View } from '#web/view.ts';
import { apiTexts } from './api-text.ts';
import { productText } from './product-text.ts';
import type { Discovery } from './service.ts';

type Deps = { readonly site: Site; readonly discovery: Discovery; readonly products: Pick<Products, 'getProduct'> };

const config = { access: 'public' } as const;
/** A picture that is drawn costs a tenth of a second of one core. */
const drawing = { access: 'public', rateLimit: { max: 120, timeWindow: '1 minute' } } as const;
const hidden = { hide: true } as const;

/** The same for everybody, and asked for by the clock: an hour old is new enough, and what did not change costs a 304. */
function sendText(request: FastifyRequest, reply: FastifyReply, type: string, text: string): FastifyReply {
  const etag = etagOf(text);
  void reply.header('etag', etag).header('cache-control', 'public, max-age=3600').header('vary', 'accept-encoding');
  if (isHeld(request, etag)) return reply.code(304).send();
  return reply.type(`${type}; charset=utf-8`).send(text);
}

const found = (text: string | undefined): string => {
  if (text === undefined) throw httpProblem('not-found');
  return text;
};

const Slug = Type.Object({ slug: Type.String({ maxLength: 300 }) });
const Name = Type.Object({ name: Type.String({ maxLength: 40 }) });
const Tongue = Type.Object({ locale: Type.Enum([...LOCALES]) });

export const discoveryRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { site, discovery, products } = deps;
  app.get('/robots.txt', { config, schema: hidden }, (request, reply) =>
    sendText(request, reply, 'text/plain', discovery.robots()),
  );
  app.get('/llms.txt', { config, schema: hidden }, async (request, reply) =>
    sendText(request, reply, 'text/plain', await discovery.llms()),
  );
  app.get('/feeds/new-products.rss', { config, schema: hidden }, async (request, reply) =>
    sendText(request, reply, 'application/rss+xml', await discovery.newProducts()),
  );
  app.get('/sitemap.xml', { config, schema: hidden }, async (request, reply) =>
    sendText(request, reply, 'application/xml', await discovery.sitemapIndex()),
  );
  app.get('/sitemaps/:name.xml', { config, schema: { ...hidden, params: Name } }, async (request, reply) =>
    sendText(request, reply, 'application/xml', found(await discovery.sitemap(request.params.name))),
  );
  for (const locale of LOCALES) {
    app.get(
      `${prefixOf(locale)}/san-pham/:slug.md`,
      { config, schema: { ...hidden, params: Slug } },
      async (request, reply) => {
        const product = await products.getProduct(request.params.slug);
        return sendText(request, reply, 'text/markdown', productText(viewOf(site, request), product));
      },
    );
  }
  await app.register(apiTextRoutes);
  await app.register(sharePictureRoutes, deps);
};

/** As the rest of the API document. */
const open = { access: 'operations' } as const;

/** The API document in Markdown: an index, and a page for each of its tags. */
const apiTextRoutes: FastifyPluginAsyncTypebox = async (app) => {
  let texts: ReadonlyMap<string, string> | undefined;
  const textOf = (name: string): string => {
    texts ??= apiTexts(app.swagger() as unknown as Readonly<Record<string, unknown>>);
    return found(texts.get(name));
  };
  app.get('/docs.md', { config: open, schema: hidden }, (request, reply) =>
    sendText(request, reply, 'text/markdown', textOf('index')),
  );
  app.get('/docs/:name.md', { config: open, schema: { ...hidden, params: Name } }, (request, reply) =>
    sendText(request, reply, 'text/markdown', textOf(request.params.name)),
  );
};

const viewIn = (site: Site, locale: (typeof LOCALES)[number]): View =>
  createView({ site, locale, path: '/', csrf: '', visitor: null, cartCount: 0 });

/** Their addresses change with what they show, so they may be kept for a day. */
const sendPicture = (reply: FastifyReply, bytes: Buffer): FastifyReply =>
  reply.type('image/jpeg').header('cache-control', 'public, max-age=86400').send(bytes);

const sharePictureRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { site, discovery, products }) => {
  app.get(
    '/chia-se/:locale.jpg',
    { config: drawing, schema: { ...hidden, params: Tongue } },
    async (request, reply) => {
      const bytes = await discovery.pictures.ofExchange(viewIn(site, request.params.locale));
      if (!bytes) throw httpProblem('temporarily-unavailable');
      return sendPicture(reply, bytes);
    },
  );
  app.get(
    '/chia-se/:locale/:slug.jpg',
    { config: drawing, schema: { ...hidden, params: Type.Intersect([Tongue, Slug]) } },
    async (request, reply) => {
      const { locale, slug } = request.params;
      const product = await products.getProduct(slug);
      const bytes = await discovery.pictures.ofProduct(viewIn(site, locale), product);
      if (!bytes) return reply.header('cache-control', 'no-store').redirect(product.image.src, 302);
      return sendPicture(reply, bytes);
    },
  );
};
