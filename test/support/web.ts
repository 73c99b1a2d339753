import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from './database.ts';
import { exchangeEnv } from './exchange-env.ts';
import { startProcess, type TestProcess } from './processes.ts';

export type WebProcesses = {
  /** Starts one more process against the same database, and waits until it is ready. A web one, unless `more` says. */
  readonly start: (more?: Readonly<Record<string, string>>) => Promise<TestProcess>;
  readonly close: () => Promise<void>;
};

/** Web processes of one exchange, as an operator would run several. */
export function webProcesses(database: TestDatabase, env: Readonly<Record<string, string>> = {}): WebProcesses {
  const dataDir = mkdtempSync(join(tmpdir(), 'cho-noi-web-'));
  const running: TestProcess[] = [];
  return {
    start: async (more = {}) => {
      const web = await startProcess({
        env: { ...exchangeEnv, ROLE: 'web', DATABASE_URL: database.url, DATA_DIR: dataDir, ...env, ...more },
      });
      running.push(web);
      await web.ready();
      return web;
    },
    close: async () => {
      await Promise.all(running.map((web) => web.kill()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
