import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isErrno } from '#config/files.ts';
import { freePort } from './free-port.ts';
import type { KnownProcess } from './instance.ts';
import { knownProcess } from './instance.ts';
import type { Owner } from './owner.ts';
import { identify } from './process-identity.ts';
import { diskFull, otherMajor, postgresFailed } from './refusals.ts';
import type { Step } from './stopping.ts';
import type { Running, Server, Supervisor } from './supervisor.ts';

const run = promisify(execFile);
const user = 'cho_noi';
const database = 'cho_noi';
/** Recovery after a crash replays up to a gigabyte of log. */
const startLimitMs = 120_000;
/** Servers see nothing of our environment: a PGDATA or LD_LIBRARY_PATH meant for others would lead them astray. */
export const bareEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

export type Cluster = {
  /** Holds PG_VERSION; belongs to `owner`. */
  readonly folder: string;
  readonly programs: string;
  readonly owner: Owner;
  readonly password: string;
  readonly logFile: string;
  /** False only in tests: nothing is flushed to disk, which makes databases quick to make. */
  readonly durable: boolean;
  readonly connections: number;
};

/** The address of the database, for the role that owns it. */
export const databaseUrl = (password: string, port: number): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

/** Creates the cluster if there is none. Throws CannotStart for one of another major version. */
export async function ensureCluster(cluster: Cluster, ourMajor: number): Promise<void> {
  const found = await readIfThere(join(cluster.folder, 'PG_VERSION'));
  if (found === undefined) return await createCluster(cluster);
  if (found.trim() !== String(ourMajor)) throw otherMajor(cluster.folder, found.trim(), ourMajor);
}

async function createCluster({ folder, programs, owner, password, logFile, durable }: Cluster): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await chmod(draft, 0o700);
  await chown(draft, owner.uid, owner.gid);
  const cluster = { draft, programs, owner };
  try {
    await initdb(cluster, durable, 'C.UTF-8').catch(async (error: unknown) => {
      // A system without C.UTF-8 still works; only trigrams of accented and Khmer words are lost to PostgreSQL's search.
      if (!/invalid locale name/.test(String(error))) throw error;
      await initdb(cluster, durable, 'C');
    });
    await singleUser(cluster, [`alter role ${user} password '${password}'`, `create database ${database}`]);
    const access = ['all', 'replication'].map((what) => `host ${what} ${user} 127.0.0.1/32 scram-sha-256\n`).join('');
    await writeFile(join(draft, 'pg_hba.conf'), access);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    await writeFile(logFile, text).catch(() => {});
    if (/No space left on device|disk quota/i.test(text)) throw diskFull(folder, error);
    if (error instanceof Error && 'stderr' in error) throw postgresFailed(logFile, lastComplaint(text));
    throw error;
  }
}

type Draft = { readonly draft: string; readonly programs: string; readonly owner: Owner };

/**
 * The builtin provider sorts and folds case the same on every machine, whatever its C library. LC_CTYPE still decides
 * what pg_trgm takes for a letter: under C it sees none in `bánh` but b, n and h.
 */
async function initdb({ draft, programs, owner }: Draft, durable: boolean, ctype: string): Promise<void> {
  const locale = ['--locale=C', `--lc-ctype=${ctype}`, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = [`--pgdata=${draft}`, `--username=${user}`, '--auth=trust', '--encoding=UTF8', '--no-instructions'];
  await run(join(programs, 'bin', 'initdb'), [...args, ...locale, ...(durable ? [] : ['--no-sync'])], {
    cwd: draft,
    env: bareEnv,
    uid: owner.uid,
    gid: owner.gid,
  });
}

/** Runs SQL without a server, so that the password is set before the first connection is possible. */
async function singleUser({ draft, programs, owner }: Draft, statements: readonly string[]): Promise<void> {
  const running = run(
    join(programs, 'bin', 'postgres'),
    ['--single', '-c', 'exit_on_error=on', '-c', 'log_checkpoints=off', '-D', draft, 'postgres'],
    { cwd: draft, env: bareEnv, uid: owner.uid, gid: owner.gid },
  );
  running.child.stdin?.on('error', () => {});
  running.child.stdin?.end(`${statements.join('\n')}\n`);
  await running;
}

/** Sets the password of an existing cluster, for when the file that kept it was lost. */
export const resetPassword = ({ folder, programs, owner, password }: Cluster): Promise<void> =>
  singleUser({ draft: folder, programs, owner }, [`alter role ${user} password '${password}'`]);

/** The server that a dead process left behind in this cluster. Removes the pid file that names nobody, or somebody else. */
export async function leftoverPostmaster(folder: string): Promise<KnownProcess | undefined> {
  const pidFile = join(folder, 'postmaster.pid');
  const pid = Number((await readIfThere(pidFile))?.split('\n')[0] ?? 0);
  if (!pid) return undefined;
  if (identify(pid)?.command.includes(folder)) return knownProcess(pid);
  // PostgreSQL would refuse to start as long as any process has that number.
  await rm(pidFile, { force: true });
  return undefined;
}

/** Starts the server on a free loopback port, or on `port`, and resolves when it takes connections. */
export async function startPostgres(
  cluster: Cluster,
  supervisor: Supervisor,
  port?: number,
): Promise<{ running: Running; port: number }> {
  const until = performance.now() + startLimitMs;
  for (;;) {
    const chosen = port ?? (await freePort());
    await writeFile(cluster.logFile, '');
    const running = supervisor.start(postgresServer(cluster, chosen), cluster.owner);
    const ended = await untilReady(cluster.folder, running, until);
    if (ended === undefined) return { running, port: chosen };
    const text = (await readIfThere(cluster.logFile)) ?? '';
    if (/No space left on device/.test(text)) throw diskFull(cluster.folder, ended);
    // Another program took the port between our look and the server's, or workers of a killed server are still ending.
    const passing = /Address already in use|pre-existing shared memory block/.test(text);
    if (!passing || performance.now() > until) throw postgresFailed(cluster.logFile, lastComplaint(text) || ended);
    await sleep(100);
  }
}

/** SIGINT ends sessions and checkpoints, SIGQUIT leaves recovery to the next start; neither loses what was committed. */
export const stopSteps: readonly Step[] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 3_000],
  ['SIGKILL', 2_000],
];

function postgresServer({ folder, programs, logFile, durable, connections }: Cluster, port: number): Server {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: connections,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return {
    name: 'PostgreSQL',
    program: join(programs, 'bin', 'postgres'),
    args: ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: bareEnv,
    cwd: folder,
    logFile,
    steps: stopSteps,
  };
}

/** Undefined when the server is ready; else why it ended. The server writes `ready` as line 8 of its pid file. */
async function untilReady(folder: string, running: Running, until: number): Promise<string | undefined> {
  let ended: string | undefined;
  void running.ended.then((reason) => {
    ended = reason;
  });
  while (performance.now() < until) {
    if (ended !== undefined) return ended;
    const lines = (await readIfThere(join(folder, 'postmaster.pid')))?.split('\n') ?? [];
    if (lines[0] === String(running.pid) && lines[7]?.trim() === 'ready') return undefined;
    await sleep(10);
  }
  return `not ready after ${startLimitMs / 1_000} s`;
}

const lastComplaint = (text: string): string =>
  text
    .split('\n')
    .findLast((line) => /FATAL|PANIC|error:/i.test(line))
    ?.replace(/^.*?(FATAL|PANIC|error):\s*/i, '')
    .trim() ?? '';

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
