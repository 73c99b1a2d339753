import { askForeignJson, type ForeignAnswer } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Ctx } from '../adapter.ts';
import { limits } from './manifest.ts';
import type { VendureSettings } from './settings.ts';

/** The data of one GraphQL query of the admin API. */
export type Ask = (query: string, variables?: object) => Promise<Answer>;
export type Answer = { readonly data: Readonly<Record<string, unknown>>; readonly answer: ForeignAnswer };

/** A client for one pull. The sign-in, where one is needed, lasts as long as the pull. Throws PullFailure. */
export async function openClient(ctx: Ctx, settings: VendureSettings): Promise<Ask> {
  const channel: Readonly<Record<string, string>> = settings.channel ? { 'vendure-token': settings.channel } : {};
  const path = settings.api ?? 'admin-api';
  const send = async (headers: Readonly<Record<string, string>>, query: string, variables: object): Promise<Answer> => {
    const body = { query, variables };
    const answer = await askForeignJson(ctx, { path, body, headers: { ...channel, ...headers }, limits });
    return { data: dataOf(answer.json), answer };
  };
  const credentials = await signIn(ctx, settings, send);
  return (query, variables = {}) => send(credentials, query, variables);
}

type Send = (headers: Readonly<Record<string, string>>, query: string, variables: object) => Promise<Answer>;

/** The headers that speak for us. */
async function signIn(ctx: Ctx, { username }: VendureSettings, send: Send): Promise<Readonly<Record<string, string>>> {
  if (!username) {
    const token = await ctx.secret('token');
    return token ? { 'vendure-api-key': token } : {};
  }
  const query = 'mutation($u: String!, $p: String!) { login(username: $u, password: $p) { __typename } }';
  const { data, answer } = await send({}, query, { u: username, p: (await ctx.secret('password')) ?? '' });
  const who = Object(data.login).__typename;
  if (who !== 'CurrentUser') throw new PullFailure('http-status', `signed in as ${username}: ${who}`, { status: 401 });
  // Which of the two a shop answers with is its setting `tokenMethod`; the default is the cookie.
  const bearer = answer.headers['vendure-auth-token'];
  if (typeof bearer === 'string' && bearer) return { authorization: `Bearer ${bearer}` };
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
}

/**
 * GraphQL refuses with status 200 (3.7.3: FORBIDDEN for a missing key, a wrong key and a key of another channel alike;
 * CHANNEL_NOT_FOUND; USER_INPUT_ERROR above `adminListQueryLimit`). A part of the data is no data.
 */
function dataOf(json: unknown): Readonly<Record<string, unknown>> {
  const { data, errors } = Object(json);
  const [error] = Array.isArray(errors) ? errors : [];
  if (error !== undefined) {
    const code = String(Object(Object(error).extensions).code ?? 'no code').slice(0, 60);
    const status = code === 'FORBIDDEN' || code === 'UNAUTHORIZED' ? 403 : 200;
    throw new PullFailure('http-status', `${code}: ${String(Object(error).message).slice(0, 200)}`, { status });
  }
  if (!data || typeof data !== 'object' || Array.isArray(data)) throw new PullFailure('malformed', 'no data');
  return data;
}

export type List = { readonly items: readonly unknown[]; readonly total: number };

/** A paginated list of an answer. Throws PullFailure `malformed`. */
export function listOf({ data }: Answer, name: string): List {
  const { items, totalItems } = Object(data[name]);
  if (!Array.isArray(items) || !Number.isSafeInteger(totalItems)) throw new PullFailure('malformed', `no list ${name}`);
  return { items, total: totalItems };
}
