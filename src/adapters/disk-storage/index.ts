import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { FileStore } from '#features/files/types.ts';

/** Files under a folder. A file appears whole or not at all: it is written beside its place and moved there. */
export const createDiskStorage = (folder: string): FileStore => {
  const pathOf = (key: string): string => {
    const path = resolve(join(folder, key));
    if (!path.startsWith(resolve(folder) + sep)) throw new Error(`${key} leaves the folder of files`);
    return path;
  };
  return {
    write: async (key, bytes) => {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${randomBytes(4).toString('hex')}`;
      await writeFile(draft, bytes);
      await rename(draft, path);
    },
    read: async (key) =>
      readFile(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    remove: async (key) => rm(pathOf(key), { force: true }),
  };
};
