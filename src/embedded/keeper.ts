import { setTimeout as sleep } from 'node:timers/promises';
import { type Addresses, type KnownProcess, knownProcess, record } from './instance.ts';
import type { Running } from './supervisor.ts';

const restartLimit = 5;
const restartPauseMs = 300;

export type Keeper = ReturnType<typeof createKeeper>;

/** Starts a crashed server again, a few times, and keeps `instance.json` true. */
export function createKeeper(dataDir: string, log: (line: string) => void) {
  const servers = new Map<string, KnownProcess>();
  let addresses: Addresses | undefined;
  let resting = false;
  const holder = knownProcess(process.pid);
  const write = () => record(dataDir, { holder, servers: [...servers.values()], ...(addresses && { addresses }) });

  async function follow(name: string, running: Running, restart: () => Promise<Running>, restarts = 0): Promise<void> {
    servers.set(name, knownProcess(running.pid));
    write();
    const reason = await running.ended;
    if (resting) return;
    if (restarts === restartLimit) return log(`${name} ${reason} again and is left stopped; restart the exchange`);
    log(`${name} ${reason}; starting it again`);
    await sleep(restartPauseMs);
    if (!resting) await follow(name, await restart(), restart, restarts + 1);
  }

  return {
    /** `restart` starts the server on the port it had, because its address is known everywhere by now. */
    keep(name: string, running: Running, restart: () => Promise<Running>): void {
      follow(name, running, restart).catch((error: unknown) =>
        log(`${name} cannot be started again: ${String(error)}`),
      );
    },
    publish(found: Addresses): void {
      addresses = found;
      write();
    },
    /** From now on servers that end are meant to. */
    rest(): void {
      resting = true;
    },
  };
}
