import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Owner } from './owner.ts';
import { identify } from './process-identity.ts';
import { type Step, stopProcess } from './stopping.ts';
import type { Forget, Watch } from './watchdog.ts';

/** A server to keep running. */
export type Server = {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Truncated at each start of ours, so that it cannot grow from day to day. */
  readonly logFile: string;
  readonly steps: readonly Step[];
};

export type Running = {
  readonly pid: number;
  /** Resolves with a reason when the process has ended. */
  readonly ended: Promise<string>;
};

export type Supervisor = {
  start(server: Server, owner: Owner): Running;
  /** Stops everything that was started and resolves when it is gone. */
  stop(): Promise<void>;
};

/**
 * Starts servers so that none outlives this process: a watchdog hears of each and stops them when its pipe closes.
 * Servers and watchdog have process groups of their own, because Ctrl-C reaches everyone in the terminal's group and
 * the database must stay until the last request is answered.
 */
export function createSupervisor(): Supervisor {
  const watchdog = spawn(process.execPath, [fileURLToPath(new URL('./watchdog.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  const gone = new Promise<void>((resolve) => {
    watchdog.once('exit', () => resolve());
    watchdog.once('error', () => resolve());
  });
  const pipe = watchdog.stdin;
  // Should the watchdog be killed, writing to it fails; `stop`, or the next start, then ends the servers.
  pipe.on('error', () => {});
  watchdog.unref();
  const running = new Map<number, { readonly startedAt: string; readonly steps: readonly Step[] }>();
  let stopping = false;
  const tell = (message: Watch | Forget) => pipe.writable && pipe.write(`${JSON.stringify(message)}\n`);
  const watch = (pid: number, steps: readonly Step[]) => {
    running.set(pid, { startedAt: identify(pid)?.startedAt ?? '', steps });
    tell({ watch: pid, steps });
  };
  const forget = (pid: number) => {
    running.delete(pid);
    tell({ forget: pid });
  };
  return {
    start(server, owner) {
      // A crashed server's restart may come due while everything stops; nobody would watch over it any more.
      if (stopping) throw new Error('The servers are being stopped');
      const child = launch(server, owner);
      const { pid } = child;
      const ended = new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message));
        child.once('exit', (code, signal) => {
          if (pid) forget(pid);
          resolve(signal ? `ended by ${signal}` : `ended with ${code}`);
        });
      });
      child.unref();
      if (pid) watch(pid, server.steps);
      return { pid: pid ?? 0, ended };
    },
    async stop() {
      stopping = true;
      watchdog.ref();
      pipe.end();
      await gone;
      // Only when the watchdog was killed before us is there anything left to do.
      await Promise.all([...running].map(([pid, { startedAt, steps }]) => stopProcess(pid, startedAt, steps)));
    },
  };
}

function launch({ program, args, env, cwd, logFile }: Server, { uid, gid }: Owner): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(program, args, { detached: true, stdio: ['ignore', log, log], cwd, env, uid, gid });
  } finally {
    closeSync(log);
  }
}
