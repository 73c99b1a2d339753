import { setTimeout as sleep } from 'node:timers/promises';
import { addProducts, makeProducts } from './catalogue.ts';
import type { Exchange } from './exchange.ts';

export type Imported = {
  readonly products: number;
  readonly importSeconds: number;
  /** From the last commit until a search finds all of them. */
  readonly searchableSeconds: number;
};

const searchableWithinMs = 180_000;

export async function countFound(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/search?q=&limit=1`);
  const { total, engine } = (await answer.json()) as { total: number; engine: string };
  // PostgreSQL would find them sooner; the figure is about the index.
  return engine === 'meilisearch' ? total : 0;
}

/** Adds `count` products to the demonstration and waits until Meilisearch finds them. */
export async function importProducts(exchange: Exchange, count: number): Promise<Imported> {
  const before = await countFound(exchange.url);
  const additions = await makeProducts(exchange, count);
  const start = performance.now();
  await addProducts(exchange, additions);
  const added = performance.now();
  while ((await countFound(exchange.url)) < before + count) {
    if (performance.now() - added > searchableWithinMs) throw new Error('The import is not searchable after 3 minutes');
    await sleep(100);
  }
  return {
    products: count,
    importSeconds: (added - start) / 1_000,
    searchableSeconds: (performance.now() - added) / 1_000,
  };
}
