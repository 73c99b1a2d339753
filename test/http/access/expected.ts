import type { Access, Role } from '#http/access.ts';

/**
 * Who may call what, written down a second time, a file a slice: a route that is new, gone or opened to somebody else
 * fails. A narrowed route names its roles: `'staff:certifier'`, `'seller:owner,manager'`. Pages in other languages are
 * the same pages.
 */
export type Expected = Readonly<
  Record<string, Access | `${'staff' | 'seller'}:${Role}` | `${'staff' | 'seller'}:${Role},${string}`>
>;
