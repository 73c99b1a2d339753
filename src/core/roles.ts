/** Roles among the exchange's staff. `admin` may do what any of them may. */
export const STAFF_ROLES = ['moderator', 'certifier', 'finance', 'support', 'auditor', 'admin'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/**
 * Roles in a business. An `assistant` belongs to a community digital team and acts for a household under its recorded,
 * expiring consent; a route opens to assistants only where it names them.
 */
export const MEMBER_ROLES = ['owner', 'manager', 'packer', 'assistant'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/**
 * What a household may let an assistant do. Bank account, payouts, members and papers of identity are in none of them:
 * no consent can give them away.
 */
export const ASSIST_SCOPES = ['profile', 'products', 'stock', 'orders-read'] as const;
export type AssistScope = (typeof ASSIST_SCOPES)[number];

/** What a business's own system may do with a key of the API. A seller's route names one, or is closed to keys. */
export const KEY_SCOPES = [
  'orders:read',
  'orders:write',
  'products:read',
  'products:write',
  'stock:read',
  'stock:write',
] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];
