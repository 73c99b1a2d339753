import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { byOf, ownBusinesses, signedIn } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import {
  Accepted,
  InvitationAdded,
  InvitationParams,
  InviteBody,
  MemberList,
  MemberParams,
  OwnParams,
  RoleBody,
  TokenParams,
} from './schemas.ts';
import { byOn } from './seller-routes.ts';
import type { Businesses } from './service.ts';
import { businessProblems } from './types.ts';

type Deps = { readonly businesses: Businesses };
const done = (description: string) => ({ 204: Type.Null({ description }) });
const inCharge = { access: 'seller', roles: ['owner', 'manager'] } as const;
const owning = { access: 'seller', roles: ['owner'] } as const;

const invitationRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.get(
    '/seller/business/:businessId/members',
    {
      config: inCharge,
      schema: {
        operationId: 'listMembers',
        tags: ['seller'],
        summary: 'Members and open invitations',
        description: 'Who may act for the business, and who has been asked to.',
        params: OwnParams,
        response: { 200: MemberList, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const { businessId } = await businesses.getOwn(request.params.businessId, ownBusinesses(request));
      const [members, invitations] = await Promise.all([
        businesses.listMembers(businessId),
        businesses.listInvitations(businessId),
      ]);
      return {
        items: members.map((member) => ({ ...member, since: member.since.toISOString() })),
        invitations: invitations.map(({ id, role, phone, email, expiresAt }) => ({
          invitationId: id,
          role,
          to: phone ?? email ?? '',
          expiresAt: expiresAt.toISOString(),
        })),
      };
    },
  );
  app.post(
    '/seller/business/:businessId/invitations',
    {
      config: { ...owning, fresh: true },
      schema: {
        operationId: 'inviteMember',
        tags: ['seller'],
        summary: 'Invite somebody',
        description: 'Sends a link to one phone or e-mail, good once and for seven days.',
        params: OwnParams,
        body: InviteBody,
        response: {
          201: InvitationAdded,
          ...refuses(businessProblems, 'business-not-found', 'business-phone-invalid', 'business-email-invalid'),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const by = await byOn(businesses, request, businessId);
      const invitationId = await businesses.invite(by, businessId, request.body.role, request.body.to);
      return reply.code(201).send({ invitationId });
    },
  );
  app.delete(
    '/seller/business/:businessId/invitations/:invitationId',
    {
      config: owning,
      schema: {
        operationId: 'withdrawInvitation',
        tags: ['seller'],
        summary: 'Withdraw an invitation',
        description: 'Its link no longer opens anything.',
        params: InvitationParams,
        response: { ...done('Withdrawn'), ...refuses(businessProblems, 'business-not-found', 'invitation-not-found') },
      },
    },
    async (request, reply) => {
      const { businessId, invitationId } = request.params;
      const by = await byOn(businesses, request, businessId);
      await businesses.withdrawInvitation(by, businessId, invitationId);
      return reply.code(204).send(null);
    },
  );
};

const rosterRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.put(
    '/seller/business/:businessId/members/:accountId',
    {
      config: { ...owning, fresh: true },
      schema: {
        operationId: 'setMemberRole',
        tags: ['seller'],
        summary: 'Give a member another role',
        description: 'Holds from the next request of that member on.',
        params: MemberParams,
        body: RoleBody,
        response: {
          ...done('Given'),
          ...refuses(businessProblems, 'business-not-found', 'member-not-found', 'last-owner'),
        },
      },
    },
    async (request, reply) => {
      const { businessId, accountId } = request.params;
      const by = await byOn(businesses, request, businessId);
      await businesses.setMemberRole(by, businessId, accountId, request.body.role);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/seller/business/:businessId/members/:accountId',
    {
      config: { ...owning, fresh: true },
      schema: {
        operationId: 'removeMember',
        tags: ['seller'],
        summary: 'Take a member out',
        description: 'The next request of that member finds the door closed. The last owner cannot leave.',
        params: MemberParams,
        response: {
          ...done('Removed'),
          ...refuses(businessProblems, 'business-not-found', 'member-not-found', 'last-owner'),
        },
      },
    },
    async (request, reply) => {
      const { businessId, accountId } = request.params;
      const by = await byOn(businesses, request, businessId);
      await businesses.removeMember(by, businessId, accountId);
      return reply.code(204).send(null);
    },
  );
};

const joiningRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/invitations/:token/accept',
    {
      config: { access: 'shopper' },
      schema: {
        operationId: 'acceptInvitation',
        tags: ['account'],
        summary: 'Accept an invitation',
        description: 'Makes the caller a member of the business that sent it. Works once.',
        params: TokenParams,
        response: { 200: Accepted, ...refuses(businessProblems, 'invitation-not-valid') },
      },
    },
    async (request) => {
      const by = byOf(request);
      return { businessId: await businesses.acceptInvitation(by, request.params.token, signedIn(request).accountId) };
    },
  );
};

/** Who belongs to a business, and how one comes to. */
export const memberRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  await app.register(invitationRoutes, { businesses });
  await app.register(rosterRoutes, { businesses });
  await app.register(joiningRoutes, { businesses });
};
