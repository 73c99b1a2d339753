import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '#embedded/free-port.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type ProcessOptions = {
  /** All that the process sees besides PATH. PORT is chosen when it is not given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Relative to the project. */
  readonly file?: string;
  readonly args?: readonly string[];
  /** How long `/readyz` may take, in milliseconds. */
  readonly readyWithinMs?: number;
};

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type TestProcess = {
  readonly pid: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Everything written so far, both streams in order. */
  readonly output: () => string;
  readonly ended: Promise<Ended>;
  /** Resolves when `/readyz` says 200; throws with the output when the process ends or takes too long. */
  readonly ready: () => Promise<void>;
  /** Asks it to end, as an operator would, and waits. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Ended>;
  /** `kill -9`: the process has no say in it. */
  readonly kill: () => Promise<Ended>;
};

/** Starts `node src/main.ts`, or another of our files, as a process of its own. */
export async function startProcess(options: ProcessOptions = {}): Promise<TestProcess> {
  const { env = {}, file = 'src/main.ts', args = [], readyWithinMs = 60_000 } = options;
  const port = env.PORT ?? String(await freePort());
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: port, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = endOf(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const url = `http://${env.HOST ?? '127.0.0.1'}:${port}`;
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    url,
    output: () => output,
    ended,
    ready: () => untilReady(url, ended, readyWithinMs, () => output),
    stop: (signal = 'SIGTERM') => end(signal),
    kill: () => end('SIGKILL'),
  };
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close`, not `exit`: by then all that it wrote has arrived.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

async function untilReady(url: string, ended: Promise<Ended>, limitMs: number, output: () => string): Promise<void> {
  let end: Ended | undefined;
  void ended.then((result) => {
    end = result;
  });
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    if (end) throw new Error(`The process ended with ${end.signal ?? end.code} before it was ready:\n${output()}`);
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error(`Not ready within ${limitMs} ms:\n${output()}`);
}
