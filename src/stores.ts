import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type Logger, pino } from 'pino';
import type { Config } from '#config/config.ts';
import { connect, type Db, disconnect } from '#db/client.ts';
import { createJobs, type Jobs } from '#db/jobs.ts';
import { migrate, pendingMigrations } from '#db/migrate.ts';
import { listenForSignals, type Signals } from '#db/signals.ts';
import { type Embedded, openEmbedded, startEmbedded } from '#embedded/index.ts';

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** What every slice stands on: the database, the queue and the signals, and where Meilisearch is. */
export type Stores = {
  readonly log: Logger;
  readonly db: Db;
  readonly jobs: Jobs;
  readonly signals: Signals;
  readonly databaseUrl: string;
  readonly meili: { readonly url: string; readonly key: string | undefined } | undefined;
  /** Why there is no Meilisearch although one was wanted, for the start page. */
  readonly searchAbsent: { readonly vi: string; readonly en: string } | undefined;
  readonly pendingMigrations: () => Promise<readonly string[]>;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A failed statement carries its bound values in its message; none of them may reach a log. */
const errorInWords = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: 'not an error' };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const message = 'params' in error ? (cause?.message ?? 'query failed') : error.message;
  const code = 'code' in (cause ?? error) ? String(Reflect.get(cause ?? error, 'code')) : undefined;
  return {
    type: error.name,
    message,
    ...(code ? { code } : {}),
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .join('\n'),
  };
};

export const createLog = (level: string): Logger =>
  pino({
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorInWords, error: errorInWords },
    redact: {
      paths: [
        'password',
        'phone',
        'email',
        'authorization',
        'cookie',
        '*.password',
        '*.phone',
        '*.email',
        'headers.authorization',
        'headers.cookie',
      ],
      censor: '[hidden]',
    },
  });

const meiliOf = (config: Config, embedded: Embedded | undefined): Pick<Stores, 'meili' | 'searchAbsent'> => {
  if (config.search.engine === 'meilisearch')
    return { meili: { url: config.search.url, key: config.search.key?.reveal() }, searchAbsent: undefined };
  if (!embedded || config.search.engine === 'postgres') return { meili: undefined, searchAbsent: undefined };
  return 'absent' in embedded.meili
    ? { meili: undefined, searchAbsent: embedded.meili.absent }
    : { meili: embedded.meili, searchAbsent: undefined };
};

/**
 * Starts or reaches the servers, migrates where this process may, and opens the connections. Throws CannotStart with a
 * sentence for the operator; whatever it had started is stopped then. `beside`: for a command, which works beside a
 * running exchange with that one's servers, and leaves migrating to whoever asks for it.
 */
export async function openStores(config: Config, log: Logger, { beside = false } = {}): Promise<Stores> {
  const tell = (line: string): void => log.info(line);
  const options = { dataDir: config.dataDir, search: config.search.engine === 'embedded', log: tell };
  const embedded = config.database ? undefined : await (beside ? openEmbedded(options) : startEmbedded(options));
  try {
    const databaseUrl = config.database?.url.reveal() ?? embedded?.databaseUrl ?? '';
    if (config.role === 'all' && !beside) await migrate({ url: databaseUrl, folder: migrationsFolder, log: tell });
    return await openConnections(config, log, databaseUrl, embedded);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function openConnections(
  config: Config,
  log: Logger,
  databaseUrl: string,
  embedded: Embedded | undefined,
): Promise<Stores> {
  let closing = false;
  // While the servers are being stopped their connections break by design.
  const onError = (error: Error): void => {
    if (!closing) log.warn({ err: error }, 'a database connection broke');
  };
  const statementTimeoutMs = config.role === 'worker' ? 60_000 : 8_000;
  const db = connect(databaseUrl, { applicationName: `cho-noi ${config.role}`, onError, statementTimeoutMs });
  const jobs = createJobs(databaseUrl, onError);
  const signals = await listenForSignals(databaseUrl, onError);
  return {
    log,
    db,
    jobs,
    signals,
    databaseUrl,
    ...meiliOf(config, embedded),
    pendingMigrations: () => pendingMigrations({ url: databaseUrl, folder: migrationsFolder }),
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    close: async () => {
      closing = true;
      await signals.close();
      await disconnect(db);
      await embedded?.stop();
    },
  };
}
