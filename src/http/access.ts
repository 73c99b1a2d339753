import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Id } from '#core/ids.ts';
import { type AssistScope, MEMBER_ROLES, type MemberRole, STAFF_ROLES, type StaffRole } from '#core/roles.ts';
import { httpProblem } from './problems.ts';

/**
 * Who may call a route. `partner` routes are opened by a verified signature, `webhook` routes by the provider's own
 * proof inside their handler, `operations` routes serve probes and documents that hold nothing of anybody.
 */
export const ACCESS = ['public', 'shopper', 'seller', 'staff', 'partner', 'webhook', 'operations'] as const;
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
  readonly name: string;
  /** Null for everybody who is not of the exchange's staff. */
  readonly staffRole: StaffRole | null;
  readonly memberships: readonly Membership[];
};
export type Caller = Nobody | SignedIn;

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
  if (door.access === 'shopper') return caller.kind === 'account';
  if (door.access === 'seller') return caller.kind === 'account' && ownIn(caller, door).length > 0;
  if (door.access === 'staff') return caller.kind === 'account' && opensToStaff(caller, door.roles);
  return true;
};

/** A role that its access knows nothing of would open the route to nobody, or be overlooked. */
function checkRoles(route: string, { access, roles = [], scope }: Door): void {
  const fits = roles.every((role) => (isStaffRole(role) ? access === 'staff' : access === 'seller'));
  if (!fits) throw new Error(`${route} declares roles that ${access} does not have`);
  if (roles.includes('assistant') !== (scope !== undefined))
    throw new Error(`${route} must name both assistants and the scope of their consent, or neither`);
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
    const methods = [route.method].flat().filter((method) => method !== 'HEAD');
    const operationId = route.schema?.operationId ?? null;
    routeList.push(...methods.map((method) => ({ method, path: route.url, access, roles: roles ?? [], operationId })));
  });
  app.addHook('onRequest', async (request) => {
    const { access = 'public', roles, scope } = request.routeOptions.config;
    const anonymous = access === 'webhook' || access === 'operations' || access === 'partner';
    request.caller = anonymous ? nobody : await authenticate(request);
    if (opens({ access, roles, scope }, request.caller)) return;
    throw httpProblem(request.caller.kind === 'nobody' ? 'sign-in-required' : 'forbidden');
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

/** The businesses that the caller may act for by this route: every query of a seller's starts from them. */
export const ownBusinesses = (request: FastifyRequest): readonly Id<'Business'>[] =>
  ownIn(signedIn(request), request.routeOptions.config).map(({ businessId }) => businessId);

/**
 * The business when the caller acts for it as an assistant and not as one of its members: the act is then written down
 * with both names, by `onBehalfOf` of the log of acts.
 */
export const onBehalfOf = <B extends Id<'Business'>>(request: FastifyRequest, businessId: B): B | undefined => {
  const by = ownIn(signedIn(request), request.routeOptions.config).filter((one) => one.businessId === businessId);
  return by.length > 0 && by.every(({ role }) => role === 'assistant') ? businessId : undefined;
};

/** How the caller is named in `app.actor`, logs and journals. */
export const actorOf = (request: FastifyRequest): string =>
  request.caller.kind === 'account'
    ? `account:${request.caller.accountId}`
    : request.partnerKey
      ? `partner:${request.partnerKey}`
      : 'guest';
