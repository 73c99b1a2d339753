import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '#test/support/processes.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import { press } from './load.ts';
import { type Compared, compare } from './rounds.ts';

export const listPath = '/v1/products?limit=24';

/** The first page of products against a bare Fastify, in a process like ours, that sends the same bytes. */
export async function compareList(
  exchange: Exchange,
  folder: DataFolder,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Compared> {
  const answer = await fetch(exchange.url + listPath);
  const file = join(folder.path, 'list.json');
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  const raw = await startProcess({ file: 'test/bench/raw-server.ts', args: [file] });
  try {
    await raw.ready();
    const ours = () => press(exchange.url, [{ path: listPath }], seconds);
    const limit = () => press(raw.url, [{ path: '/' }], seconds);
    await ours();
    await limit();
    return await compare(rounds, ours, limit);
  } finally {
    await raw.stop();
  }
}
