import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { signedIn } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import { AccountParams, InviteBody, Invited, RoleBody, StaffUserList } from './schemas.ts';
import type { Identity } from './service.ts';
import { invitationPath } from './staffing.ts';
import { identityProblems } from './types.ts';

const tags = ['staff'];
const done = (description: string) => Type.Null({ description });
type Row = Awaited<ReturnType<Identity['staffing']['list']>>[number];

export const stateOf = ({ disabledAt, hasPassword }: Row): 'active' | 'invited' | 'disabled' => {
  if (disabledAt) return 'disabled';
  return hasPassword ? 'active' : 'invited';
};

/** Who works for the exchange. For administrators, with a fresh proof wherever something changes. */
export const userRoutes: FastifyPluginAsyncTypebox<{ identity: Identity }> = async (app, { identity }) => {
  const { staffing } = identity;
  await app.register(actRoutes, { identity });
  app.get(
    '/staff/users',
    {
      config: { access: 'staff', roles: ['admin'] },
      schema: {
        operationId: 'listStaffUsers',
        tags,
        summary: 'Who works for the exchange',
        description: 'Everybody with a role, those who were shut out last.',
        response: { 200: StaffUserList, ...refuses(identityProblems) },
      },
    },
    async () => ({
      items: (await staffing.list()).map((row) => ({
        accountId: row.accountId,
        name: row.name,
        phone: row.phone,
        email: row.email,
        role: row.staffRole,
        state: stateOf(row),
        createdAt: row.createdAt,
      })),
    }),
  );
  app.post(
    '/staff/users',
    {
      config: { access: 'staff', roles: ['admin'], fresh: true },
      schema: {
        operationId: 'inviteStaffUser',
        tags,
        summary: 'Invite somebody',
        description: 'Sends a link by which they choose a password themselves; it works once, for 72 hours.',
        body: InviteBody,
        response: {
          201: Invited,
          ...refuses(identityProblems, 'login-invalid', 'login-taken', 'account-name-missing'),
        },
      },
    },
    async (request, reply) => {
      const { accountId, token } = await staffing.invite(signedIn(request).accountId, request.body);
      return reply.code(201).send({ accountId, path: invitationPath(token) });
    },
  );
  app.put(
    '/staff/users/:accountId/role',
    {
      config: { access: 'staff', roles: ['admin'], fresh: true },
      schema: {
        operationId: 'setStaffRole',
        tags,
        summary: 'Change a role',
        description: 'Counts from the next request on, on every replica: the sessions of that account end.',
        params: AccountParams,
        body: RoleBody,
        response: {
          204: done('Changed'),
          ...refuses(identityProblems, 'account-not-found', 'own-account', 'last-admin'),
        },
      },
    },
    async (request, reply) => {
      await staffing.setRole(signedIn(request).accountId, request.params.accountId, request.body.role);
      return reply.code(204).send(null);
    },
  );
};

/** Acts without a body: each shuts something at once. */
const actRoutes: FastifyPluginAsyncTypebox<{ identity: Identity }> = async (app, { identity: { staffing } }) => {
  const acts = [
    ['disable', 'disableUser', 'Shut an account out', 'Its sessions are dead at once.', staffing.disable],
    ['enable', 'enableUser', 'Let an account in again', 'It signs in with what it had.', staffing.enable],
    ['end-sessions', 'endUserSessions', "End an account's sessions", 'Dead at once.', staffing.endSessions],
    [
      'clear-factors',
      'clearUserFactors',
      "Remove an account's second factors",
      'For who lost the phone: the next sign-in asks them to set one up.',
      staffing.clearFactors,
    ],
  ] as const;
  for (const [verb, operationId, summary, description, act] of acts)
    app.post(
      `/staff/users/:accountId/${verb}`,
      {
        config: { access: 'staff', roles: ['admin'], fresh: true },
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: AccountParams,
          response: {
            204: done('Done'),
            ...refuses(identityProblems, 'account-not-found', 'own-account', 'last-admin'),
          },
        },
      },
      async (request, reply) => {
        await act(signedIn(request).accountId, request.params.accountId);
        return reply.code(204).send(null);
      },
    );
};
