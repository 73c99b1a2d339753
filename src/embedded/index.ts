import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSecret } from '#config/secrets.ts';
import * as instances from './instance.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { type SearchServer, startMeilisearch } from './meilisearch.ts';
import { findOwner, type Owner, openPath } from './owner.ts';
import {
  type Cluster,
  databaseUrl,
  ensureCluster,
  leftoverPostmaster,
  resetPassword,
  startPostgres,
  stopSteps,
} from './postgres.ts';
import { installMeilisearch, installPostgres, type Platform } from './programs.ts';
import { explainFileError } from './refusals.ts';
import { stopProcess } from './stopping.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

export type EmbeddedOptions = {
  /** Everything lies under it: programs, data, passwords, logs. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** False when Meilisearch runs elsewhere. */
  readonly search?: boolean;
  /** False in tests: nothing is flushed to disk. */
  readonly durable?: boolean;
  /** Of PostgreSQL; one exchange, its worker and a test or two need far fewer than 200. */
  readonly connections?: number;
  /** Where the programs are copied to; tests with many data folders share one. */
  readonly programsDir?: string;
  readonly platform?: Platform;
};

export type Embedded = instances.Addresses & {
  /** Stops both servers and resolves when they are gone. May be called twice. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts PostgreSQL and Meilisearch on loopback with their data under `dataDir`, and keeps them running: one that
 * crashes is started again on the same port. None outlives this process. Throws CannotStart with a sentence and what to
 * type; without Meilisearch the rest still starts, and `meili.absent` says why.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir } = options;
  try {
    await mkdir(dataDir, { recursive: true });
    const folder = realpathSync(dataDir);
    const previous = instances.claim(folder);
    const supervisor = createSupervisor();
    const keeper = createKeeper(folder, options.log ?? (() => {}));
    const stop = async () => {
      keeper.rest();
      await supervisor.stop();
      instances.release(folder);
    };
    try {
      const addresses = await startServers({ ...options, dataDir: folder }, supervisor, keeper, previous);
      let stopping: Promise<void> | undefined;
      return { ...addresses, stop: () => (stopping ??= stop()) };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    throw explainFileError(error, dataDir);
  }
}

/**
 * The servers of the process that runs in `dataDir` now, or servers started for the caller, who stops them after. For
 * commands, which work beside a running exchange and without one.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const running = instances.runningInstance(options.dataDir)?.addresses;
  return running ? { ...running, stop: async () => {} } : await startEmbedded(options);
}

async function startServers(
  options: EmbeddedOptions,
  supervisor: Supervisor,
  keeper: Keeper,
  previous: instances.Instance | undefined,
): Promise<instances.Addresses> {
  const { search = true } = options;
  const place = await preparePlace(options);
  await clearLeftovers(place, previous);
  // Both are awaited even when one fails, so that the other is not started behind our back after the stop.
  const both = await Promise.allSettled([
    openDatabase(place, supervisor, keeper),
    search ? openSearch(place, supervisor, keeper) : notAsked,
  ]);
  const addresses = { databaseUrl: fulfilled(both[0]), meili: fulfilled(both[1]) };
  keeper.publish(addresses);
  return addresses;
}

function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

const notAsked: instances.Addresses['meili'] = {
  absent: { vi: 'Không cần Meilisearch kèm theo', en: 'The bundled Meilisearch was not asked for' },
};

type Place = Required<
  Pick<EmbeddedOptions, 'dataDir' | 'programsDir' | 'durable' | 'connections' | 'platform' | 'log'>
> & {
  readonly owner: Owner;
  readonly cluster: string;
};

async function preparePlace(options: EmbeddedOptions): Promise<Place> {
  const { dataDir, durable = true, connections = 200, log = () => {} } = options;
  const { programsDir = join(dataDir, 'programs'), platform = process } = options;
  const cluster = join(dataDir, 'postgres');
  const owner = findOwner(cluster);
  openPath(dataDir, owner);
  await mkdir(join(dataDir, 'log'), { recursive: true, mode: 0o700 });
  return { dataDir, programsDir, durable, connections, platform, log, owner, cluster };
}

/** Stops what a killed process and its killed watchdog left running, and drops copies that were never finished. */
async function clearLeftovers(place: Place, previous: instances.Instance | undefined): Promise<void> {
  const postmaster = await leftoverPostmaster(place.cluster);
  const leftovers = [...(previous?.servers ?? []), ...(postmaster ? [postmaster] : [])].filter(instances.isRunning);
  if (leftovers.length > 0) place.log('Stopping the servers that an earlier process left running');
  await Promise.all(leftovers.map(({ pid, startedAt }) => stopProcess(pid, startedAt, stopSteps)));
  if (place.programsDir !== join(place.dataDir, 'programs')) return;
  const drafts = await readdir(place.programsDir).catch(() => []);
  const unfinished = drafts.filter((name) => name.includes('.new-'));
  await Promise.all(unfinished.map((name) => rm(join(place.programsDir, name), { recursive: true, force: true })));
}

async function openDatabase(place: Place, supervisor: Supervisor, keeper: Keeper): Promise<string> {
  const program = await installPostgres(place.programsDir, place.platform);
  const lost = existsSync(place.cluster) && !existsSync(join(place.dataDir, 'secrets', 'postgres-password'));
  const cluster: Cluster = {
    folder: place.cluster,
    programs: program.folder,
    owner: place.owner,
    password: keptSecret(place.dataDir, 'postgres-password'),
    logFile: join(place.dataDir, 'log', 'postgres.log'),
    durable: place.durable,
    connections: place.connections,
  };
  await ensureCluster(cluster, Number.parseInt(program.version, 10));
  if (lost) await resetPassword(cluster);
  const { running, port } = await startPostgres(cluster, supervisor);
  keeper.keep('PostgreSQL', running, async () => (await startPostgres(cluster, supervisor, port)).running);
  return databaseUrl(cluster.password, port);
}

async function openSearch(place: Place, supervisor: Supervisor, keeper: Keeper): Promise<instances.Addresses['meili']> {
  const program = await installMeilisearch(place.programsDir, place.platform);
  if ('missing' in program) return { absent: absence(program.missing) };
  const server: SearchServer = {
    folder: join(place.dataDir, `meilisearch-${program.version}`),
    programs: program.folder,
    owner: place.owner,
    key: keptSecret(place.dataDir, 'meilisearch-key'),
    logFile: join(place.dataDir, 'log', 'meilisearch.log'),
  };
  const started = await startMeilisearch(server, supervisor);
  if ('failed' in started) return { absent: absence(started.failed) };
  const { running, port } = started;
  keeper.keep('Meilisearch', running, async () => {
    const again = await startMeilisearch(server, supervisor, port);
    if ('failed' in again) throw new Error(again.failed);
    return again.running;
  });
  return { url: `http://127.0.0.1:${port}`, key: server.key };
}

const absence = (reason: string): instances.Absence => ({
  vi: `Không có Meilisearch trên máy này (${reason}); PostgreSQL trả lời tìm kiếm. Muốn dùng Meilisearch: MEILI_URL=http://máy:7700 npm start`,
  en: `There is no Meilisearch on this machine (${reason}); PostgreSQL answers searches. To use one: MEILI_URL=http://host:7700 npm start`,
});
