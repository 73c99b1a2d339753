import { readFileSync } from 'node:fs';
import { startProcess } from '#test/support/processes.ts';
import { type DataFolder, type Exchange, sepayKey } from './exchange.ts';
import { median } from './rounds.ts';

export type Started = {
  /** From nothing to the first 200 of `/readyz`: programs copied, databases made, demonstration loaded and indexed. */
  readonly firstSeconds: number;
  /** A process of its own, as docker-compose starts it, with PostgreSQL and Meilisearch up and filled. */
  readonly servicesUpSeconds: number;
};

/** Starts the web process several times against the servers of `exchange`; the median. */
export async function measureStart(exchange: Exchange, folder: DataFolder, times: number): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    const process = await startProcess({
      env: {
        ROLE: 'web',
        DATA_DIR: folder.path,
        DATABASE_URL: exchange.databaseUrl,
        MEILI_URL: exchange.meili.url,
        MEILI_KEY: exchange.meili.key,
        SEPAY_API_KEY: sepayKey,
      },
    });
    await process.ready();
    taken.push((performance.now() - began) / 1_000);
    await process.stop();
  }
  return median(taken);
}

/** Seconds of processor time that a process has taken so far; a hundred ticks a second, as Linux counts for programs. */
export function readCpu(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
