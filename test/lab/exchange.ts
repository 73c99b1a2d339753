import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asOwner } from '#db/migrate.ts';
import { freePort } from '#embedded/free-port.ts';
import { exchangeEnv } from '#test/support/exchange-env.ts';
import type { StripeSimulator } from '#test/support/providers/stripe.ts';
import type { ChaosProxy } from './chaos-proxy.ts';

/** What the lab asks of an exchange. `nth` falls on one of its products, however many those are by then. */
export type Asked =
  | { readonly do: 'create'; readonly sku: string; readonly priceVnd: number; readonly onHand: number }
  | { readonly do: 'price'; readonly nth: number; readonly priceVnd: number }
  | { readonly do: 'stock'; readonly nth: number; readonly onHand: number }
  | { readonly do: 'withdraw' | 'restore'; readonly nth: number }
  | {
      readonly do: 'introduce';
      readonly partner: {
        readonly url: string;
        readonly fingerprint: string;
        readonly key: string;
        readonly cadenceSeconds: number;
      };
    }
  | { readonly do: 'activate' | 'suspend'; readonly key: string }
  /** A shopper buys something of a partner; the answer is `leg session`, or why not. */
  | { readonly do: 'buy'; readonly nth: number; readonly quantity: number; readonly thinkMs: number }
  | { readonly do: 'visit'; readonly leg: string }
  /** A seller does something with an order that a partner has sold. */
  | { readonly do: 'sell'; readonly nth: number; readonly how: 'confirm' | 'ship' | 'deliver' | 'call-off' }
  /** Whatever waits of legs and orders is done; how many legs have not ended. */
  | { readonly do: 'finish' }
  | { readonly do: 'settle'; readonly key: string; readonly day: string }
  | { readonly do: 'verify' }
  /** An officer has rung up the partner: what is held may shrink as it says. */
  | { readonly do: 'release'; readonly key: string }
  | { readonly do: 'forward'; readonly ms: number }
  | { readonly do: 'restartTurns' | 'identity' | 'memory' };
export type Told = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** A machine that others use as well may not let us in at once: that is no fault of an exchange. */
const tries = 6;
export async function asPatientOwner<T>(url: string, work: Parameters<typeof asOwner<T>>[1]): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await asOwner(url, work);
    } catch (error) {
      if (attempt === tries || (error as { readonly code?: string }).code !== 'database-unreachable') throw error;
      await sleep(attempt * 1_000);
    }
  }
}

const program = fileURLToPath(new URL('./exchange-process.ts', import.meta.url));
export type Exchange = ReturnType<typeof createExchange>;

/** An exchange with a database of its own behind a proxy, which can be killed and started as often as one likes. */
export function createExchange(
  key: string,
  {
    server,
    database,
    dataDir,
    proxy,
    stripe,
  }: { server: string; database: string; dataDir: string; proxy: ChaosProxy; stripe: StripeSimulator },
) {
  const databaseUrl = new URL(server);
  databaseUrl.pathname = `/${database}`;
  let child: ChildProcess | undefined;
  let count = 0;
  let aheadMs = 0;
  const waiting = new Map<number, (told: Told) => void>();

  const start = async (): Promise<void> => {
    const port = await freePort();
    // Jobs that a killed worker held are taken up when its heart is missed; the lab has not the minute for it.
    await asPatientOwner(databaseUrl.href, (client) =>
      client.query(`update pgboss.job set state = 'retry', start_after = now() where state = 'active'`),
    );
    const env = {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, ...exchangeEnv },
      ...{ ROLE: 'web', DATABASE_URL: databaseUrl.href, DATA_DIR: dataDir, PORT: String(port) },
      ...{ PUBLIC_URL: proxy.url, FEDERATION_ALLOW_LOOPBACK: '1', ...stripe.env },
    };
    const args = ['--max-semi-space-size=4', program];
    const made = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let complaint = '';
    made.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4_000);
    });
    const ready = Promise.withResolvers<void>();
    made.on('message', (told: Told) => {
      if (told.id === 0) ready.resolve();
      waiting.get(told.id)?.(told);
      waiting.delete(told.id);
    });
    made.once('exit', () => {
      ready.reject(new Error(`${key} ended: ${complaint}`));
      for (const answer of waiting.values()) answer({ id: 0, error: `${key} is dead` });
      waiting.clear();
    });
    await ready.promise;
    child = made;
    proxy.leadTo(port);
    if (aheadMs > 0) await ask({ do: 'forward', ms: aheadMs });
  };
  const ask = async (asked: Asked): Promise<unknown> => {
    const { result, error } = await new Promise<Told>((resolve) => {
      count += 1;
      if (!child?.connected) return resolve({ id: count, error: `${key} is dead` });
      waiting.set(count, resolve);
      child.send({ ...asked, id: count });
    });
    if (error) throw new Error(`${key} ${asked.do}: ${error}`);
    return result;
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    key,
    database,
    databaseUrl: databaseUrl.href,
    proxy,
    /** Its card provider, which lives on when it is killed and keeps books of its own. */
    stripe,
    start,
    ask,
    kill,
    forward: async (ms: number): Promise<void> => {
      aheadMs += ms;
      await ask({ do: 'forward', ms });
    },
  };
}
