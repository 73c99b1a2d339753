import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { growFreely } from '#core/heap.ts';
import { APP_ROLE, afterCommit, executorIn, type Tx } from './client.ts';

export type JobOptions = {
  /** Jobs handed to the handler at once. Handlers of more than one take the batch as one piece of work. */
  readonly batchSize?: number;
  /** Jobs that one process works on at the same time, each in its own call of the handler; one by one by default. */
  readonly concurrency?: number;
  /**
   * Its jobs come with `product.changed`, whose own signal wakes its workers (`wake`): pg-boss would notify once more for
   * each job, and of a sale there are several.
   */
  readonly signalled?: boolean;
  /** With much to do, rests as long as it worked, so that an import is searchable before partners are told of all of it. */
  readonly yielding?: boolean;
  /**
   * Seconds between looks for jobs that no signal announces: retries, and what a process queued for later and did not live
   * to see. 30 by default.
   */
  readonly pollSeconds?: number;
  /** Seconds to the first retry; doubles to `retryDelayMaxSeconds`. */
  readonly retryDelaySeconds?: number;
  readonly retryLimit?: number;
  /** Cron expression in Vietnamese time: the job runs once however many workers there are. */
  readonly cron?: string;
};

/** A queue and what is done with its jobs. Delivery is at least once: a handler may see a job again after a crash. */
export type JobHandler = {
  readonly queue: string;
  readonly options?: JobOptions;
  run(batch: readonly unknown[]): Promise<void>;
};

export type Jobs = ReturnType<typeof createJobs>;

/** pg-boss in the same PostgreSQL: a job is a row of the transaction that made it necessary. */
export const createJobs = (url: string, onError: (error: Error) => void) => {
  const boss = new PgBoss({
    connectionString: url,
    options: `-c role=${APP_ROLE}`,
    application_name: 'cho-noi jobs',
    max: 4,
    createSchema: false,
    useListenNotify: true,
    // A worker that died by `kill -9` is noticed when its heart has not beaten for 20 seconds, looked for as often: with
    // pg-boss's own minute between looks its jobs were taken up only after 100 seconds.
    superviseIntervalSeconds: 20,
    monitorIntervalSeconds: 20,
  });
  boss.on('error', onError);
  const handlers: JobHandler[] = [];
  const signalled: string[] = [];
  const slots = new Map<string, readonly Slot[]>();
  const clocks = new Set<NodeJS.Timeout>();

  /**
   * Has one worker of this process that rests look when jobs for later are due, which the server announces to nobody. Were it
   * left to the looks of the resting, a queue would be served the later the fewer of its workers rest.
   */
  const wakeAfter = (queue: string, seconds: number): void => {
    const workers = slots.get(queue);
    if (!workers || seconds > longestClockSeconds) return;
    const clock = setTimeout(
      () => {
        clocks.delete(clock);
        const slot = restedLongest(workers);
        if (!slot) return;
        slot.wokenAt = performance.now();
        // One that is busy looks again as soon as it has done.
        boss.notifyWorker(slot.id);
      },
      seconds * 1_000 + dueMarginMs,
    );
    clock.unref();
    clocks.add(clock);
  };

  return {
    boss,
    /** Declares a queue. All are declared before `open`, in every role, since web processes enqueue. */
    handle: (handler: JobHandler): void => {
      handlers.push(handler);
    },
    /** Makes the declared queues. Jobs can be added from then on, in any role. */
    open: async (): Promise<void> => {
      await boss.start();
      for (const { queue, options = {} } of handlers) {
        const settings = {
          retryLimit: options.retryLimit ?? 20,
          retryDelay: options.retryDelaySeconds ?? 2,
          retryBackoff: true,
          retryDelayMax: 300,
          heartbeatSeconds: 20,
          expireInSeconds: 600,
          notify: options.signalled !== true,
        };
        await boss.createQueue(queue, settings);
        await boss.updateQueue(queue, settings);
      }
    },
    /** Begins to work on what is queued. */
    work: async (): Promise<void> => {
      for (const handler of handlers) {
        const workers = await startWorkers(boss, handler);
        slots.set(handler.queue, workers);
        if (handler.options?.signalled) signalled.push(...workers.map(({ id }) => id));
      }
    },
    /** Has the workers of signalled queues look at once; without it they look every two seconds. */
    wake: (): void => {
      for (const worker of signalled) boss.notifyWorker(worker);
    },
    stop: (): Promise<void> => {
      for (const clock of clocks) clearTimeout(clock);
      return boss.stop({ graceful: true, timeout: 8_000 });
    },
    /** Adds jobs to `queue` in `tx`: they exist exactly if the transaction commits. */
    add: async (
      tx: Tx,
      queue: string,
      data: readonly object[],
      { afterSeconds = 0 }: { readonly afterSeconds?: number } = {},
    ): Promise<void> => {
      if (data.length === 0) return;
      await boss.insert(
        queue,
        data.map((item) => ({ data: item, ...(afterSeconds > 0 ? { startAfter: afterSeconds } : {}) })),
        { db: executorIn(tx) },
      );
      if (afterSeconds > 0) afterCommit(tx, () => wakeAfter(queue, afterSeconds));
    },
  };
};

/**
 * Runs `work` for each item in turn; how many it was true for. An item that fails does not keep the rest from their
 * turn: the failures are thrown together at the end, so that the job is seen to have failed.
 */
export async function oneByOne<Item>(items: readonly Item[], work: (item: Item) => Promise<boolean>): Promise<number> {
  const failures: unknown[] = [];
  let done = 0;
  for (const item of items) {
    try {
      if (await work(item)) done += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${items.length} failed`);
  return done;
}

/**
 * After a batch that was not full: while many buy, each order wakes the worker, and what it would do for one product
 * takes as long as for fifty. The first change after a pause is still taken up at once.
 */
const gatherMs = 200;

/** A worker of a queue in this process, which can be woken by itself. */
type Slot = { readonly id: string; isBusy: boolean; wokenAt: number };

/** Of two jobs that are due in one moment each has a worker of its own looked for. */
const restedLongest = (workers: readonly Slot[]): Slot | undefined =>
  [...workers].sort((a, b) => Number(a.isBusy) - Number(b.isBusy) || a.wokenAt - b.wokenAt)[0];

/** The server counts from the beginning of the transaction that adds a job, so that its time has come by then. */
const dueMarginMs = 20;
/** Of the turns of partners, the longest; what comes later than that may as well be found by a look. */
const longestClockSeconds = 3_600;

async function startWorkers(boss: PgBoss, { queue, options = {}, run }: JobHandler): Promise<Slot[]> {
  const settings = {
    batchSize: options.batchSize ?? 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: options.pollSeconds ?? 30,
    // A batch that came back full has more behind it: an import of 20,000 products does not wait between batches.
    burstWhenBatchFull: true,
  };
  const work = async (jobs: readonly { readonly data: object }[]): Promise<void> => {
    const isFull = jobs.length === settings.batchSize;
    if (isFull && settings.batchSize > 1) growFreely();
    const began = performance.now();
    await run(jobs.map((job) => job.data));
    if (!isFull) await sleep(gatherMs);
    else if (options.yielding) await sleep(performance.now() - began);
  };
  const workers: Slot[] = [];
  for (let made = 0; made < (options.concurrency ?? 1); made += 1) {
    const slot: Slot = { id: '', isBusy: false, wokenAt: 0 };
    const rest = (): void => {
      slot.isBusy = false;
      // pg-boss has a worker of single jobs wait for a signal after each: what piled up while none was there, or came
      // while it was busy, would be done one by one in half a minute each.
      if (settings.batchSize === 1) boss.notifyWorker(slot.id);
    };
    const id = await boss.work<object>(queue, settings, (jobs) => {
      slot.isBusy = true;
      return work(jobs).finally(rest);
    });
    workers.push(Object.assign(slot, { id }));
  }
  if (options.cron) await boss.schedule(queue, options.cron, {}, { tz: 'Asia/Ho_Chi_Minh' });
  return workers;
}
