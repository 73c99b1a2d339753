import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { signedIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { POLICY_VERSION } from './consents.ts';
import type { IdentityRouteDeps } from './routes.ts';
import {
  CodeBody,
  ConsentBody,
  ConsentList,
  ConsentParams,
  ErasureBody,
  LoginBody,
  Me,
  NameBody,
  PasswordBody,
  PersonalExport,
  SessionList,
  SessionParams,
} from './schemas.ts';
import { identityProblems } from './types.ts';

const done = (description: string) => Type.Null({ description });
const tags = ['account'];
/** An export reads much: a person needs one, a program that asks for more waits. A household shares its address. */
const perAccount = {
  max: 10,
  timeWindow: '1 minute',
  keyGenerator: ({ caller, ip }: FastifyRequest) => (caller.kind === 'account' ? caller.accountId : ip),
};

export const meRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  for (const routes of [accountRoutes, contactRoutes, sessionRoutes, privacyRoutes])
    await app.register(routes, { identity, cookie });
};

const accountRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.get(
    '/me',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'getMe',
        tags,
        summary: 'Who am I',
        description: 'The account of the session and the businesses it may act for.',
        response: { 200: Me, ...refused },
      },
    },
    async (request) => {
      const caller = signedIn(request);
      const { id, name, phone, phoneProvedAt, email, emailProvedAt, staffRole } = await identity.getAccount(
        caller.accountId,
      );
      return {
        accountId: id,
        name,
        phone,
        phoneProved: phoneProvedAt !== null,
        email,
        emailProved: emailProvedAt !== null,
        staffRole,
        businessIds: caller.memberships.map(({ businessId }) => businessId),
      };
    },
  );
  app.patch(
    '/me',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'renameMe',
        tags,
        summary: 'Change my name',
        description: 'As it is shown on orders to come and at the desks.',
        body: NameBody,
        response: { 204: done('Changed'), ...refuses(identityProblems, 'account-name-missing') },
      },
    },
    async (request, reply) => {
      await identity.accounts.rename(signedIn(request).accountId, request.body.name);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/me/reauthentication',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'proveAgain',
        tags,
        summary: 'Give the password again',
        description:
          'A fresh proof, good for ten minutes, before what changes who gets in or where money goes. The session gets a new secret. A code or a passkey does the same at /v1/auth/factor.',
        body: PasswordBody,
        response: { 204: done('Proved'), ...refuses(identityProblems, 'wrong-credentials', 'too-many-attempts') },
      },
    },
    async (request, reply) => {
      const visit = cookie.visitOf(request);
      cookie.set(reply, await identity.signingIn.prove(signedIn(request), request.body.password, visit));
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/me/password',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'changePassword',
        tags,
        summary: 'Change my password',
        description: 'Ends every other session at once.',
        body: PasswordBody,
        response: { 204: done('Changed'), ...refuses(identityProblems, 'password-weak', 'password-too-long') },
      },
    },
    async (request, reply) => {
      await identity.accounts.changePassword(signedIn(request), request.body.password);
      return reply.code(204).send(null);
    },
  );
};

const contactRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity }) => {
  app.post(
    '/me/contact',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'beginContact',
        tags,
        summary: 'Change or prove my phone number or e-mail',
        description: 'Sends a code there; nothing changes before it comes back.',
        body: LoginBody,
        response: {
          202: done('A code is on its way'),
          ...refuses(identityProblems, 'login-invalid', 'phone-not-reached', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      await identity.accounts.contacts.begin(signedIn(request).accountId, request.body.login);
      return reply.code(202).send(null);
    },
  );
  app.post(
    '/me/contact/confirm',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'confirmContact',
        tags,
        summary: 'Give the code that arrived',
        description: 'The number or address is yours from now on, to sign in with and to be told by.',
        body: CodeBody,
        response: {
          204: done('Changed'),
          ...refuses(identityProblems, 'wrong-code', 'login-taken', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      await identity.accounts.contacts.confirm(signedIn(request).accountId, request.body.code);
      return reply.code(204).send(null);
    },
  );
};

const sessionRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.get(
    '/me/sessions',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'Where I am signed in',
        description: 'Every session of the account.',
        response: { 200: SessionList, ...refused },
      },
    },
    async (request) => {
      const { accountId, sessionId } = signedIn(request);
      const sessions = await identity.sessions.list(accountId);
      return { items: sessions.map((session) => ({ ...session, current: session.sessionId === sessionId })) };
    },
  );
  app.delete(
    '/me/sessions',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'endOtherSessions',
        tags,
        summary: 'Sign out everywhere else',
        description: 'Every session but the one that asks is dead at once.',
        response: { 204: done('Ended'), ...refused },
      },
    },
    async (request, reply) => {
      await identity.sessions.endOthers(signedIn(request));
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/me/sessions/:sessionId',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'End one of my sessions',
        description: 'Dead at once, on every replica.',
        params: SessionParams,
        response: { 204: done('Ended'), ...refuses(identityProblems, 'session-not-found') },
      },
    },
    async (request, reply) => {
      const { accountId, sessionId } = signedIn(request);
      await identity.sessions.end(accountId, request.params.sessionId);
      if (request.params.sessionId === sessionId) cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
};

const privacyRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.get(
    '/me/consents',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'listMyConsents',
        tags,
        summary: 'What I agreed to',
        description: 'Each purpose apart, with the version of the words and the time.',
        response: { 200: ConsentList, ...refused },
      },
    },
    async (request) => {
      const items = await identity.consents.list(signedIn(request).accountId);
      return { policyVersion: POLICY_VERSION, items: [...items] };
    },
  );
  app.put(
    '/me/consents/:purpose',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'setMyConsent',
        tags,
        summary: 'Agree to a purpose, or take it back',
        description: 'Written down with time and version; taking back is as easy as agreeing.',
        params: ConsentParams,
        body: ConsentBody,
        response: { 204: done('Written down'), ...refused },
      },
    },
    async (request, reply) => {
      await identity.consents.set(signedIn(request).accountId, request.params.purpose, request.body.granted);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/me/export',
    {
      config: { access: 'shopper', fresh: true, rateLimit: perAccount },
      schema: {
        operationId: 'exportMe',
        tags,
        summary: 'Everything that is held about me',
        description: 'One JSON document. Orders are in it where the phone number that placed them was proved.',
        response: { 200: PersonalExport, ...refused },
      },
    },
    async (request, reply) => {
      const document = await identity.privacy.exportOf(signedIn(request).accountId);
      void reply.header('content-disposition', 'attachment; filename="du-lieu-cua-toi.json"');
      void reply.header('cache-control', 'no-store');
      return document;
    },
  );
  app.post(
    '/me/erasure',
    {
      config: { access: 'shopper', fresh: true },
      schema: {
        operationId: 'eraseMe',
        tags,
        summary: 'Erase my account',
        description:
          'At once and for good: the account, its sessions and factors, and the person in finished orders. Books and what was sold stay.',
        body: ErasureBody,
        response: {
          204: done('Erased'),
          ...refuses(identityProblems, 'business-needs-you', 'staff-not-erased'),
        },
      },
    },
    async (request, reply) => {
      await identity.privacy.erase(signedIn(request).accountId);
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
};
