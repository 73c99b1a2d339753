import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Businesses } from '#features/businesses/index.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { placeProblems } from '#features/places/types.ts';
import { byOf, ownBusinesses, signedIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { stateOf } from './rules.ts';
import {
  ActList,
  AskBody,
  Asked,
  AssignBody,
  BusinessParams,
  CodeBody,
  Confirmed,
  ConsentList,
  ConsentParams,
  OwnConsentParams,
  TeamList,
  TeamMemberParams,
  TeamParams,
  TeamsAdded,
  TeamsBody,
} from './schemas.ts';
import type { Assistance, Assistant } from './service.ts';
import { assistanceProblems } from './types.ts';
import type { ConsentView } from './views.ts';

type Deps = { readonly assistance: Assistance; readonly businesses: Businesses };
const moderating = { access: 'staff', roles: ['moderator'] } as const;
const done = (description: string) => ({ 204: Type.Null({ description }) });

export const assistantOf = (request: FastifyRequest): Assistant => {
  const { accountId, name } = signedIn(request);
  return { ...byOf(request), accountId, name };
};
const toView = ({ codeUntil, wrongCodes, ...consent }: ConsentView, now: Date) => ({
  ...consent,
  state: stateOf({ ...consent, codeUntil, wrongCodes }, now),
});

const assistantRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { assistance }) => {
  app.get(
    '/assist/consents',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'listAskedConsents',
        tags: ['assist'],
        summary: 'Households that I asked',
        description: 'Consents that the caller asked for as an assistant. No other household is seen.',
        response: { 200: ConsentList, ...refused },
      },
    },
    async (request) => ({
      items: (await assistance.listAsked(assistantOf(request))).map((one) => toView(one, assistance.now())),
    }),
  );
  app.post(
    '/assist/consents',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'askConsent',
        tags: ['assist'],
        summary: 'Ask a household for its consent',
        description:
          'Sends six digits to the household’s phone. With `name`, an application is begun for it; without, the household is found by its phone in the wards of the caller’s teams.',
        body: AskBody,
        response: {
          201: Asked,
          ...refuses(
            { ...assistanceProblems, ...businessProblems },
            'not-an-assistant',
            'household-not-found',
            'consent-asked-too-often',
            'consent-too-long',
            'business-phone-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      const { phone, name, ...wanted } = request.body;
      const assistant = assistantOf(request);
      const consentId =
        name === undefined
          ? await assistance.askHousehold(assistant, phone, wanted)
          : await assistance.beginHousehold(assistant, { name, phone }, wanted);
      return reply.code(201).send({ consentId });
    },
  );
  app.post(
    '/assist/consents/:consentId/confirm',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'confirmConsent',
        tags: ['assist'],
        summary: 'Give the code that the household reads aloud',
        description: 'From then on the caller may act for the household within the scopes. Five wrong codes spend it.',
        params: ConsentParams,
        body: CodeBody,
        response: { 200: Confirmed, ...refuses(assistanceProblems, 'consent-not-found', 'consent-code-wrong') },
      },
    },
    async (request) => {
      const { consentId } = request.params;
      return { businessId: await assistance.confirm(assistantOf(request), consentId, request.body.code) };
    },
  );
};

const householdRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { assistance, businesses }) => {
  const inCharge = { access: 'seller', roles: ['owner', 'manager'] } as const;
  app.get(
    '/seller/business/:businessId/consents',
    {
      config: inCharge,
      schema: {
        operationId: 'listConsents',
        tags: ['seller'],
        summary: 'Who may act for us',
        description: 'Assistants that the household consented to, with what they may do and until when.',
        params: BusinessParams,
        response: { 200: ConsentList, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const { businessId } = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      return { items: (await assistance.listOf(businessId)).map((one) => toView(one, assistance.now())) };
    },
  );
  app.get(
    '/seller/business/:businessId/assisted-acts',
    {
      config: inCharge,
      schema: {
        operationId: 'listAssistedActs',
        tags: ['seller'],
        summary: 'What was done in our name',
        description: 'Each act of an assistant, with both names.',
        params: BusinessParams,
        response: { 200: ActList, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const { businessId } = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      return { items: await businesses.listActsFor(businessId) };
    },
  );
  app.delete(
    '/seller/business/:businessId/consents/:consentId',
    {
      config: inCharge,
      schema: {
        operationId: 'revokeConsent',
        tags: ['seller'],
        summary: 'Take a consent back',
        description: 'Holds from the assistant’s next request on.',
        params: OwnConsentParams,
        response: {
          ...done('Taken back'),
          ...refuses({ ...assistanceProblems, ...businessProblems }, 'consent-not-found', 'business-not-found'),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      await assistance.revoke({ ...byOf(request), businessIds: [businessId] }, request.params.consentId);
      return reply.code(204).send(null);
    },
  );
};

const teamRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { assistance }) => {
  app.get(
    '/staff/assist-teams',
    {
      config: moderating,
      schema: {
        operationId: 'listAssistTeams',
        tags: ['staff'],
        summary: 'Community digital teams',
        description: 'Each with its ward and its people.',
        response: { 200: TeamList, ...refused },
      },
    },
    async () => ({ items: await assistance.listTeams() }),
  );
  app.post(
    '/staff/assist-teams',
    {
      config: moderating,
      schema: {
        operationId: 'addAssistTeams',
        tags: ['staff'],
        summary: 'Add teams',
        description: 'Up to a thousand at once; those whose code is known are left as they are.',
        body: TeamsBody,
        response: { 200: TeamsAdded, ...refuses(placeProblems, 'ward-not-in-province') },
      },
    },
    async (request) => ({ added: await assistance.addTeams(byOf(request), request.body.teams) }),
  );
};

const peopleRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { assistance }) => {
  app.post(
    '/staff/assist-teams/:teamId/members',
    {
      config: moderating,
      schema: {
        operationId: 'assignAssistant',
        tags: ['staff'],
        summary: 'Put somebody into a team',
        description:
          'By the phone or e-mail of the account. Being in a team opens no household: each consents by itself.',
        params: TeamParams,
        body: AssignBody,
        response: { ...done('Assigned'), ...refuses(assistanceProblems, 'team-not-found', 'assistant-unknown') },
      },
    },
    async (request, reply) => {
      await assistance.assign(byOf(request), request.params.teamId, request.body.login);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/staff/assist-teams/:teamId/members/:accountId',
    {
      config: moderating,
      schema: {
        operationId: 'dismissAssistant',
        tags: ['staff'],
        summary: 'Take somebody out of a team',
        description: 'Every consent given through that team is over at once.',
        params: TeamMemberParams,
        response: { ...done('Dismissed'), ...refuses(assistanceProblems, 'team-not-found') },
      },
    },
    async (request, reply) => {
      const { teamId, accountId } = request.params;
      await assistance.dismiss(byOf(request), teamId, accountId);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/staff/consents/:consentId',
    {
      config: moderating,
      schema: {
        operationId: 'endConsent',
        tags: ['staff'],
        summary: 'End a consent',
        description: 'When a household asks for it by telephone, or when it was abused.',
        params: ConsentParams,
        response: { ...done('Ended'), ...refuses(assistanceProblems, 'consent-not-found') },
      },
    },
    async (request, reply) => {
      await assistance.revoke(byOf(request), request.params.consentId);
      return reply.code(204).send(null);
    },
  );
};

/** Assisted selling over the API: what assistants ask, what households answer, and the teams that officers keep. */
export const assistanceRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { assistance, businesses }) => {
  await app.register(assistantRoutes, { assistance, businesses });
  await app.register(householdRoutes, { assistance, businesses });
  await app.register(teamRoutes, { assistance, businesses });
  await app.register(peopleRoutes, { assistance, businesses });
};
