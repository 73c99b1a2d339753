import type { Id } from '#core/ids.ts';
import type { MemberRole, StaffRole } from '#core/roles.ts';

/** Whom a notice is for. A business means its members of those roles (owner and manager by default); staff, everybody of that role. */
export type Recipient =
  | { readonly accountId: Id<'Account'> }
  | { readonly businessId: Id<'Business'>; readonly roles?: readonly MemberRole[] }
  | { readonly staffRole: StaffRole }
  | { readonly phone: string }
  | { readonly email: string };

/**
 * Something to tell somebody. `kind` names a template (`business.approved`), `values` fill it in (plain text, never a
 * secret that must not be kept), `path` is where on this site to go on.
 */
export type Notice = {
  readonly kind: string;
  readonly to: Recipient;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly path?: string;
  /** The same key is told once, however often it is asked for: `certificate-expiry:<id>:30`. */
  readonly key?: string;
};
