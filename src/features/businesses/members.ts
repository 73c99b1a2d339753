import { createHash, randomBytes } from 'node:crypto';
import { dayMs } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { clean } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import { readPhone } from '#features/identity/index.ts';
import { type Deps, lockOwn, refuse, transactBy } from './deps.ts';
import {
  acceptInvitation,
  addMember,
  findInvitation,
  insertInvitation,
  lockMembers,
  removeMember,
  setRole,
  withdrawInvitation,
} from './queries/members.ts';
import { checkEmail } from './rules.ts';
import type { BusinessId, By, InvitationId, InvitedRole } from './types.ts';
import { findOwn, listMembers } from './views/desk.ts';

const invitationDays = 7;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

type Members = Awaited<ReturnType<typeof lockMembers>>;
type AccountId = Id<'Account'>;

/** A business without an owner could be given to nobody any more. */
function checkOwnerLeft(members: Members, leaving: AccountId): void {
  const others = members.some(({ accountId, role }) => role === 'owner' && accountId !== leaving);
  const isOwner = members.some(({ accountId, role }) => role === 'owner' && accountId === leaving);
  if (isOwner && !others) throw refuse('last-owner');
}
const roleOf = (members: Members, accountId: AccountId) => {
  const member = members.find((one) => one.accountId === accountId);
  if (!member) throw refuse('member-not-found');
  return member.role;
};

function createInvitations({ db, now, audit, notices }: Deps) {
  const recipientOf = (to: string) => {
    const phone = readPhone(to);
    if (phone) return { phone, email: null };
    if (!to.includes('@')) throw refuse('business-phone-invalid', { pointer: '/to' });
    return { phone: null, email: checkEmail(clean(to).toLowerCase()) };
  };

  return {
    /** Sends a way in to one phone or address. The token is in the message alone; the database keeps its hash. */
    invite: (by: By, businessId: BusinessId, role: InvitedRole, to: string): Promise<InvitationId> => {
      const { phone, email } = recipientOf(to);
      const token = randomBytes(24).toString('base64url');
      const id: InvitationId = newId();
      const invitedAt = now();
      return transactBy(db, by, async (tx) => {
        const { name, status } = await lockOwn(tx, businessId);
        if (status === 'closed') throw refuse('business-state-forbids', { status });
        const expiresAt = new Date(invitedAt.getTime() + invitationDays * dayMs);
        const whom = { businessId, role, phone, email };
        await insertInvitation(tx, {
          id,
          ...whom,
          tokenHash: hashOf(token),
          invitedBy: by.actor,
          invitedAt,
          expiresAt,
        });
        await audit.record(tx, {
          action: 'member.invited',
          subject: { kind: 'business', id: businessId },
          after: { role },
          onBehalfOf: by.onBehalfOf,
          address: by.address,
        });
        await notices.tell(tx, {
          kind: 'member.invited',
          to: phone ? { phone } : { email: email ?? '' },
          values: { business: name, role },
          path: `/moi/${token}`,
        });
        return id;
      });
    },
    /** What an invitation is for, before it is taken. 410 when it is used, withdrawn or too old. */
    getInvitation: async (token: string) => {
      const invitation = await findInvitation(db, hashOf(token), now());
      const business = invitation && (await findOwn(db, invitation.businessId));
      if (!invitation || !business) throw refuse('invitation-not-valid');
      return { role: invitation.role, business: business.name, expiresAt: invitation.expiresAt };
    },
    acceptInvitation: (by: By, token: string, accountId: AccountId): Promise<BusinessId> =>
      transact(db, by.actor, async (tx) => {
        const invitation = await acceptInvitation(tx, hashOf(token), accountId, now());
        if (!invitation) throw refuse('invitation-not-valid');
        const { businessId, role } = invitation;
        const { name } = await lockOwn(tx, businessId);
        const members = await lockMembers(tx, businessId);
        const already = members.find((one) => one.accountId === accountId);
        // An owner who opens an invitation to pack stays an owner.
        if (!already) await addMember(tx, businessId, accountId, role, now());
        else if (already.role !== 'owner') await setRole(tx, businessId, accountId, role);
        const subject = { kind: 'business', id: businessId };
        await audit.record(tx, { action: 'member.joined', subject, after: { accountId, role }, address: by.address });
        const joined = (await listMembers(tx, businessId)).find((one) => one.accountId === accountId);
        const values = { business: name, name: joined?.name ?? '', role };
        await notices.tell(tx, {
          kind: 'member.joined',
          to: { businessId, roles: ['owner'] },
          values,
          path: '/ban-hang/thanh-vien',
        });
        return businessId;
      }),
    withdrawInvitation: (by: By, businessId: BusinessId, id: InvitationId): Promise<void> =>
      transactBy(db, by, async (tx) => {
        if (!(await withdrawInvitation(tx, businessId, id, now()))) throw refuse('invitation-not-found');
        const subject = { kind: 'business', id: businessId };
        await audit.record(tx, { action: 'invitation.withdrawn', subject, address: by.address });
      }),
  };
}

const createRoster = ({ db, audit, notices }: Deps) => ({
  setMemberRole: (by: By, businessId: BusinessId, accountId: AccountId, role: InvitedRole): Promise<void> =>
    transactBy(db, by, async (tx) => {
      await lockOwn(tx, businessId);
      const members = await lockMembers(tx, businessId);
      const before = roleOf(members, accountId);
      if (role !== 'owner') checkOwnerLeft(members, accountId);
      await setRole(tx, businessId, accountId, role);
      await audit.record(tx, {
        action: 'member.role-changed',
        subject: { kind: 'business', id: businessId },
        before: { accountId, role: before },
        after: { accountId, role },
        address: by.address,
      });
    }),
  /** Takes somebody out, or lets them leave: the next request of theirs finds the door closed. */
  removeMember: (by: By, businessId: BusinessId, accountId: AccountId): Promise<void> =>
    transactBy(db, by, async (tx) => {
      const { name } = await lockOwn(tx, businessId);
      const members = await lockMembers(tx, businessId);
      const role = roleOf(members, accountId);
      checkOwnerLeft(members, accountId);
      await removeMember(tx, businessId, accountId);
      const subject = { kind: 'business', id: businessId };
      await audit.record(tx, { action: 'member.removed', subject, before: { accountId, role }, address: by.address });
      await notices.tell(tx, { kind: 'member.removed', to: { accountId }, values: { business: name } });
    }),
});

export const createMembers = (deps: Deps) => ({ ...createInvitations(deps), ...createRoster(deps) });
