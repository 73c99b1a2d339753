import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { fileProblems } from '#features/files/types.ts';
import { placeProblems } from '#features/places/types.ts';
import { actorOf, byOf, onBehalfOf, ownBusinesses, signedIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  ApplicationBegun,
  ApplicationView,
  BankBody,
  BankList,
  BeginBody,
  HolidayBody,
  OwnList,
  OwnParams,
  PaperAdded,
  PaperForm,
  WhereBody,
  WhoBody,
} from './schemas.ts';
import type { Businesses } from './service.ts';
import { type BusinessId, type By, businessProblems, MAX_PAPER_BYTES } from './types.ts';

type Deps = { readonly businesses: Businesses };
const done = (description: string) => ({ 204: Type.Null({ description }) });

/** Who acts by this request on a business that was found to be the caller's own, and sees no other meanwhile. */
export const actingOn = (request: FastifyRequest, id: BusinessId): By => ({
  actor: actorOf(request),
  address: request.ip,
  onBehalfOf: onBehalfOf(request, id),
  businessIds: [id],
});

/** The same for one that is yet to be found. Another's business is the same 404 as none. */
export async function byOn(businesses: Businesses, request: FastifyRequest, id: BusinessId): Promise<By> {
  await businesses.getOwn(id, ownBusinesses(request));
  return actingOn(request, id);
}

/** Members in charge, and assistants whose household lets them describe it. */
const describing = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'profile' } as const;
const owning = { access: 'seller', roles: ['owner'] } as const;

const applicationRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/seller/business',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'beginApplication',
        tags: ['seller'],
        summary: 'Begin to sell',
        description:
          'Opens an application; the caller is its owner. Its steps are saved one by one and can be gone on with on another device.',
        body: BeginBody,
        response: {
          201: ApplicationBegun,
          ...refuses(businessProblems, 'business-name-missing', 'business-phone-invalid'),
        },
      },
    },
    async (request, reply) => {
      const { accountId } = signedIn(request);
      const by = byOf(request);
      return reply.code(201).send({ businessId: await businesses.begin(by, request.body, accountId) });
    },
  );
  app.get(
    '/seller/business',
    {
      config: describing,
      schema: {
        operationId: 'listOwnBusinesses',
        tags: ['seller'],
        summary: 'My businesses',
        description: 'Those that the caller may describe, whatever their state.',
        response: { 200: OwnList, ...refused },
      },
    },
    async (request) => ({ items: await businesses.listOwn(ownBusinesses(request)) }),
  );
  app.get(
    '/seller/business/:businessId',
    {
      config: describing,
      schema: {
        operationId: 'getApplication',
        tags: ['seller'],
        summary: 'One of my businesses with its application',
        description: 'What was given, what is missing, which papers are asked for, and what officers said of it.',
        params: OwnParams,
        response: { 200: ApplicationView, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const business = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      return { ...business, ...(await businesses.readApplication(business)) };
    },
  );
};

const stepRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.put(
    '/seller/business/:businessId/who',
    {
      config: describing,
      schema: {
        operationId: 'saveApplicationWho',
        tags: ['seller'],
        summary: 'Say who sells',
        description: 'A person’s number is sealed and never given back; an empty one keeps what was given before.',
        params: OwnParams,
        body: WhoBody,
        response: {
          ...done('Saved'),
          ...refuses(
            businessProblems,
            'business-not-found',
            'business-state-forbids',
            'business-name-missing',
            'business-phone-invalid',
            'business-email-invalid',
            'tax-code-invalid',
            'tax-code-taken',
          ),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const { email = '', storyVi = '', storyEn = '', foundedYear = null, ...who } = request.body;
      const by = await byOn(businesses, request, businessId);
      await businesses.saveWho(by, businessId, { ...who, email, storyVi, storyEn, foundedYear });
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/seller/business/:businessId/where',
    {
      config: describing,
      schema: {
        operationId: 'saveApplicationWhere',
        tags: ['seller'],
        summary: 'Say where the business is',
        description: 'Province and ward of today; the ward must lie in the province.',
        params: OwnParams,
        body: WhereBody,
        response: {
          ...done('Saved'),
          ...refuses(
            { ...businessProblems, ...placeProblems },
            'business-not-found',
            'business-state-forbids',
            'business-street-missing',
            'ward-not-in-province',
          ),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const by = await byOn(businesses, request, businessId);
      await businesses.saveWhere(by, businessId, request.body);
      return reply.code(204).send(null);
    },
  );
};

const sendingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/seller/business/:businessId/papers',
    {
      config: { ...describing, upload: { maxBytes: MAX_PAPER_BYTES } },
      schema: {
        operationId: 'addPaper',
        tags: ['seller'],
        summary: 'Send a paper',
        description:
          'One of each kind counts: a newer one replaces it and is looked at anew. An expired one is refused.',
        params: OwnParams,
        body: PaperForm,
        response: {
          201: PaperAdded,
          ...refuses(
            { ...businessProblems, ...fileProblems },
            'business-not-found',
            'business-state-forbids',
            'paper-expired',
            'paper-dates-invalid',
            'file-type-refused',
            'file-too-large',
          ),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const { file, expiresOn = null, ...stated } = request.body;
      const by = await byOn(businesses, request, businessId);
      const paperId = await businesses.addPaper(by, businessId, { ...stated, expiresOn }, file);
      return reply.code(201).send({ paperId });
    },
  );
  app.post(
    '/seller/business/:businessId/submit',
    {
      config: describing,
      schema: {
        operationId: 'submitApplication',
        tags: ['seller'],
        summary: 'Send the application',
        description: 'Officers look at it within three days. What is missing is named step by step.',
        params: OwnParams,
        response: {
          ...done('Sent'),
          ...refuses(businessProblems, 'business-not-found', 'business-state-forbids', 'application-incomplete'),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      await businesses.submit(await byOn(businesses, request, businessId), businessId);
      return reply.code(204).send(null);
    },
  );
};

const keepingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.get(
    '/seller/business/:businessId/bank-account',
    {
      config: owning,
      schema: {
        operationId: 'listBankAccounts',
        tags: ['seller'],
        summary: 'Where the business is paid',
        description: 'The account of today and those before it; of each number the last four.',
        params: OwnParams,
        response: { 200: BankList, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const { businessId } = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      return {
        items: (await businesses.listBankAccounts(businessId)).map(({ setAt, ...one }) => ({
          ...one,
          setAt: setAt.toISOString(),
        })),
      };
    },
  );
  app.put(
    '/seller/business/:businessId/bank-account',
    {
      config: { ...owning, fresh: true },
      schema: {
        operationId: 'setBankAccount',
        tags: ['seller'],
        summary: 'Change where the business is paid',
        description: 'Of an owner who has just signed in again. Every owner is told of the change.',
        params: OwnParams,
        body: BankBody,
        response: {
          ...done('Changed'),
          ...refuses(businessProblems, 'business-not-found', 'business-state-forbids', 'bank-account-invalid'),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      await businesses.setBankAccount(await byOn(businesses, request, businessId), businessId, request.body);
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/seller/business/:businessId/holiday',
    {
      config: describing,
      schema: {
        operationId: 'setHoliday',
        tags: ['seller'],
        summary: 'Close for a holiday',
        description:
          'On these days the goods are shown with the day of return and cannot be ordered. Null opens again.',
        params: OwnParams,
        body: HolidayBody,
        response: { ...done('Set'), ...refuses(businessProblems, 'business-not-found', 'holiday-invalid') },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const { from, to } = request.body;
      const by = await byOn(businesses, request, businessId);
      await businesses.setHoliday(by, businessId, from === null || to === null ? null : { from, to });
      return reply.code(204).send(null);
    },
  );
};

/** All that a member does with its business over the API. */
export const sellerBusinessRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  await app.register(applicationRoutes, { businesses });
  await app.register(stepRoutes, { businesses });
  await app.register(sendingRoutes, { businesses });
  await app.register(keepingRoutes, { businesses });
};
