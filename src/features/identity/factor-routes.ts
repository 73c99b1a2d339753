import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { refusals } from '#core/problem.ts';
import { halfwayIn, signedIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { IdentityRouteDeps } from './routes.ts';
import {
  CodeBody,
  FactorList,
  PasskeyAnswer,
  PasskeyOptions,
  PasskeyParams,
  RecoveryCodes,
  TotpBegun,
} from './schemas.ts';
import type { Identity } from './service.ts';
import { identityProblems } from './types.ts';

const refuse = refusals(identityProblems);
const tags = ['account'];

/**
 * Who may set a factor up: a whole session, or one that owes nothing but this. A session that owes a code must give the
 * code; adding a factor of its own instead would make the password enough.
 */
export const enrolling = (request: FastifyRequest) => {
  const caller = halfwayIn(request);
  if (caller.kind === 'halfway' && caller.needs === 'factor') throw refuse('factor-exists');
  return caller;
};

export const factorRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  for (const routes of [appRoutes, passkeyRoutes]) await app.register(routes, { identity, cookie });
  app.get(
    '/me/factors',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'listFactors',
        tags,
        summary: 'My second factors',
        description: 'The app, the passkeys, and how many recovery codes are left.',
        response: { 200: FactorList, ...refused },
      },
    },
    async (request) => {
      const { passkeys, ...rest } = await identity.factors.list(signedIn(request).accountId);
      return {
        ...rest,
        passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
          passkeyId: id,
          name,
          createdAt,
          lastUsedAt,
        })),
      };
    },
  );
  app.post(
    '/me/recovery-codes',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'makeRecoveryCodes',
        tags,
        summary: 'Make new recovery codes',
        description: 'Ten, shown once; those before them stop working.',
        response: { 201: RecoveryCodes, ...refuses(identityProblems, 'factor-not-found') },
      },
    },
    async (request, reply) => {
      const recoveryCodes = await identity.factors.newRecoveryCodes(signedIn(request).accountId);
      return reply.code(201).send({ recoveryCodes: [...recoveryCodes] });
    },
  );
};

const appRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.post(
    '/me/totp',
    {
      config: { access: 'halfway', fresh: true },
      schema: {
        operationId: 'beginTotp',
        tags,
        summary: 'Set up an app that gives codes',
        description: 'A seed for the app, shown once. It counts once a code of it came back.',
        response: { 201: TotpBegun, ...refuses(identityProblems, 'factor-exists') },
      },
    },
    async (request, reply) => reply.code(201).send(await identity.factors.beginTotp(enrolling(request).accountId)),
  );
  app.post(
    '/me/totp/confirm',
    {
      config: { access: 'halfway', fresh: true },
      schema: {
        operationId: 'confirmTotp',
        tags,
        summary: 'Give the first code of the app',
        description: 'From now on a code is asked for at each sign-in. The recovery codes are shown once, here.',
        body: CodeBody,
        response: {
          200: RecoveryCodes,
          ...refuses(identityProblems, 'wrong-code', 'factor-not-begun', 'factor-exists', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const holder = enrolling(request);
      const visit = cookie.visitOf(request);
      const { recoveryCodes, opened } = await identity.factors.confirmTotp(holder, request.body.code, visit);
      cookie.set(reply, opened);
      return { recoveryCodes: [...recoveryCodes] };
    },
  );
  app.delete(
    '/me/totp',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'removeTotp',
        tags,
        summary: 'Remove the app',
        description: 'Staff and owners keep at least one factor.',
        response: {
          204: Type.Null({ description: 'Removed' }),
          ...refuses(identityProblems, 'factor-not-found', 'last-factor'),
        },
      },
    },
    async (request, reply) => {
      await identity.factors.removeTotp(signedIn(request).accountId);
      return reply.code(204).send(null);
    },
  );
};

const passkeyRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.post(
    '/me/passkeys/challenge',
    {
      config: { access: 'halfway', fresh: true },
      schema: {
        operationId: 'beginPasskey',
        tags,
        summary: 'Begin to add a passkey',
        description: 'Options for `navigator.credentials.create`; for this session, once, within five minutes.',
        response: { 200: PasskeyOptions, ...refuses(identityProblems, 'factor-exists') },
      },
    },
    async (request, reply) => {
      const { options, browser } = await identity.passkeys.beginRegistration(enrolling(request));
      cookie.ceremony.set(reply, browser);
      return reply.send({ ...options });
    },
  );
  app.post(
    '/me/passkeys',
    {
      config: { access: 'halfway', fresh: true },
      schema: {
        operationId: 'addPasskey',
        tags,
        summary: 'Add a passkey',
        description: 'The first factor of an account brings recovery codes, shown once.',
        body: PasskeyAnswer,
        response: { 201: RecoveryCodes, ...refuses(identityProblems, 'passkey-refused', 'factor-exists') },
      },
    },
    async (request, reply) => {
      const browser = cookie.ceremony.read(request);
      const { answer, name = '' } = request.body;
      const visit = cookie.visitOf(request);
      cookie.ceremony.clear(reply);
      const { recoveryCodes, opened } = await identity.passkeys.register(
        enrolling(request),
        browser,
        answer as unknown as Parameters<Identity['passkeys']['register']>[2],
        name,
        visit,
      );
      cookie.set(reply, opened);
      return reply.code(201).send({ recoveryCodes: [...recoveryCodes] });
    },
  );
  app.delete(
    '/me/passkeys/:passkeyId',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'removePasskey',
        tags,
        summary: 'Remove a passkey',
        description: 'Staff and owners keep at least one factor.',
        params: PasskeyParams,
        response: {
          204: Type.Null({ description: 'Removed' }),
          ...refuses(identityProblems, 'factor-not-found', 'last-factor'),
        },
      },
    },
    async (request, reply) => {
      await identity.factors.removePasskey(signedIn(request).accountId, request.params.passkeyId);
      return reply.code(204).send(null);
    },
  );
};
