import type { Access, Role } from '#http/access.ts';
import type { Side, Stage, Who } from './stage.ts';

/**
 * Who may call what, written down a second time, a file a slice. `access.test.ts` calls every route as everybody
 * (`WHO` in `stage.ts`) and compares statuses exactly; a route that is new, gone or opened to somebody else fails.
 * Pages in other languages are the same pages.
 *
 * A route without ids is one word, narrowed roles after a colon: `'staff'`, `'staff:certifier'`, `'seller:owner,manager'`.
 * Whoever the word lets in gets 200 of a GET, and the others get 401 or 403. A write says what it answers to `{}`, and so
 * does a GET that answers otherwise: `{ access: 'public', status: 303 }`.
 *
 * A route with ids, in its path or in its form, says what each kind of id answers and how such a thing is made:
 *
 * ```ts
 * 'POST /v1/seller/orders/:code/confirm': {
 *   access: 'seller',
 *   of: async (stage, side) => ({ code: await stage.paidOrder(side) }),
 *   ids: { own: 204, other: 404, missing: 404 },
 *   changes: true,
 * },
 * ```
 *
 * `of` gives the values of the path for a thing of side A or B: two businesses, or two shoppers. `own` is the caller's
 * side, `other` the other one, which must look like `missing`: of the right form, and of nothing that exists. Where
 * things belong to nobody (`public`, `staff`) leave `other` out, and `own` where the answer never ends. `changes` makes a fresh thing for each call that may
 * succeed. `body` is what is sent, `{}` if it is left out; as a function it gets the values, so that a page's form may
 * carry the id: `body: ({ code }) => ({ do: 'confirm', code })`. A status that differs by caller is a table:
 * `own: { all: 403, moderator: 200, admin: 200 }`.
 */
export type Rule = Access | `${'staff' | 'seller'}:${Role}` | `${'staff' | 'seller'}:${Role},${string}`;
export type Status = number | (Partial<Readonly<Record<Who, number>>> & { readonly all: number });
export type Values = Readonly<Record<string, string>>;

export type Row = {
  readonly access: Rule;
  readonly status?: Status;
  readonly of?: (stage: Stage, side: Side) => Values | Promise<Values>;
  readonly ids?: { readonly own?: Status; readonly other?: Status; readonly missing: Status };
  /** Values of nothing that exists, where the name of a value does not tell how such a one looks. */
  readonly missing?: Values;
  readonly changes?: true;
  /** What whoever may enter does before the call on a thing of their own, such as taking it from its queue. */
  readonly first?: (stage: Stage, values: Values, who: Who) => Promise<unknown>;
  readonly body?: unknown;
  readonly headers?: Values | (() => Values);
  /** What follows the path: `?lane=offer`. */
  readonly query?: string;
};
export type Expected = Readonly<Record<string, Rule | Row>>;
