import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Id } from '#core/ids.ts';
import {
  type AssistScope,
  type KeyScope,
  MEMBER_ROLES,
  type MemberRole,
  STAFF_ROLES,
  type StaffRole,
} from '#core/roles.ts';
import { httpProblem } from './problems.ts';

/**
 * Who may call a route. `halfway` opens to who has given a password and still owes a second factor, and to who owes
 * nothing. `partner` routes are opened by a verified signature, `webhook` routes by the provider's own
 * proof inside their handler, `operations` routes serve probes and documents that hold nothing of anybody.
 */
export const ACCESS = ['public', 'halfway', 'shopper', 'seller', 'staff', 'partner', 'webhook', 'operations'] as const;
export type Access = (typeof ACCESS)[number];

export type Membership = {
  readonly businessId: Id<'Business'>;
  readonly role: MemberRole;
  /** What the household's consent lets this assistant do; absent for members. */
  readonly scopes?: readonly AssistScope[];
};
export type Role = StaffRole | MemberRole;

export type Nobody = { readonly kind: 'nobody' };
export type SignedIn = {
  readonly kind: 'account';
  readonly accountId: Id<'Account'>;
  readonly sessionId: Id<'Session'>;
  readonly name: string;
  /** Null for everybody who is not of the exchange's staff. */
  readonly staffRole: StaffRole | null;
  readonly memberships: readonly Membership[];
  /** Gave a password or a factor within the last ten minutes. */
  readonly fresh: boolean;
};
/** The password was right; the second factor, or setting one up, is still owed. Opens nothing but the way to that. */
export type Halfway = {
  readonly kind: 'halfway';
  readonly accountId: Id<'Account'>;
  readonly sessionId: Id<'Session'>;
  readonly needs: 'factor' | 'enrolment';
  readonly fresh: boolean;
};
/** A business's own system, by `Authorization: Bearer`. It acts for that business on the routes that name its scope. */
export type KeyHolder = {
  readonly kind: 'key';
  readonly keyId: Id<'ApiKey'>;
  readonly businessId: Id<'Business'>;
  readonly scopes: readonly KeyScope[];
};
export type Caller = Nobody | Halfway | SignedIn | KeyHolder;

/** A route as docs/routes.txt lists it and the tests of access walk it. HEAD comes with each GET and is left out. */
export type RouteEntry = {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  /** Who among the sellers or the staff; all of those whom `access` lets in when empty. */
  readonly roles: readonly Role[];
  /** Null for what the API document does not describe: pages, pictures, styles. */
  readonly operationId: string | null;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /**
     * Narrows `seller` to roles in the business, `staff` to roles of the staff (`admin` always may). A seller's route
     * without it is for owner, manager and packer; assistants enter only where they are named.
     */
    roles?: readonly Role[];
    /**
     * What the household must have consented to before its assistant may enter, any of these. Needed where `roles` names
     * `assistant`.
     */
    scope?: AssistScope | readonly AssistScope[];
    /** What a key of the API must be allowed for this route of sellers. A route without it is closed to keys. */
    keyScope?: KeyScope;
    /** Changes who can get in, or where money goes: a session that was stolen must not be enough. */
    fresh?: true;
  }
  interface FastifyInstance {
    /** Every route that has been registered so far. */
    readonly routeList: readonly RouteEntry[];
  }
  interface FastifyRequest {
    caller: Caller;
    /** The key of the partner exchange whose signature was verified, else null. */
    partnerKey: string | null;
  }
}

/** What stands behind `Authorization: Bearer`. Whoever sends it is known by it alone: a cookie beside it is not looked at. */
export const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '')?.[1];

export type Authenticate = (request: FastifyRequest) => Promise<Caller>;

const nobody: Nobody = { kind: 'nobody' };

const isStaffRole = (role: Role): role is StaffRole => (STAFF_ROLES as readonly Role[]).includes(role);
const members: readonly Role[] = MEMBER_ROLES.filter((role) => role !== 'assistant');

const opensToStaff = ({ staffRole }: SignedIn, roles: readonly Role[] | undefined): boolean =>
  staffRole !== null && (staffRole === 'admin' || roles === undefined || roles.includes(staffRole));
type Door = {
  readonly access: Access;
  readonly roles?: readonly Role[] | undefined;
  readonly scope?: AssistScope | readonly AssistScope[] | undefined;
  readonly keyScope?: KeyScope | undefined;
};

const asked = (scope: Door['scope'], one: AssistScope): boolean => [scope].flat().includes(one);

/** The memberships by which a route opens. An assistant's counts only while the consent holds what the route is about. */
const ownIn = (
  { memberships }: SignedIn,
  { roles = members, scope }: Pick<Door, 'roles' | 'scope'>,
): readonly Membership[] =>
  memberships.filter(
    ({ role, scopes = [] }) =>
      roles.includes(role) && (role !== 'assistant' || scopes.some((one) => asked(scope, one))),
  );

const opens = (door: Door, caller: Caller): boolean => {
  if (door.access === 'halfway') return caller.kind === 'account' || caller.kind === 'halfway';
  if (door.access === 'shopper') return caller.kind === 'account';
  if (door.access === 'seller' && caller.kind === 'key')
    return door.keyScope !== undefined && caller.scopes.includes(door.keyScope);
  if (door.access === 'seller') return caller.kind === 'account' && ownIn(caller, door).length > 0;
  if (door.access === 'staff') return caller.kind === 'account' && opensToStaff(caller, door.roles);
  return true;
};

/** Why the door stays shut, so that the caller knows what would open it. */
const refusalFor = (door: Door, caller: Caller) => {
  if (caller.kind === 'nobody') return httpProblem('sign-in-required');
  if (caller.kind === 'halfway') return httpProblem('second-factor-required', { needs: caller.needs });
  if (caller.kind === 'key' && door.access === 'seller' && door.keyScope)
    return httpProblem('scope-missing', { scope: door.keyScope });
  return httpProblem('forbidden');
};

const isStale = (caller: Caller): boolean => (caller.kind === 'account' || caller.kind === 'halfway') && !caller.fresh;

/** A page asks for the proof and leads back to itself; a program is told. Both languages of the address stay as they are. */
function askForProof(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (!isPage) throw httpProblem('reauthentication-required', { proveAt: '/v1/me/reauthentication' });
  const prefix = /^\/(?:en|km)(?=\/)/.exec(request.url)?.[0] ?? '';
  const next = request.url.slice(prefix.length);
  return reply.redirect(`${prefix}/xac-nhan?next=${encodeURIComponent(next)}`, 303);
}

/** A role that its access knows nothing of would open the route to nobody, or be overlooked. */
function checkRoles(route: string, { access, roles = [], scope }: Door): void {
  const fits = roles.every((role) => (isStaffRole(role) ? access === 'staff' : access === 'seller'));
  if (!fits) throw new Error(`${route} declares roles that ${access} does not have`);
  if (roles.includes('assistant') !== (scope !== undefined))
    throw new Error(`${route} must name both assistants and the scope of their consent, or neither`);
}

/** Only sellers' routes have keys, and only accounts can prove themselves anew. */
function checkKeys(route: string, { access, keyScope, fresh }: FastifyContextConfig): void {
  if (keyScope && (access !== 'seller' || fresh)) throw new Error(`${route} cannot be opened by a key`);
  if (fresh && !['halfway', 'shopper', 'seller', 'staff'].includes(access ?? ''))
    throw new Error(`${route} asks for a fresh proof of nobody`);
}

/** Denies by default: a route without a declared access stops the boot, a caller without the right stops at the door. */
export const accessControl = fp<{ authenticate: Authenticate }>(async (app: FastifyInstance, { authenticate }) => {
  const routeList: RouteEntry[] = [];
  app.decorate('routeList', routeList);
  app.decorateRequest('caller');
  app.decorateRequest('partnerKey', null);
  app.addHook('onRoute', (route) => {
    // The reader of the API document registers routes of its own and cannot say this itself.
    if (/^\/docs(\/|$)/.test(route.url)) route.config = { ...route.config, access: 'operations' };
    const access = route.config?.access;
    if (!access) throw new Error(`${String(route.method)} ${route.url} declares no access`);
    const { roles, scope } = route.config ?? {};
    checkRoles(`${String(route.method)} ${route.url}`, { access, roles, scope });
    checkKeys(`${String(route.method)} ${route.url}`, route.config ?? {});
    const methods = [route.method].flat().filter((method) => method !== 'HEAD');
    const operationId = route.schema?.operationId ?? null;
    routeList.push(...methods.map((method) => ({ method, path: route.url, access, roles: roles ?? [], operationId })));
  });
  app.addHook('onRequest', async (request, reply) => {
    const { access = 'public', roles, scope, keyScope, fresh } = request.routeOptions.config;
    const anonymous = access === 'webhook' || access === 'operations' || access === 'partner';
    const caller = anonymous ? nobody : await authenticate(request);
    request.caller = caller;
    const door = { access, roles, scope, keyScope };
    if (!opens(door, caller)) throw refusalFor(door, caller);
    if (fresh && isStale(caller)) return askForProof(request, reply);
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const unsigned = request.routeOptions.config.access === 'partner' && !request.partnerKey;
    done(unsigned ? httpProblem('partner-signature-required') : undefined);
  });
});

/** The caller of a route whose access needs an account. */
export const signedIn = (request: FastifyRequest): SignedIn => {
  if (request.caller.kind !== 'account') throw httpProblem('sign-in-required');
  return request.caller;
};

/** Who is at the door that a second factor opens: a whole session, or one that still owes it. */
export const halfwayIn = (request: FastifyRequest): Halfway | SignedIn => {
  const { caller } = request;
  if (caller.kind !== 'account' && caller.kind !== 'halfway') throw httpProblem('sign-in-required');
  return caller;
};

/** The businesses that the caller may act for by this route: every query of a seller's starts from them. */
export const ownBusinesses = (request: FastifyRequest): readonly Id<'Business'>[] =>
  request.caller.kind === 'key'
    ? [request.caller.businessId]
    : ownIn(signedIn(request), request.routeOptions.config).map(({ businessId }) => businessId);

/**
 * The business when the caller acts for it as an assistant and not as one of its members: the act is then written down
 * with both names, by `onBehalfOf` of the log of acts.
 */
export const onBehalfOf = <B extends Id<'Business'>>(request: FastifyRequest, businessId: B): B | undefined => {
  if (request.caller.kind === 'key') return undefined;
  const by = ownIn(signedIn(request), request.routeOptions.config).filter((one) => one.businessId === businessId);
  return by.length > 0 && by.every(({ role }) => role === 'assistant') ? businessId : undefined;
};

/** How the caller is named in `app.actor`, logs and journals. */
export const actorOf = ({ caller, partnerKey }: FastifyRequest): string => {
  if (caller.kind === 'account' || caller.kind === 'halfway') return `account:${caller.accountId}`;
  if (caller.kind === 'key') return `key:${caller.keyId}`;
  return partnerKey ? `partner:${partnerKey}` : 'guest';
};

/** Whose session this is; undefined for everybody who has none. */
export const accountOf = ({ caller }: FastifyRequest): Id<'Account'> | undefined =>
  caller.kind === 'account' ? caller.accountId : undefined;

/** Who acts and from which address, as the log of acts wants it. */
export const byOf = (request: FastifyRequest) => ({ actor: actorOf(request), address: request.ip });

/** A seller's act and whose goods it may touch: every query of the seller's starts from these businesses. */
export const sellerOf = (request: FastifyRequest) => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
});
