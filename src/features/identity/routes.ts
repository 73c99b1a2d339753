import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { signedIn } from '#http/access.ts';
import { IdOf, Nullable, refused, refuses, Text } from '#http/schema.ts';
import type { SessionCookie } from './cookie.ts';
import type { Identity } from './service.ts';
import { identityProblems } from './types.ts';

const Credentials = Type.Object(
  {
    login: Text('Phone number or e-mail', 200, '0912345678'),
    password: Type.String({ minLength: 1, maxLength: 1_000, description: 'Password', examples: ['mat-khau-cua-ban'] }),
  },
  {
    title: 'Credentials',
    additionalProperties: false,
    examples: [{ login: 'nguoiban@cho-noi.example', password: 'mat-khau-cua-ban' }],
  },
);
const Me = Type.Object(
  {
    accountId: IdOf('Account', 'The account'),
    name: Text('Name', 200, 'Nguyễn Thị Bé'),
    phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
    email: Nullable(Text('E-mail', 200, 'be@thu.example')),
    staffRole: Nullable(Text('Role among the staff', 20, 'moderator')),
    businessIds: Type.Array(IdOf('Business', 'A business'), {
      description: 'Businesses it is a member of',
      maxItems: 1_000,
    }),
  },
  { title: 'Me' },
);

export const identityRoutes: FastifyPluginAsyncTypebox<{ identity: Identity; cookie: SessionCookie }> = async (
  app,
  { identity, cookie },
) => {
  app.post(
    '/auth/sign-in',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        tags: ['account'],
        summary: 'Sign in',
        description:
          'Sets the session cookie. Ten wrong guesses in a quarter of an hour close the door for the rest of it.',
        body: Credentials,
        response: {
          204: Type.Null({ description: 'Signed in' }),
          ...refuses(identityProblems, 'wrong-credentials', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const sessionId = await identity.signIn({
        ...request.body,
        address: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
      });
      cookie.set(reply, sessionId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/auth/sign-out',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signOut',
        tags: ['account'],
        summary: 'Sign out',
        description: 'Ends the session everywhere at once.',
        response: { 204: Type.Null({ description: 'Signed out' }), ...refused },
      },
    },
    async (request, reply) => {
      const sessionId = cookie.read(request);
      if (sessionId) await identity.signOut(sessionId);
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/me',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'getMe',
        tags: ['account'],
        summary: 'Who am I',
        description: 'The account of the session and the businesses it may act for.',
        response: { 200: Me, ...refused },
      },
    },
    async (request) => {
      const caller = signedIn(request);
      return {
        ...(await identity.getAccount(caller.accountId)),
        businessIds: caller.memberships.map(({ businessId }) => businessId),
      };
    },
  );
};
