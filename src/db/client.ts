import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';

export type ConnectOptions = {
  readonly max?: number;
  readonly applicationName: string;
  /** Hears of every broken connection: without a listener on each client a killed backend ends the process. */
  readonly onError: (error: Error) => void;
  /** Milliseconds after which the server gives a statement up: 5 s in web, 60 s in workers and commands. */
  readonly statementTimeoutMs: number;
};

/** The unprivileged role every connection of the application takes; migrations run as the owner and never come here. */
export const APP_ROLE = 'cho_noi_app';
/** The role of sellers' transactions (`seller.ts`): row security shows it the rows of the caller's own businesses. */
export const SELLER_ROLE = 'cho_noi_seller';

const casing = 'snake_case';

/** Opens a pool whose every session has the application's role and limits from its first statement on. */
export const connect = (url: string, { max = 12, applicationName, onError, statementTimeoutMs }: ConnectOptions) => {
  const settings = {
    role: APP_ROLE,
    statement_timeout: statementTimeoutMs,
    lock_timeout: Math.max(2_000, statementTimeoutMs - 1_000),
    idle_in_transaction_session_timeout: 10_000,
    timezone: 'UTC',
  };
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    // Statements that do not wait for each other's answers travel together: `Promise.all` in a transaction is one trip.
    pipeline: true,
    // Checkouts wait for the pool rather than fail: 500 in flight are served by a dozen connections within this time.
    connectionTimeoutMillis: 20_000,
    // A black-holed socket never triggers the server's own limit.
    query_timeout: statementTimeoutMs + 5_000,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return drizzle({ client: pool, casing });
};
export type Db = ReturnType<typeof connect>;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** Whoever only reads takes either; whoever writes takes `Tx`, so that a write outside a transaction does not compile. */
export type Reader = Db | Tx;

type Client = Pick<pg.Pool, 'query'>;
type Socket = { readonly writableCorked: number; cork(): void; uncork(): void };

/** What is sent before the next turn of the event loop leaves in one piece: a system call costs as much as a statement. */
function gather(client: pg.PoolClient): void {
  const socket: Socket | undefined = Reflect.get(Reflect.get(client, 'connection') ?? {}, 'stream');
  if (!socket || socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** Where the statements of `reader` go: any connection of the pool, or the transaction's own. */
const clientOf = (reader: Reader): Client =>
  '$client' in reader ? reader.$client : (Reflect.get(reader._.session, 'client') as Client);

const dialect = new PgDialect({ casing });
const builder = drizzle.mock({ casing });

const names = new Map<string, string>();

/**
 * What a library needs to run statements of its own in `tx`. Its texts are few and long, so they are planned once a
 * session as well.
 */
export const executorIn = (tx: Tx) => ({
  executeSql: (text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> => {
    const name = names.get(text) ?? `library-${names.size}`;
    names.set(text, name);
    return clientOf(tx).query({ name, text, values });
  },
});

type Values = Readonly<Record<string, unknown>>;
type Preparable<Result> = { prepare(name: string): { execute(values?: Record<string, unknown>): Promise<Result> } };

/**
 * A statement that is built once a process and planned once a session, its values named by `sql.placeholder`. For what
 * runs on every checkout: building a select takes drizzle three times as long as sending it, planning it takes the
 * server as long as running it.
 */
export function prepared<Result>(name: string, build: (db: Db) => Preparable<Result>) {
  let made: ReturnType<Preparable<Result>['prepare']> | undefined;
  return (reader: Reader, values: Values): Promise<Result> => {
    made ??= build(builder as unknown as Db).prepare(name);
    // Drizzle ties what it prepares to one connection; text, parameters and decoders are the same on all of them.
    const bound: typeof made = Object.create(made, { client: { value: clientOf(reader) } });
    return bound.execute(values);
  };
}

/** The same for a statement written as SQL; rows as the driver reads them: instants as `Date`, bigints as text. */
export function preparedSql<Row extends Record<string, unknown>>(name: string, statement: SQL) {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  return async (reader: Reader, values: Values): Promise<Row[]> =>
    (await clientOf(reader).query<Row>({ name, text, values: fillPlaceholders(params, values) })).rows;
}

export const disconnect = (db: Db): Promise<void> => db.$client.end();

const open = new AsyncLocalStorage<true>();

/** Serialisation failure and deadlock: the transaction is known to have left nothing, so running it again is safe. */
const retryable = new Set(['40001', '40P01']);
const maxAttempts = 5;

/** The SQLSTATE of a database error, under whatever wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^[0-9A-Z]{5}$/.test(cause.code)) return cause.code;
  }
  return undefined;
}

/** The constraint that a database error names, if any. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof pg.DatabaseError) return cause.constraint;
  }
  return undefined;
}

/** Reads and locks: where no transaction is open they change nothing. */
const isRead = (request: unknown): boolean => {
  const text = request && typeof request === 'object' && 'text' in request ? request.text : request;
  return typeof text === 'string' && /^\s*select\b/i.test(text);
};

/**
 * A transaction's own way to its connection. What is read first travels with `begin`; what writes waits until the server
 * has begun, since it would stand for itself if that had failed. When one of several statements fails, the branches
 * beside it go on: what they send after the end is refused, instead of running in whatever the connection does next.
 */
function linkTo(client: pg.PoolClient, begun: Promise<unknown>) {
  let over = false;
  let waits = false;
  let open = false;
  begun.then(
    () => {
      open = true;
    },
    () => {},
  );
  const send = (...request: Parameters<typeof client.query>) => {
    if (over) return Promise.reject(new Error('The transaction is over'));
    gather(client);
    return client.query(...request);
  };
  const query = (...request: Parameters<typeof client.query>) => {
    if (open || (!waits && isRead(request[0]))) return send(...request);
    // Whatever comes behind it keeps its place.
    waits = true;
    return begun.then(() => send(...request));
  };
  const end = (): void => {
    over = true;
  };
  return { tx: drizzle({ client: { query } as unknown as pg.PoolClient, casing }) as unknown as Tx, end };
}

const followers = new WeakMap<object, (() => void)[]>();

/** Has `run` called when `tx` has committed, and not at all when it has not. Of a change, only wake-ups may be left to it. */
export function afterCommit(tx: Tx, run: () => void): void {
  const waiting = followers.get(tx);
  if (waiting) waiting.push(run);
  else followers.set(tx, [run]);
}

/** What holds from the first statement of a transaction to its last: `app.actor`, and for sellers role and businesses. */
export type Settings = Readonly<Record<string, string>>;

/** Drizzle's own transaction needs a trip for `begin` and another one for its settings. */
async function attempt<T>(db: Db, settings: Settings, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.$client.connect();
  gather(client);
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${client.escapeLiteral(value)}, true)`,
  );
  const begun = client.query(`begin; select ${set.join(', ')}`);
  const { tx, end } = linkTo(client, begun);
  let broken: Error | undefined;
  try {
    const [result] = await Promise.all([work(tx), begun]);
    end();
    const { command } = await client.query('commit');
    // The server turns the commit of a transaction in which a statement failed into a rollback, and calls it a success.
    if (command !== 'COMMIT') throw new Error('The transaction had failed and was rolled back');
    for (const run of followers.get(tx) ?? []) run();
    return result;
  } catch (error) {
    end();
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Runs `work` in a READ COMMITTED transaction on behalf of `actor` (`guest`, `account:<id>`, `system:<job>`, `operator`),
 * which triggers and logs read as `app.actor`. Deadlocks are run again with jitter, up to five times.
 * The network is out of reach inside: see `withoutTransaction`. What a seller asks for goes by `transactAsSeller`.
 */
export const transact = <T>(db: Db, actor: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transactWith(db, { 'app.actor': actor }, work);

/** `transact` with settings of its own. */
export async function transactWith<T>(db: Db, settings: Settings, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (open.getStore()) throw new Error('A transaction is already open: pass its `tx` on');
  for (let round = 1; ; round += 1) {
    try {
      return await open.run(true, () => attempt(db, settings, work));
    } catch (error) {
      if (round >= maxAttempts || !retryable.has(sqlState(error) ?? '')) throw error;
      await sleep(5 + Math.random() * 20 * 2 ** round);
    }
  }
}

/** The same function, refusing to run while a transaction is open: whoever waits inside holds its locks. */
export const outsideTransaction =
  <In extends unknown[], Out>(what: string, work: (...given: In) => Out) =>
  (...given: In): Out => {
    if (open.getStore()) throw new Error(`Inside a transaction: ${what}`);
    return work(...given);
  };

/**
 * A `fetch` that refuses to run while a transaction is open: a provider that takes 8 s to answer would hold row locks
 * for 8 s. Every adapter is handed this one.
 */
export const withoutTransaction =
  (inner: typeof fetch): typeof fetch =>
  (input, init) => {
    if (open.getStore()) throw new Error('A network call inside a transaction');
    return inner(input, init);
  };
