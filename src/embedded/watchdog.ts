import { identify } from './process-identity.ts';
import { type Step, stopProcess } from './stopping.ts';

/**
 * A process of its own that outlives its parent by seconds. The parent writes a line of JSON for each server it starts
 * (`Watch`) or sees end (`Forget`). When the pipe closes, because the parent asked for it or because it died, even by
 * `kill -9`, the servers are stopped: politely, then firmly. It never runs longer than the sum of the patience.
 */
export type Watch = { readonly watch: number; readonly steps: readonly Step[] };
export type Forget = { readonly forget: number };

const watched = new Map<number, { readonly startedAt: string; readonly steps: readonly Step[] }>();

function hear(line: string): void {
  // Only the supervisor of this version writes here.
  const message = JSON.parse(line) as Watch | Forget;
  if ('forget' in message) watched.delete(message.forget);
  else watched.set(message.watch, { startedAt: identify(message.watch)?.startedAt ?? '', steps: message.steps });
}

// A terminal's Ctrl-C is for the parent, which closes the pipe when it has finished its requests.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let rest = '';
for await (const chunk of process.stdin.setEncoding('utf8')) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line) hear(line);
}
await Promise.all([...watched].map(([pid, { startedAt, steps }]) => stopProcess(pid, startedAt, steps)));
process.exit(0);
