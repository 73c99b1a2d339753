import type { KeyScope, StaffRole } from '#core/roles.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { KeyState } from './api-keys.ts';
import type { Purpose } from './types.ts';

/** How a form asks for consent. */
export const asked: Readonly<Record<Purpose, MessageKey>> = {
  terms: 'signUp.terms',
  marketing: 'signUp.marketing',
  sharing: 'signUp.sharing',
};
/** What it is called once it was given. */
export const purposeNames: Readonly<Record<Purpose, MessageKey>> = {
  terms: 'privacy.terms',
  marketing: 'privacy.marketing',
  sharing: 'privacy.sharing',
};
export const roleNames: Readonly<Record<StaffRole, MessageKey>> = {
  moderator: 'role.moderator',
  certifier: 'role.certifier',
  finance: 'role.finance',
  support: 'role.support',
  auditor: 'role.auditor',
  admin: 'role.admin',
};
export const keyStateNames: Readonly<Record<KeyState['state'], MessageKey>> = {
  live: 'keys.live',
  expired: 'keys.expired',
  revoked: 'keys.revoked',
};
export const scopeNames: Readonly<Record<KeyScope, MessageKey>> = {
  'orders:read': 'scope.orders:read',
  'orders:write': 'scope.orders:write',
  'products:read': 'scope.products:read',
  'products:write': 'scope.products:write',
  'stock:read': 'scope.stock:read',
  'stock:write': 'scope.stock:write',
};
/** The eight headings that the decree asks for, in its order. */
export const policyParts: readonly (readonly [heading: MessageKey, text: MessageKey])[] = [
  ['policy.h1', 'policy.t1'],
  ['policy.h2', 'policy.t2'],
  ['policy.h3', 'policy.t3'],
  ['policy.h4', 'policy.t4'],
  ['policy.h5', 'policy.t5'],
  ['policy.h6', 'policy.t6'],
  ['policy.h7', 'policy.t7'],
  ['policy.h8', 'policy.t8'],
];
