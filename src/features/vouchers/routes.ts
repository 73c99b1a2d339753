import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { type Bps, bps, ZERO } from '#core/money.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { stateOf } from './rules.ts';
import {
  OwnVouchers,
  PublicVouchers,
  SellerVoucherBody,
  StaffVoucherBody,
  VoucherGiven,
  VoucherParams,
} from './schemas.ts';
import type { Giver, VoucherRequest, Vouchers } from './service.ts';
import { voucherProblems } from './types.ts';
import type { PublicVoucher } from './views.ts';

export const giverRoles: readonly Role[] = ['owner', 'manager'];
export const clerkRoles: readonly Role[] = ['finance'];
type Deps = { readonly vouchers: Vouchers; readonly now: Clock };

export const sellerGiver = (request: FastifyRequest): Giver => ({
  actor: actorOf(request),
  address: request.ip,
  businessIds: ownBusinesses(request),
});

const toDocument = ({ voucher, business, goods }: PublicVoucher, now: Date) => {
  const { id, validFrom, validUntil, endedAt: _ended, scopeIds: _ids, businessId: _business, ...terms } = voucher;
  const times = { validFrom: validFrom.toISOString(), validUntil: validUntil.toISOString() };
  return { voucherId: id, ...terms, ...times, business, goods: [...goods], state: stateOf(voucher, now) };
};

/** Terms with what was left out filled in. */
function toRequest(
  body: Omit<Static<typeof StaffVoucherBody>, 'exchangeBps'>,
  who: { readonly businessId: VoucherRequest['businessId']; readonly exchangeBps: Bps },
  now: Date,
): VoucherRequest {
  const { validFrom, validUntil, rateBps = null, ...sent } = body;
  return {
    ...{ code: null, amountVnd: null, capVnd: null, minimumVnd: ZERO, scope: 'all', goods: [], agreement: '' },
    ...{
      firstOrder: false,
      stackable: false,
      isPublic: false,
      budgetVnd: null,
      maxUses: null,
      maxUsesPerCustomer: null,
    },
    ...sent,
    ...who,
    rateBps: rateBps === null ? null : bps(rateBps),
    validFrom: validFrom === undefined ? now : new Date(validFrom),
    validUntil: new Date(validUntil),
  };
}

const givingRefusals = refuses(
  voucherProblems,
  'voucher-not-found',
  'voucher-code-invalid',
  'voucher-code-taken',
  'voucher-name-missing',
  'voucher-amount-invalid',
  'voucher-time-invalid',
  'voucher-limit-invalid',
  'voucher-scope-unknown',
  'voucher-share-invalid',
);
const giving = (operationId: string, tag: string, whose: string) => ({
  operationId,
  tags: [tag],
  summary: `Give out a voucher of ${whose}`,
  description:
    'Its terms never change afterwards; it can be ended. The budget and the number of uses are never exceeded.',
});
const ending = (operationId: string, tag: string) => ({
  operationId,
  tags: [tag],
  summary: 'End a voucher',
  description: 'For orders that are not placed yet. Ending it again changes nothing.',
  params: VoucherParams,
  response: { 204: Type.Null({ description: 'Ended' }), ...refuses(voucherProblems, 'voucher-not-found') },
});
const listing = (operationId: string, tag: string, whose: string) => ({
  operationId,
  tags: [tag],
  summary: `Vouchers of ${whose}`,
  description: 'With what was spent of each budget.',
  response: { 200: OwnVouchers, ...refused },
});

const sellerVoucherRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { vouchers, now }) => {
  const config = { access: 'seller', roles: giverRoles } as const;
  app.get(
    '/seller/vouchers',
    { config, schema: listing('listOwnVouchers', 'seller', 'my businesses') },
    async (request) => ({ items: (await vouchers.listOwn(sellerGiver(request))).map((one) => toDocument(one, now())) }),
  );
  app.post(
    '/seller/vouchers',
    {
      config,
      schema: {
        ...giving('giveOwnVoucher', 'seller', 'my business'),
        body: SellerVoucherBody,
        response: { 201: VoucherGiven, ...givingRefusals },
      },
    },
    async (request, reply) => {
      const { businessId, ...terms } = request.body;
      const sent = toRequest(terms, { businessId, exchangeBps: bps(0) }, now());
      return reply.code(201).send({ voucherId: await vouchers.give(sellerGiver(request), sent) });
    },
  );
  app.post(
    '/seller/vouchers/:voucherId/end',
    { config, schema: ending('endOwnVoucher', 'seller') },
    async (request, reply) => {
      await vouchers.end(sellerGiver(request), request.params.voucherId);
      return reply.code(204).send(null);
    },
  );
};

const staffVoucherRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { vouchers, now }) => {
  const config = { access: 'staff', roles: clerkRoles } as const;
  app.get('/staff/vouchers', { config, schema: listing('listVouchers', 'staff', 'the exchange') }, async (request) => ({
    items: (await vouchers.listOwn(byOf(request))).map((one) => toDocument(one, now())),
  }));
  app.post(
    '/staff/vouchers',
    {
      config,
      schema: {
        ...giving('giveVoucher', 'staff', 'the exchange'),
        body: StaffVoucherBody,
        response: { 201: VoucherGiven, ...givingRefusals },
      },
    },
    async (request, reply) => {
      const { exchangeBps = 10_000, ...terms } = request.body;
      const sent = toRequest(terms, { businessId: null, exchangeBps: bps(exchangeBps) }, now());
      return reply.code(201).send({ voucherId: await vouchers.give(byOf(request), sent) });
    },
  );
  app.post(
    '/staff/vouchers/:voucherId/end',
    { config, schema: ending('endVoucher', 'staff') },
    async (request, reply) => {
      await vouchers.end(byOf(request), request.params.voucherId);
      return reply.code(204).send(null);
    },
  );
};

export const voucherRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { vouchers, now }) => {
  app.get(
    '/vouchers',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listPublicVouchers',
        tags: ['catalogue'],
        summary: 'Vouchers for everybody',
        description: 'What can be used now, with all conditions.',
        response: { 200: PublicVouchers, ...refused },
      },
    },
    async (_request, reply) =>
      reply
        .header('cache-control', 'no-cache')
        .send({ items: (await vouchers.listPublic()).map((one) => toDocument(one, now())) }),
  );
  await app.register(sellerVoucherRoutes, { vouchers, now });
  await app.register(staffVoucherRoutes, { vouchers, now });
};
