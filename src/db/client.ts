import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
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
  return drizzle({ client: pool, casing: 'snake_case' });
};
export type Db = ReturnType<typeof connect>;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** Whoever only reads takes either; whoever writes takes `Tx`, so that a write outside a transaction does not compile. */
export type Reader = Db | Tx;

const dialect = new PgDialect();

/**
 * Runs a statement whose text is the same every time: each session plans it once, under `name`. Worth it where planning
 * takes longer than running (a page of cards: 4 ms of 6). Inside a transaction it runs as usual.
 */
export async function executeNamed<Row extends Record<string, unknown>>(
  reader: Reader,
  name: string,
  statement: SQL,
): Promise<{ readonly rows: Row[] }> {
  if (!('$client' in reader)) return { rows: (await reader.execute(statement)).rows as Row[] };
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const { rows } = await reader.$client.query({ name, text, values: params });
  return { rows: rows as Row[] };
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

/**
 * Runs `work` in a READ COMMITTED transaction on behalf of `actor` (`guest`, `account:<id>`, `system:<job>`, `operator`),
 * which triggers and logs read as `app.actor`. Deadlocks are run again with jitter, up to five times.
 * The network is out of reach inside: see `withoutTransaction`.
 */
export async function transact<T>(db: Db, actor: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (open.getStore()) throw new Error('A transaction is already open: pass its `tx` on');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open.run(true, () =>
        db.transaction(async (tx) => {
          await tx.execute(sql`select set_config('app.actor', ${actor}, true)`);
          return await work(tx);
        }),
      );
    } catch (error) {
      if (attempt >= maxAttempts || !retryable.has(sqlState(error) ?? '')) throw error;
      await sleep(5 + Math.random() * 20 * 2 ** attempt);
    }
  }
}

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
