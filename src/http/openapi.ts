import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { type ApiDocument, finishDocument } from './api-document.ts';
import { describedOperation } from './operations.ts';
import { ProblemDoc } from './schema.ts';

const tags = [
  { name: 'catalogue', description: 'Products, producers, certificates and places, as shoppers see them' },
  { name: 'search', description: 'Full-text search that forgives Vietnamese as people type it' },
  { name: 'carts', description: 'A cart of many businesses, from the first line to checkout' },
  { name: 'exchange-orders', description: 'Goods of partner exchanges, bought here: each exchange a leg of its own' },
  { name: 'orders', description: 'Order groups, the orders of each business, and tracking' },
  { name: 'payments', description: 'VietQR bank transfers, Stripe, and the webhooks of their providers' },
  {
    name: 'account',
    description: 'Signing up, in and out; factors, sessions, consents and what is held about a person',
  },
  { name: 'seller', description: 'What the members of a business see and do' },
  { name: 'assist', description: 'Community digital teams, who act for households with their consent' },
  { name: 'staff', description: 'What the officers of the exchange see' },
  { name: 'federation', description: 'What partner exchanges pull, signed both ways' },
  { name: 'operations', description: 'Probes and the description of this API' },
];

/** The OpenAPI 3.1 document, collected from the routes as they are registered. Register before any route. */
export async function openApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  const secure = publicUrl.startsWith('https:');
  app.addSchema(ProblemDoc);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Chợ Nổi API',
        version: '1.0.0',
        summary: 'The marketplace of a Vietnamese province for OCOP products',
        description:
          'Businesses list certified products, shoppers find and pay for them, and listings travel between partner exchanges. ' +
          'Money is whole đồng in members that end in `Vnd`; times are RFC 3339 UTC; errors are RFC 9457 problem documents.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        contact: { name: 'The exchange that runs this node', url: `${publicUrl}/docs` },
      },
      servers: [
        { url: publicUrl, description: 'This node' },
        { url: 'http://127.0.0.1:3000', description: 'A demonstration on your own machine' },
      ],
      tags,
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: secure ? '__Host-session' : 'session',
            description: 'Set by POST /v1/auth/sign-in',
          },
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key that an owner made at POST /v1/seller/keys, for the systems of that business',
          },
          partnerSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'signature',
            description: 'RFC 9421 by the profile ocop-fed/1 (federation/README.md), with the key that was agreed on',
          },
        },
      },
      security: [],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `def-${index}`,
    },
    transformObject: (documented) => {
      if ('swaggerObject' in documented) return documented.swaggerObject;
      finishDocument(documented.openapiObject as ApiDocument);
      return documented.openapiObject;
    },
    transform: ({ schema, url, route }) => ({ schema: describedOperation(schema, route), url }),
  });
  app.get('/openapi.json', { config: { access: 'operations' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  );
}
