import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { cartProblems } from '#features/carts/types.ts';
import { GroupBody } from '#features/orders/index.ts';
import { stockProblems } from '#features/stock/types.ts';
import { actorOf, byOf, type Role } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { refused, refuses } from '#http/schema.ts';
import type { NoteReferral } from '#web/referral-cookie.ts';
import { BundleBody, BundleListBody, BundleParams, BuyBody, NewBundleBody, NewBundleCreated } from './schemas.ts';
import type { Bundles } from './service.ts';
import { bundleProblems } from './types.ts';

const config = { access: 'public' } as const;
const problems = { ...bundleProblems, ...cartProblems, ...stockProblems };
export const bundleRoles: readonly Role[] = ['moderator'];

type Deps = { readonly bundles: Bundles; readonly idempotent: Idempotent; readonly noteReferral: NoteReferral };

export const bundleRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { bundles, idempotent, noteReferral }) => {
  app.get(
    '/bundles',
    {
      config,
      schema: {
        operationId: 'listBundles',
        tags: ['catalogue'],
        summary: 'Gift boxes',
        description: 'Boxes of goods of several businesses that are sold now, newest first.',
        response: { 200: BundleListBody, ...refused },
      },
    },
    async () => ({ items: await bundles.listBundles() }),
  );
  app.get(
    '/bundles/:bundle',
    {
      config,
      schema: {
        operationId: 'getBundle',
        tags: ['catalogue'],
        summary: 'One gift box',
        description: 'With what is in it, what that costs by itself, and how many boxes could be packed now.',
        params: BundleParams,
        response: { 200: BundleBody, ...refuses(problems, 'bundle-not-found') },
      },
    },
    (request) => bundles.getBundle(request.params.bundle),
  );
  app.post(
    '/bundles/:bundle/checkout',
    {
      config: { ...config, idempotencyKey: true },
      schema: {
        operationId: 'buyBundle',
        tags: ['carts'],
        summary: 'Order gift boxes',
        description:
          'One group with an order a business: all goods are held or none, and the price of the box is divided among the businesses by what their goods cost. It is paid like every group and cancelled as a whole. Requires `Idempotency-Key`.',
        params: BundleParams,
        body: BuyBody,
        response: {
          201: GroupBody,
          ...refuses(
            problems,
            'bundle-not-found',
            'bundle-not-for-sale',
            'bundle-price-changed',
            'phone-invalid',
            'province-unknown',
            'ward-unknown',
            'ward-missing',
            'ward-outside-province',
            'quantity-outside-limits',
            'age-not-confirmed',
            'stock-short',
          ),
        },
      },
    },
    (request, reply) => {
      const { quantity, recipient, address, referral, ...asked } = request.body;
      return idempotent(request, reply, 201, (finish) =>
        bundles.buy({
          bundle: request.params.bundle,
          boxes: quantity,
          delivery: { recipient, address },
          actor: actorOf(request),
          finish: async (tx, group) => {
            await noteReferral(tx, request, group.code, referral);
            await finish(tx, group);
          },
          ...asked,
        }),
      );
    },
  );
};

export const staffBundleRoutes: FastifyPluginAsyncTypebox<{ bundles: Bundles }> = async (app, { bundles }) => {
  const staff = { access: 'staff', roles: bundleRoles } as const;
  app.get(
    '/staff/bundles',
    {
      config: staff,
      schema: {
        operationId: 'listStaffBundles',
        tags: ['staff'],
        summary: 'All gift boxes',
        description: 'Withdrawn ones too, newest first.',
        response: { 200: BundleListBody, ...refused },
      },
    },
    async () => ({ items: await bundles.listBundles(false) }),
  );
  app.post(
    '/staff/bundles',
    {
      config: staff,
      schema: {
        operationId: 'createBundle',
        tags: ['staff'],
        summary: 'Put a gift box together',
        description: 'It is sold at once. Content and price never change: another is another box.',
        body: NewBundleBody,
        response: {
          201: NewBundleCreated,
          ...refuses(problems, 'bundle-too-small', 'bundle-item-unknown', 'bundle-price-above-goods'),
        },
      },
    },
    async (request, reply) => {
      const { nameEn = '', descriptionVi = '', ...asked } = request.body;
      const by = byOf(request);
      return reply.code(201).send({ bundleId: await bundles.create(by, { ...asked, nameEn, descriptionVi }) });
    },
  );
  app.post(
    '/staff/bundles/:bundle/withdraw',
    {
      config: staff,
      schema: {
        operationId: 'withdrawBundle',
        tags: ['staff'],
        summary: 'Stop selling a gift box',
        description: 'Orders that were made stay.',
        params: BundleParams,
        response: { 204: Type.Null({ description: 'Done' }), ...refuses(problems, 'bundle-not-found') },
      },
    },
    async (request, reply) => {
      await bundles.withdraw(byOf(request), request.params.bundle);
      return reply.code(204).send(null);
    },
  );
};
