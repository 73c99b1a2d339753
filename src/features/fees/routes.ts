import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { byOf, type Role } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { FeeBody, FeeList, FeePublished } from './schemas.ts';
import type { Fees } from './service.ts';
import { feeProblems } from './types.ts';

export const feeRoles: readonly Role[] = ['finance'];

export const feeRoutes: FastifyPluginAsyncTypebox<{ fees: Fees }> = async (app, { fees }) => {
  app.get(
    '/fees',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listFees',
        tags: ['catalogue'],
        summary: 'What the exchange takes',
        description: 'Fees that count now and those announced, 20 days ahead or more. Frozen on each sale.',
        response: { 200: FeeList, ...refused },
      },
    },
    async (_request, reply) => {
      const { fees: items, vat } = await fees.published();
      return reply.header('cache-control', 'no-cache').send({
        items: items.map(({ id, validFrom, publishedAt, categoryEn: _en, ...fee }) => ({
          ...fee,
          ruleId: id,
          validFrom: validFrom.toISOString(),
          publishedAt: publishedAt.toISOString(),
        })),
        vat: vat.map(({ rateBps, validFrom }) => ({ rateBps, validFrom: validFrom.toISOString() })),
      });
    },
  );
  app.post(
    '/staff/fees',
    {
      config: { access: 'staff', roles: feeRoles },
      schema: {
        operationId: 'publishFee',
        tags: ['staff'],
        summary: 'Publish a fee',
        description: 'At least 20 days before it counts. A fee is never changed: a newer one takes its place.',
        body: FeeBody,
        response: {
          201: FeePublished,
          ...refuses(feeProblems, 'fee-too-soon', 'fee-rate-invalid', 'fee-target-invalid', 'fee-taken'),
        },
      },
    },
    async (request, reply) => {
      const { businessId = null, categoryId = null, businessType = null, validFrom, ...body } = request.body;
      const sent = { ...body, businessId, categoryId, businessType, validFrom: new Date(validFrom) };
      return reply.code(201).send({ ruleId: await fees.publish(byOf(request), sent) });
    },
  );
};
