import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { Owner } from './owner.ts';
import { bareEnv } from './postgres.ts';
import type { Running, Server, Supervisor } from './supervisor.ts';

const startLimitMs = 20_000;

export type SearchServer = {
  /** Of one server version: the index can be made again, so another version starts with an empty one instead of converting. */
  readonly folder: string;
  readonly programs: string;
  readonly owner: Owner;
  readonly key: string;
  readonly logFile: string;
};

/** Starts Meilisearch on a free loopback port, or on `port`. Resolves with a reason instead when it will not run. */
export async function startMeilisearch(
  server: SearchServer,
  supervisor: Supervisor,
  port?: number,
): Promise<{ running: Running; port: number } | { readonly failed: string }> {
  await mkdir(server.folder, { recursive: true, mode: 0o700 });
  await chown(server.folder, server.owner.uid, server.owner.gid);
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    await writeFile(server.logFile, '');
    const running = supervisor.start(meilisearchServer(server, chosen), server.owner);
    const ended = await untilHealthy(chosen, running);
    if (ended === undefined) return { running, port: chosen };
    const text = await readFile(server.logFile, 'utf8').catch(() => '');
    if (!/Address already in use/.test(text) || attempt === 5) return { failed: `${ended}; see ${server.logFile}` };
  }
}

function meilisearchServer({ folder, programs, key, logFile }: SearchServer, port: number): Server {
  const folders = { db: 'index', dump: 'dumps', snapshot: 'snapshots' };
  return {
    name: 'Meilisearch',
    program: join(programs, 'meilisearch'),
    args: [
      ...['--env', 'production', '--no-analytics', '--log-level', 'WARN'],
      ...['--http-addr', `127.0.0.1:${port}`],
      ...['--db-path', join(folder, folders.db)],
      ...['--dump-dir', join(folder, folders.dump)],
      ...['--snapshot-dir', join(folder, folders.snapshot)],
      // It would take two thirds of the machine's memory; 20,000 products need far less.
      ...['--max-indexing-memory', '512 MiB'],
    ],
    // Not as an argument, which every user of the machine can read in the list of processes.
    env: { ...bareEnv, MEILI_MASTER_KEY: key, HOME: folder },
    cwd: folder,
    logFile,
    steps: [
      ['SIGTERM', 5_000],
      ['SIGKILL', 2_000],
    ],
  };
}

async function untilHealthy(port: number, running: Running): Promise<string | undefined> {
  const until = performance.now() + startLimitMs;
  let ended: string | undefined;
  void running.ended.then((reason) => {
    ended = reason;
  });
  while (performance.now() < until) {
    if (ended !== undefined) return ended;
    if (await isHealthy(port)) return undefined;
    await sleep(20);
  }
  return `not healthy after ${startLimitMs / 1_000} s`;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1_000) });
    return response.ok;
  } catch {
    return false;
  }
}
