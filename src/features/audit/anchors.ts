import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anchor } from './chain.ts';

const lineOf = ({ seq, hash, at }: Anchor): string => `${at} ${seq} ${hash}\n`;
const readLine = (line: string): Anchor[] => {
  const [, at = '', seq = '', hash = ''] = /^(\S+) (\d+) ([0-9a-f]{64})$/.exec(line) ?? [];
  return hash === '' ? [] : [{ at, seq: Number(seq), hash }];
};

export type Anchors = ReturnType<typeof createAnchors>;

/**
 * Heads of the chain, a line each, in a file outside the database: whoever may change the database is then caught by what
 * they cannot change. Copied off this machine with the other files of `DATA_DIR`.
 */
export const createAnchors = (folder: string, name = 'audit-heads.txt') => {
  const file = join(folder, name);
  const read = async (): Promise<readonly Anchor[]> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text.split('\n').flatMap(readLine);
  };
  return {
    read,
    append: async (anchor: Anchor): Promise<void> => {
      await mkdir(folder, { recursive: true });
      await appendFile(file, lineOf(anchor));
    },
  };
};
