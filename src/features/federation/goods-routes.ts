import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { isHeld } from '#http/etag.ts';
import { refused } from '#http/schema.ts';
import { GOODS_FEEDS, type GoodsFeed } from './goods-feeds.ts';
import type { Federation } from './service.ts';

const described = [
  [
    'google',
    'getGoogleFeed',
    'All goods as a Google product feed',
    'RSS 2.0 by the specification of Google Merchant; one item a pack.',
  ],
  [
    'table',
    'getGoodsTable',
    'All goods as a table',
    'CSV by the names of the Google specification, for spreadsheets; cells are guarded against formulas.',
  ],
  [
    'dfc',
    'getGoodsGraph',
    'All goods in the terms of the Data Food Consortium',
    'One JSON-LD document: an Enterprise supplies SuppliedProducts and manages CatalogItems (the stock of a pack), each offered through an Offer (its price).',
  ],
  ['sitemap', 'getGoodsSitemap', 'Addresses of all product pages', 'A sitemap; each page carries its JSON-LD.'],
] as const satisfies readonly (readonly [GoodsFeed, string, string, string])[];

const examples: Readonly<Record<GoodsFeed, string>> = {
  google: '<rss version="2.0"><channel><item><g:id>1</g:id><g:price>65000 VND</g:price></item></channel></rss>',
  table: 'id,title,price\r\n1,Bánh pía,65000 VND\r\n',
  dfc: '{"@context":{},"@graph":[{"@id":"ocop://chonoi.example/offer/1","@type":"dfc-b:Offer"}]}',
  sitemap: '<urlset><url><loc>https://chonoi.example/san-pham/banh-pia</loc></url></urlset>',
};

/** Our goods for those who read files. Each is the whole shop: what it leaves out is no longer for sale. */
export const goodsFeedRoutes: FastifyPluginAsyncTypebox<{ federation: Federation }> = async (app, { federation }) => {
  for (const [feed, operationId, summary, description] of described) {
    const { path, type } = GOODS_FEEDS[feed];
    app.get(
      path,
      {
        exposeHeadRoute: false,
        config: { access: 'public' },
        schema: {
          operationId,
          tags: ['federation'],
          summary,
          description: `${description} An ETag and If-None-Match save the transfer of what did not change.`,
          response: {
            200: {
              description: 'The file',
              content: { [type]: { schema: Type.String({ description: 'The file' }), example: examples[feed] } },
            },
            304: Type.Null({ description: 'It has not changed' }),
            ...refused,
          },
        },
      },
      async (request, reply) => {
        const tag = await federation.goodsFeedTag(feed);
        void reply.header('etag', tag).header('cache-control', 'public, max-age=300');
        if (isHeld(request, tag)) return reply.code(304).send(null);
        return reply.type(type).send(federation.readGoodsFeed(feed));
      },
    );
  }
};
