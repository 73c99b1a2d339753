import type { Named } from './canonical.ts';
import { Failure, must } from './check.ts';
import type { Driver } from './driver.ts';
import type { Identity, Jwk } from './keys.ts';
import { type Fields, type Request, type Signing, sign } from './signing.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import type { Answer, Wire } from './wire.ts';

export type Lane = 'catalogue' | 'offer';
export const LANES: readonly Lane[] = ['catalogue', 'offer'];
export type FedRecord = Named & { readonly kind: string; readonly origin: string; readonly [member: string]: unknown };
export type Item = Named & { readonly op: string; readonly at: string; readonly record?: FedRecord };
export type Page = {
  readonly epoch: string;
  readonly items: readonly Item[];
  readonly next: string;
  readonly hasMore: boolean;
  readonly watermark: string;
};
/** A lane from its beginning to its end. */
export type Walk = { readonly pages: readonly Page[]; readonly items: readonly Item[]; readonly next: string };
export type Discovery = {
  readonly versions: readonly string[];
  readonly exchange: { readonly origin: string };
  readonly endpoints: Fields;
  readonly capabilities: readonly string[];
  readonly limits: { readonly maxChanges: number };
  readonly keys: readonly (Jwk & { readonly kid: string; readonly nbf?: number; readonly exp?: number })[];
  readonly schemas: Fields;
};

export const VERSION = '2026-11-23';
export const PROFILE_PATH = '/.well-known/ocop-federation.json';
const nothing = Buffer.alloc(0);
const maxPages = 100_000;

export type SessionOptions = {
  readonly target: URL;
  readonly wire: Wire;
  readonly identity: Identity;
  /** Another key that the target knows as another partner. */
  readonly other?: Identity | undefined;
  readonly driver?: Driver | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a write may take until the feed shows it. */
  readonly patienceMs: number;
  /** Paths of the feed files. */
  readonly feeds: { readonly google: string; readonly table: string; readonly sitemap: string };
};

export type Session = ReturnType<typeof createSession>;

/** Requests, signed and not. `told` hears of each answer, and before it of nothing. */
function createAsking({ target, wire, identity, now }: SessionOptions, told: (answer: Answer | undefined) => void) {
  const send = async (request: Request): Promise<Answer> => {
    told(undefined);
    const answer = await wire.send(request);
    told(answer);
    return answer;
  };
  const signed = (request: Request, how?: Signing): Request =>
    sign(request, identity, target.host, Math.floor(now() / 1000), how);

  const plain = (method: string, path: string, headers: Fields = {}, body: Buffer = nothing) =>
    send({ method, target: path, headers, body });
  const getRequest = (path: string, headers: Fields = {}): Request => ({
    method: 'GET',
    target: path,
    headers: { accept: 'application/json', ...headers },
    body: nothing,
  });
  const get = (path: string, how?: Signing, headers?: Fields) => send(signed(getRequest(path, headers), how));
  const postRequest = (path: string, body: Buffer | object, headers: Fields = {}): Request => ({
    method: 'POST',
    target: path,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  });
  const post = (path: string, body: Buffer | object, how?: Signing, headers?: Fields) =>
    send(signed(postRequest(path, body, headers), how));
  return { send, signed, plain, getRequest, get, postRequest, post };
}

/** What checks speak with. Whole lanes and snapshots are read once and kept until something writes. */
export function createSession(options: SessionOptions) {
  const { now } = options;
  const kept = new Map<string, Promise<unknown>>();
  const tails = new Map<Lane, string>();
  let last: Answer | undefined;

  const asked = new Map<string, Answer | undefined>();
  /** What was read before is told as the last answer again, for a check that fails by it. */
  const once = async <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const known = kept.get(name) as Promise<T> | undefined;
    const reading = known ?? read();
    kept.set(name, reading);
    const said = await reading;
    if (known) last = asked.get(name) ?? last;
    else asked.set(name, last);
    return said;
  };
  const asking = createAsking(options, (answer) => {
    last = answer;
  });
  const { plain, get } = asking;

  const page = async (lane: Lane, cursor?: string, limit?: number, how?: Signing): Promise<Page> => {
    const query = new URLSearchParams({ lane, ...(cursor && { cursor }), ...(limit && { limit: String(limit) }) });
    return documentOf<Page>(await get(`/federation/v1/changes?${query}`, how));
  };
  const walk = async (lane: Lane, from?: string, limit?: number): Promise<Walk> => {
    const pages: Page[] = [];
    for (let cursor = from; ; ) {
      const one = await page(lane, cursor, limit);
      must(Array.isArray(one.items) && typeof one.next === 'string', 'a page with items and next', one);
      pages.push(one);
      must(pages.length < maxPages && !(one.hasMore && one.next === cursor), 'a feed that ends', 'the same page again');
      if (one.hasMore !== true) return { pages, items: pages.flatMap(({ items }) => items), next: one.next };
      cursor = one.next;
    }
  };

  return {
    ...options,
    ...asking,
    page,
    walk,
    wholeLane: (lane: Lane): Promise<Walk> => once(`lane ${lane}`, () => walk(lane)),
    snapshot: (lane: Lane): Promise<Snapshot> =>
      once(`snapshot ${lane}`, async () => readSnapshot(await get(`/federation/v1/snapshot?lane=${lane}`))),
    profile: (): Promise<Discovery> =>
      once('profile', async () => documentOf<Discovery>(await plain('GET', PROFILE_PATH))),
    discovery: (): Promise<Answer> => once('discovery', () => plain('GET', PROFILE_PATH)),
    file: (path: string): Promise<Answer> => once(`file ${path}`, () => plain('GET', path)),
    once,
    /** After a write nothing that was read is true. */
    forget: (): void => kept.clear(),
    /** The cursor after which everything is news; reads on from where it was asked for before. */
    tail: async (lane: Lane): Promise<string> => {
      const { next } = await walk(lane, tails.get(lane));
      tails.set(lane, next);
      return next;
    },
    /** After an expiry or a new epoch no cursor is worth anything. */
    forgetTails: (): void => tails.clear(),
    lastAnswer: (): Answer | undefined => last,
    /** Asks until there is something, as long as writes may take. */
    until: async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
      const end = now() + options.patienceMs;
      for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 500)) {
        const found = await ask();
        if (found !== undefined) return found;
        if (now() > end) throw new Failure(`${what}, within ${options.patienceMs} ms`, 'nothing');
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    },
  };
}

/** The document of an answer that went well. Throws Failure otherwise. */
export function documentOf<T>(answer: Answer): T {
  must(answer.status === 200, 'status 200', `${answer.status} ${answer.body.toString('utf8', 0, 500)}`);
  return jsonOf<T>(answer);
}

export function jsonOf<T>({ body }: Answer): T {
  try {
    return JSON.parse(body.toString('utf8')) as T;
  } catch {
    throw new Failure('a JSON document', body.toString('utf8', 0, 300));
  }
}

export type ProblemDocument = {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly [member: string]: unknown;
};

/** That the answer refuses with one of these; a code is asked for where the protocol names one. */
export function mustRefuse(answer: Answer, statuses: number | readonly number[], code?: string): ProblemDocument {
  const allowed = [statuses].flat();
  const seen = `${answer.status} ${answer.body.toString('utf8', 0, 300)}`;
  must(allowed.includes(answer.status), `status ${allowed.join(' or ')}${code ? ` ${code}` : ''}`, seen);
  const problem = jsonOf<ProblemDocument>(answer);
  must(code === undefined || problem.code === code, `code ${code}`, seen);
  return problem;
}

/** What is live in a walk. */
export const liveOf = (items: readonly Item[]): readonly Item[] => items.filter(({ op }) => op === 'upsert');
