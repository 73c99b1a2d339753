import { randomBytes } from 'node:crypto';
import { Meilisearch } from 'meilisearch';
import { inject } from 'vitest';

export type TestSearch = {
  readonly url: string;
  readonly key: string;
  /** Of this test's own, so that tests side by side do not see each other's indexes. */
  readonly indexPrefix: string;
  readonly drop: () => Promise<void>;
};

/** A corner of the run's Meilisearch. Undefined on platforms without one. */
export function createSearch(): TestSearch | undefined {
  const server = inject('meili');
  if (!server) return undefined;
  const indexPrefix = `test_${randomBytes(6).toString('hex')}_`;
  return { ...server, indexPrefix, drop: () => dropIndexes(server, indexPrefix) };
}

async function dropIndexes({ url, key }: { url: string; key: string }, prefix: string): Promise<void> {
  const client = new Meilisearch({ host: url, apiKey: key });
  const { results } = await client.getRawIndexes({ limit: 1_000 });
  const ours = results.filter(({ uid }) => uid.startsWith(prefix));
  await Promise.all(ours.map(({ uid }) => client.deleteIndex(uid)));
}
