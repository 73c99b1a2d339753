import { statfs } from 'node:fs/promises';
import type { Command, Context } from './command.ts';

type Check = { readonly what: string; readonly ok: boolean; readonly detail: string; readonly todo?: string };
const lowDiskBytes = 2 * 1024 ** 3;

async function attempt(
  what: string,
  todo: string,
  work: () => Promise<{ readonly ok: boolean; readonly detail: string }>,
): Promise<Check> {
  try {
    const { ok, detail } = await work();
    return { what, ok, detail, ...(ok ? {} : { todo }) };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : String(error), todo };
  }
}

const checksOf = ({ stores, services, config }: Context): Promise<Check>[] => [
  attempt('PostgreSQL answers', 'start it, or look at DATABASE_URL', async () => {
    await stores.ping();
    return { ok: true, detail: 'yes' };
  }),
  attempt('migrations', 'npm run cli -- migrate', async () => {
    const pending = await stores.pendingMigrations();
    return {
      ok: pending.length === 0,
      detail: pending.length === 0 ? 'all applied' : `waiting: ${pending.join(', ')}`,
    };
  }),
  attempt('search engine', 'start Meilisearch or look at MEILI_URL; PostgreSQL searches meanwhile', async () => {
    const { engine } = await services.search.search({ q: '', filters: {}, limit: 1 });
    return { ok: !stores.meili || engine === 'meilisearch', detail: engine };
  }),
  attempt('books', 'npm run cli -- ledger:verify', async () => {
    const { findings } = await services.ledger.verify();
    return { ok: findings.length === 0, detail: `${findings.length} findings` };
  }),
  attempt('disk', `free some space under ${config.dataDir}`, async () => {
    const { bavail, bsize } = await statfs(config.dataDir);
    return { ok: bavail * bsize > lowDiskBytes, detail: `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free` };
  }),
  attempt('ways to pay', 'set VIETQR_* or STRIPE_*', async () => {
    const methods = services.payments.methods();
    return { ok: methods.length > 0, detail: methods.join(', ') || 'none' };
  }),
];

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look at everything an operator depends on and say what to type',
  run: async (_values, context) => {
    const checks = await Promise.all(checksOf(context));
    for (const { what, ok, detail, todo } of checks)
      context.print(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${detail}${todo ? `\n       → ${todo}` : ''}`);
    return { ok: checks.every((check) => check.ok), checks };
  },
};
