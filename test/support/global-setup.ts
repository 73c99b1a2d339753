import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Embedded, startEmbedded } from '#embedded/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server's own database, for its owner; tests make theirs with `createDatabase`. */
    readonly postgresUrl: string;
    /** Undefined on platforms without a Meilisearch. */
    readonly meili: { readonly url: string; readonly key: string } | undefined;
  }
}

type Servers = { readonly embedded: Embedded; readonly folder: string; users: number };

/** Each vitest project that names this file calls it; all of them share one pair of servers. */
const shared = globalThis as { choNoiTestServers?: Promise<Servers> };

async function start(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'cho-noi-test-'));
  return { embedded: await startEmbedded({ dataDir: folder, durable: false }), folder, users: 0 };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.choNoiTestServers ??= start();
  const servers = await shared.choNoiTestServers;
  const { databaseUrl, meili } = servers.embedded;
  project.provide('postgresUrl', databaseUrl);
  project.provide('meili', 'absent' in meili ? undefined : meili);
  servers.users += 1;
  return async () => {
    servers.users -= 1;
    if (servers.users > 0) return;
    delete shared.choNoiTestServers;
    await servers.embedded.stop();
    await rm(servers.folder, { recursive: true, force: true });
  };
}
