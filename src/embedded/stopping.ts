import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './process-identity.ts';

/** A signal, and how long to wait for the process to end before the next one. */
export type Step = readonly [signal: NodeJS.Signals, patienceMs: number];

/**
 * Sends the signals one after the other until the process has ended. `startedAt` keeps a later process that was given
 * the same number out of it.
 */
export async function stopProcess(pid: number, startedAt: string, steps: readonly Step[]): Promise<void> {
  const runs = () => identify(pid)?.startedAt === startedAt;
  for (const [signal, patienceMs] of steps) {
    if (!runs()) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal, or it is another user's.
      return;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until && runs()) await sleep(10);
  }
}
