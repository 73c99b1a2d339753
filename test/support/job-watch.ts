import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '#db/jobs.ts';
import { inDatabase } from './postgres.ts';

const ignore = (): void => {};

export type OpenJob = {
  readonly name: string;
  readonly state: string;
  readonly inSeconds: number;
  readonly tries: number;
};

/**
 * What events have queued and nobody has done yet, apart from what the calendar starts, and what was put off on purpose
 * when it was queued: a notice of the evening waits for the morning, so that from 21 o'clock on it would never be done.
 */
export const openJobs = (url: string): Promise<readonly OpenJob[]> =>
  inDatabase(url, async (client) => {
    const { rows } = await client.query<OpenJob>(
      `select name, state, retry_count as tries, extract(epoch from start_after - now())::int as "inSeconds" from pgboss.job j
       where state in ('created', 'retry', 'active') and name not like '\\_\\_pgboss%'
         and not (state = 'created' and start_after > created_on + interval '15 minutes')
         and not exists (select from pgboss.schedule s where s.name = j.name)`,
    );
    return rows;
  });
export const inHand = (jobs: readonly OpenJob[]): number => jobs.filter(({ state }) => state === 'active').length;

/** Jobs that were done after this instant of the server's clock. */
export const isWorkedOn = (url: string, since: Date): Promise<boolean> =>
  inDatabase(url, async (client) => {
    const { rowCount } = await client.query('select from pgboss.job where completed_on > $1 limit 1', [since]);
    return (rowCount ?? 0) > 0;
  });

/** As if a minute had passed without a sign of life of those whose jobs are in hand, and it were time to look. */
export async function overlook(url: string): Promise<void> {
  await inDatabase(url, async (client) => {
    await client.query(
      `update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`,
    );
    await client.query(
      `update pgboss.queue set monitor_claim_on = now() - interval '1 hour', monitor_on = now() - interval '1 hour'`,
    );
  });
  const { boss } = createJobs(url, ignore);
  await boss.start();
  await boss.supervise();
  await boss.stop({ graceful: false });
}

/** Waits until `done`, asking now and then; the milliseconds it took. */
export async function untilTrue(what: string, done: () => Promise<boolean>, limitMs = 120_000): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < limitMs) {
    if (await done().catch(() => false)) return performance.now() - started;
    await sleep(100);
  }
  throw new Error(`Not within ${limitMs / 1_000} s: ${what}`);
}

/** Waits until nothing that events have queued is left; the milliseconds it took. */
export async function untilAllDone(url: string, limitMs = 120_000): Promise<number> {
  let left: readonly OpenJob[] = [];
  return untilTrue(
    'all jobs are done',
    async () => {
      left = await openJobs(url);
      return left.length === 0;
    },
    limitMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(left.slice(0, 20))}`);
  });
}
