import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase } from '#test/support/database.ts';
import { startProcess } from '#test/support/processes.ts';

export type Shop = { readonly url: string; readonly close: () => Promise<void> };

/** The demonstration, whole and in a process of its own, on a database of its own. */
export async function openShop(): Promise<Shop> {
  const database = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'cho-noi-browser-'));
  const meili = inject('meili');
  const server = await startProcess({
    env: {
      DEMO: '1',
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      MEILI_INDEX_PREFIX: 'browser_',
      ...(meili && { MEILI_URL: meili.url, MEILI_KEY: meili.key }),
    },
  });
  await server.ready();
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
