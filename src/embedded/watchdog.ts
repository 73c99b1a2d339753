import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './process-identity.ts';

/**
 * A process of its own that outlives its parent by seconds. The parent writes a line of JSON for each server it starts
 * (`Watch`) or sees end (`Forget`). When the pipe closes, because the parent asked for it or because it died, even by
 * `kill -9`, the servers are stopped: politely, then firmly. It never runs longer than the sum of the patience.
 */
export type Watch = { readonly watch: number; readonly signals: readonly Step[] };
export type Forget = { readonly forget: number };
/** A signal, and how long to wait for the process to end before the next one. */
export type Step = readonly [signal: NodeJS.Signals, patienceMs: number];

type Watched = { readonly startedAt: string | undefined; readonly signals: readonly Step[] };

const watched = new Map<number, Watched>();

function hear(line: string): void {
  const message = JSON.parse(line) as Watch | Forget;
  if ('forget' in message) watched.delete(message.forget);
  else watched.set(message.watch, { startedAt: identify(message.watch)?.startedAt, signals: message.signals });
}

async function stop(pid: number, { startedAt, signals }: Watched): Promise<void> {
  const runs = () => {
    const now = identify(pid);
    return now !== undefined && (startedAt === undefined || now.startedAt === startedAt);
  };
  for (const [signal, patienceMs] of signals) {
    if (!runs()) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal.
      return;
    }
    for (let waitedMs = 0; waitedMs < patienceMs && runs(); waitedMs += 10) await sleep(10);
  }
}

// A terminal's Ctrl-C is for the parent, which closes the pipe when it has finished its requests.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let rest = '';
for await (const chunk of process.stdin.setEncoding('utf8')) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line) hear(line);
}
await Promise.all([...watched].map(([pid, entry]) => stop(pid, entry)));
process.exit(0);
