import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnce } from './files.ts';

export type Erasure = { readonly accountId: string; readonly erasedAt: Date };
export type ErasureList = ReturnType<typeof openErasureList>;

const name = /^[0-9a-f-]{36}$/;

/**
 * Who was erased, a file an account under `dataDir/erasures`, apart from the database: a backup of the database that is
 * restored knows nothing of what was erased after it, and this list makes it forget again. It holds ids and dates alone.
 */
export function openErasureList(dataDir: string) {
  const folder = join(dataDir, 'erasures');
  return {
    /** Saying the same twice changes nothing. */
    add: ({ accountId, erasedAt }: Erasure): void => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      createOnce(join(folder, accountId), `${erasedAt.toISOString()}\n`);
    },
    list: (): readonly Erasure[] => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return readdirSync(folder)
        .filter((file) => name.test(file))
        .map((accountId) => ({
          accountId,
          erasedAt: new Date(readFileSync(join(folder, accountId), 'utf8').trim()),
        }));
    },
  };
}
