import type { Access } from '#http/access.ts';
import type { Answer } from '#test/support/client.ts';
import { fresh } from '#test/support/people.ts';
import type { Expected, Row, Status, Values } from './expected.ts';
import { isStaff, memberRoleOf, type Side, type Stage, type Who } from './stage.ts';

/** Whose thing an id names, as the caller sees it. */
export const WHOSE = ['own', 'other', 'missing'] as const;
export type Whose = (typeof WHOSE)[number];
export type Route = { readonly method: string; readonly path: string };

export const withoutLocale = (path: string): string => path.replace(/^\/(en|km)(?=\/|$)/, '') || '/';
export const nameOf = ({ method, path }: Route): string => `${method} ${withoutLocale(path)}`;
export const rowOf = (expected: Expected, route: Route): Row => {
  const row = expected[nameOf(route)] ?? 'staff';
  return typeof row === 'string' ? { access: row } : row;
};

/** Of the right form, and of nothing that exists. */
const missing = (name: string): string => {
  if (name.endsWith('Id') && !/^(cart|payment)Id$/.test(name)) return '01900000-0000-7000-8000-00000000dead';
  if (/Id$/.test(name)) return 'AAAAAAAAAAAAAAAAAAAAAA';
  return /code$/i.test(name) ? 'STZZZZZZZZZZ' : 'khong-co';
};
const paramsOf = (path: string): readonly string[] =>
  [...path.replaceAll('::', '').matchAll(/:(\w+)/g)].map(([, name = '']) => name);
const address = (path: string, values: Values): string =>
  path
    .replaceAll('::', '\0')
    .replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(values[name] ?? missing(name)))
    .replaceAll('\0', ':');

const partsOf = ({ access }: Row): readonly [access: Access, roles: readonly string[]] => {
  const [door = '', roles] = access.split(':');
  return [door as Access, roles?.split(',') ?? []];
};

/** Whether the door opens, from the row alone. */
export function mayEnter(row: Row, who: Who): boolean {
  const [access, roles] = partsOf(row);
  const isAccount = who !== 'nobody' && who !== 'partner';
  // What a session that is only half open may do there is tested with the second factors.
  if (access === 'shopper' || access === 'halfway') return isAccount;
  if (access === 'partner') return who === 'partner';
  if (access === 'staff') return isStaff(who) && (who === 'admin' || roles.length === 0 || roles.includes(who));
  if (access !== 'seller') return true;
  const role = memberRoleOf(who);
  return role !== undefined && (roles.length === 0 ? role !== 'assistant' : roles.includes(role));
}

/** The side that is the caller's own; none where nothing is theirs. */
function sideOf(row: Row, who: Who): Side | undefined {
  const [access] = partsOf(row);
  if (access === 'seller') return who === 'ownerB' ? 'B' : 'A';
  if (access !== 'shopper' && access !== 'halfway') return 'A';
  return who === 'shopperA' ? 'A' : who === 'shopperB' ? 'B' : undefined;
}
const otherSide = (side: Side | undefined): Side => (side === 'A' ? 'B' : 'A');

const forWhom = (status: Status, who: Who): number =>
  typeof status === 'number' ? status : (status[who] ?? status.all);

/** The one status that is right. */
export function statusOf(row: Row, route: Route, who: Who, whose: Whose | undefined): number {
  if (!mayEnter(row, who)) {
    const unsigned = partsOf(row)[0] === 'partner';
    return unsigned || who === 'nobody' || who === 'partner' ? 401 : 403;
  }
  const said = whose ? row.ids?.[whose] : row.status;
  if (said !== undefined) return forWhom(said, who);
  if (route.method === 'GET') return 200;
  throw new Error(`${nameOf(route)} does not say what it answers: { access: …, status: … }`);
}

/** The kinds of ids that this caller is tried with; none where the route has no ids. */
export function kindsOf(row: Row, who: Who): readonly (Whose | undefined)[] {
  if (!row.ids) return [undefined];
  const { ids } = row;
  return WHOSE.filter((whose) => ids[whose] !== undefined && (whose !== 'own' || sideOf(row, who) !== undefined));
}

const made = new Map<string, Promise<Values>>();
let lastMade: Promise<unknown> = Promise.resolve();
/** Things are made one after the other: two of them may be of the same product. */
function inTurn<Out>(make: () => Out | Promise<Out>): Promise<Out> {
  const next = lastMade.then(make, make);
  lastMade = next;
  return next;
}

/** The values for one call. A caller who stays outside changes nothing, so the same thing will do again. */
async function valuesFor(stage: Stage, row: Row, route: Route, who: Who, whose: Whose): Promise<Values> {
  const own = sideOf(row, who);
  const side = whose === 'own' ? (own ?? 'A') : otherSide(own);
  const make = (): Promise<Values> => inTurn<Values>(() => row.of?.(stage, side) ?? {});
  const key = `${nameOf(route)} ${side}`;
  const once = made.get(key) ?? make();
  made.set(key, once);
  if (whose === 'missing')
    return { ...Object.fromEntries(Object.keys(await once).map((name) => [name, missing(name)])), ...row.missing };
  if (!row.changes || !mayEnter(row, who) || whose === 'other') return await once;
  // The first was made for looks; one that is to be changed is made anew.
  return await make();
}

export type Call = { readonly who: Who; readonly whose: Whose | undefined; readonly method?: string };
type Prepared = { readonly path: string; readonly body: unknown; readonly headers: Values };

/** Where a call goes and what it takes along. */
export async function prepare(stage: Stage, row: Row, route: Route, { who, whose }: Call): Promise<Prepared> {
  const values = whose ? await valuesFor(stage, row, route, who, whose) : {};
  if (whose === 'own' && mayEnter(row, who)) await row.first?.(stage, values, who);
  const given = typeof row.headers === 'function' ? row.headers() : row.headers;
  return {
    path: address(route.path, values) + (row.query ?? ''),
    body: typeof row.body === 'function' ? row.body(values, stage) : (row.body ?? {}),
    headers: given ?? fresh(),
  };
}

/** Calls a route as somebody with one kind of id. */
export async function call(stage: Stage, row: Row, route: Route, by: Call): Promise<Answer<unknown>> {
  const { path, body, headers } = await prepare(stage, row, route, by);
  const verb = by.method ?? route.method;
  const bodiless = verb === 'GET' || verb === 'HEAD' || (verb === 'DELETE' && row.body === undefined);
  const sent = bodiless ? (row.headers ? { headers } : {}) : { body, headers };
  return stage.clients[by.who].send(verb, path, sent);
}

/** Whether the route names a thing by its path. */
export const namesThings = ({ path }: Route): boolean => paramsOf(path).length > 0;
