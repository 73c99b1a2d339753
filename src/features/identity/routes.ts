import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { halfwayIn } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { SessionCookie } from './cookie.ts';
import {
  CodeBody,
  Credentials,
  LinkBody,
  LoginBody,
  NextStep,
  PasskeyAnswer,
  PasskeyOptions,
  SignedUp,
  SignUpBody,
} from './schemas.ts';
import type { Identity } from './service.ts';
import { identityProblems, type Opened } from './types.ts';

export type IdentityRouteDeps = { readonly identity: Identity; readonly cookie: SessionCookie };

const done = (description: string) => Type.Null({ description });
const tags = ['account'];

export const identityRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  for (const routes of [signUpRoutes, signInRoutes, secondStepRoutes]) await app.register(routes, { identity, cookie });
};

const signUpRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.post(
    '/auth/sign-up',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signUp',
        tags,
        summary: 'Open an account',
        description:
          'By phone number or e-mail. Signs in at once and sends a code by which the number or address is proved; until then it is only claimed.',
        body: SignUpBody,
        response: {
          201: SignedUp,
          ...refuses(
            identityProblems,
            'login-invalid',
            'login-taken',
            'account-name-missing',
            'password-weak',
            'password-too-long',
            'terms-not-accepted',
            'too-many-attempts',
          ),
        },
      },
    },
    async (request, reply) => {
      const { accountId, opened } = await identity.accounts.signUp(request.body, cookie.visitOf(request));
      cookie.set(reply, opened);
      return reply.code(201).send({ accountId });
    },
  );
  app.post(
    '/auth/password-resets',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'beginPasswordReset',
        tags,
        summary: 'Ask for a link to choose a new password',
        description: 'Sent to the phone or the mailbox; works once, for 30 minutes. Says the same whoever asks.',
        body: LoginBody,
        response: {
          202: done('If there is such an account, a link is on its way'),
          ...refuses(identityProblems, 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      await identity.signingIn.beginReset(request.body.login, cookie.visitOf(request));
      return reply.code(202).send(null);
    },
  );
  app.post(
    '/auth/password-resets/complete',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'completePasswordReset',
        tags,
        summary: 'Choose a new password by the link',
        description:
          'Ends every session of the account and opens none: a second factor is asked for at the next sign-in.',
        body: LinkBody,
        response: {
          204: done('The password is changed'),
          ...refuses(identityProblems, 'link-over', 'password-weak', 'password-too-long'),
        },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      const { device } = await identity.signingIn.completeReset(token, password, cookie.visitOf(request));
      cookie.keepDevice(reply, device);
      return reply.code(204).send(null);
    },
  );
};

const signInRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.post(
    '/auth/sign-in',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Sign in',
        description:
          'Sets the session cookie. From the tenth wrong guess on each next one has to wait, twice as long every time up to a quarter of an hour; a browser that signed in before, and a passkey, are not slowed by the guesses of others. 200 says that a second factor is owed.',
        body: Credentials,
        response: {
          200: NextStep,
          204: done('Signed in'),
          ...refuses(identityProblems, 'wrong-credentials', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const opened = await identity.signingIn.signIn(request.body, cookie.visitOf(request));
      cookie.set(reply, opened);
      if (opened.needs === null) return reply.code(204).send(null);
      return reply.code(200).send({ needs: opened.needs });
    },
  );
  app.post(
    '/auth/sign-out',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signOut',
        tags,
        summary: 'Sign out',
        description: 'Ends the session everywhere at once.',
        response: { 204: done('Signed out'), ...refused },
      },
    },
    async (request, reply) => {
      const secret = cookie.read(request);
      if (secret) await identity.signOut(secret);
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/auth/passkeys/challenge',
    {
      config: { access: 'public', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        operationId: 'beginPasskeySignIn',
        tags,
        summary: 'Begin to sign in with a passkey',
        description: 'The challenge is for this browser, once, within five minutes.',
        response: { 200: PasskeyOptions, ...refused },
      },
    },
    async (_request, reply) => {
      const { options, browser } = await identity.passkeys.beginSignIn();
      cookie.ceremony.set(reply, browser);
      return reply.send({ ...options });
    },
  );
  app.post(
    '/auth/passkeys/sign-in',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signInWithPasskey',
        tags,
        summary: 'Sign in with a passkey',
        description: 'Counts as both factors: the device verified its owner.',
        body: PasskeyAnswer,
        response: { 204: done('Signed in'), ...refuses(identityProblems, 'passkey-refused') },
      },
    },
    async (request, reply) => {
      const browser = cookie.ceremony.read(request);
      const answer = request.body.answer as unknown as Parameters<Identity['passkeys']['signIn']>[1];
      cookie.ceremony.clear(reply);
      cookie.set(reply, await identity.passkeys.signIn(browser, answer, cookie.visitOf(request)));
      return reply.code(204).send(null);
    },
  );
};

/** The second step of a sign-in, and a fresh proof later. */
const secondStepRoutes: FastifyPluginAsyncTypebox<IdentityRouteDeps> = async (app, { identity, cookie }) => {
  app.post(
    '/auth/factor',
    {
      config: { access: 'halfway' },
      schema: {
        operationId: 'giveFactor',
        tags,
        summary: 'Give a code of the app, or a recovery code',
        description: 'Finishes a sign-in, or is a fresh proof in a session. Each code works once.',
        body: CodeBody,
        response: { 204: done('Proved'), ...refuses(identityProblems, 'wrong-code', 'too-many-attempts') },
      },
    },
    async (request, reply) => {
      const opened: Opened = await identity.factors.prove(
        halfwayIn(request),
        request.body.code,
        cookie.visitOf(request),
      );
      cookie.set(reply, opened);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/auth/factor/passkey-challenge',
    {
      config: { access: 'halfway' },
      schema: {
        operationId: 'beginPasskeyProof',
        tags,
        summary: 'Begin to prove with a passkey',
        description: 'For the second step of a sign-in, or a fresh proof in a session.',
        response: { 200: PasskeyOptions, ...refused },
      },
    },
    async (request, reply) => {
      const { options, browser } = await identity.passkeys.beginProof(halfwayIn(request));
      cookie.ceremony.set(reply, browser);
      return reply.send({ ...options });
    },
  );
  app.post(
    '/auth/factor/passkey',
    {
      config: { access: 'halfway' },
      schema: {
        operationId: 'giveFactorByPasskey',
        tags,
        summary: 'Prove with a passkey',
        description: 'Finishes a sign-in, or is a fresh proof in a session.',
        body: PasskeyAnswer,
        response: { 204: done('Proved'), ...refuses(identityProblems, 'passkey-refused') },
      },
    },
    async (request, reply) => {
      const browser = cookie.ceremony.read(request);
      const answer = request.body.answer as unknown as Parameters<Identity['passkeys']['signIn']>[1];
      cookie.ceremony.clear(reply);
      cookie.set(reply, await identity.passkeys.prove(halfwayIn(request), browser, answer, cookie.visitOf(request)));
      return reply.code(204).send(null);
    },
  );
};
