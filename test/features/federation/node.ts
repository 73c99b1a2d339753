import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { connect, disconnect, transact } from '#db/client.ts';
import { createEvents } from '#db/events.ts';
import { createVault } from '#db/sealed.ts';
import { createAnchors, createAudit } from '#features/audit/index.ts';
import { createBusinesses } from '#features/businesses/index.ts';
import {
  createFederation,
  federationJobs,
  federationRoutes,
  federationSubscriptions,
  openNodeKeys,
} from '#features/federation/index.ts';
import { createPlaces } from '#features/places/index.ts';
import { createProducts, type ProductDraft } from '#features/products/index.ts';
import { createQueues } from '#features/queues/index.ts';
import { createStock } from '#features/stock/index.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { createApp } from '#http/app.ts';
import { createDatabase } from '#test/support/database.ts';
import { plainDraft } from '#test/support/drafts.ts';

export type TestNode = Awaited<ReturnType<typeof startNode>>;

/** Nothing is sent to this node but records. */
const noFile = async (): Promise<never> => {
  throw new Error('This node keeps no files');
};

/** An exchange in this process: its own database, server on loopback and key. Jobs wait in `queue` until `runJobs`. */
export async function startNode() {
  const database = await createDatabase();
  const db = connect(database.url, { applicationName: 'cho-noi test', onError: () => {}, statementTimeoutMs: 10_000 });
  const clock = { now: new Date() };
  const now = () => clock.now;
  const queue: { readonly queue: string; readonly data: object; readonly afterSeconds: number }[] = [];
  const jobs = {
    add: async (_tx: unknown, name: string, data: readonly object[], { afterSeconds = 0 } = {}) => {
      queue.push(...data.map((item) => ({ queue: name, data: item, afterSeconds })));
    },
  };
  const events = createEvents({ db, jobs }, federationSubscriptions);
  const stock = createStock({ now });
  const audit = createAudit({ db, anchors: createAnchors(tmpdir()), now });
  const vault = createVault({ dataDir: tmpdir() });
  const businesses = createBusinesses({
    db,
    now,
    events,
    audit,
    notices: { tell: async () => {} },
    queues: createQueues({ db, now }),
    places: createPlaces({ db }),
    files: { keep: noFile },
    vault,
    banks: [],
    logReading: noFile,
  });
  const products = createProducts({ db, events, stock, now });
  const http = createPeerHttp({ allowLoopback: true });
  const keys = mkdtempSync(join(tmpdir(), 'cho-noi-node-key-'));
  const nodeKeys = openNodeKeys({ file: join(keys, 'key.pem'), now });
  const { identity } = nodeKeys;

  const server = { address: 'http://127.0.0.1:0' };
  const build = async (publicUrl: string) => {
    const federation = createFederation({
      db,
      jobs,
      now,
      nodeKeys,
      publicUrl,
      exchangeName: { vi: 'Sàn thử', en: 'Test exchange' },
      http,
      allowLoopback: true,
      vault,
      audit,
      events,
      products,
      businesses,
    });
    const app = await createApp({
      log: pino({ level: 'silent' }),
      publicUrl,
      cookieSecret: 'x'.repeat(32),
      authenticate: async () => ({ kind: 'nobody' }),
    });
    await app.register(federationRoutes, { federation, now });
    return { federation, app };
  };
  // The address must be known before the node is composed, since it is part of every record's name.
  const probe = await build(server.address);
  await probe.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = probe.app.server.address() as AddressInfo;
  await probe.app.close();
  const url = `http://127.0.0.1:${port}`;
  const { federation, app } = await build(url);
  await app.listen({ host: '127.0.0.1', port });
  await federation.prepare();

  const [businessId] = await transact(db, 'test', async (tx) => {
    await products.addCategories(tx, [category]);
    return await businesses.addBusinesses(tx, [business]);
  });
  if (!businessId) throw new Error('no business');

  /** Does what waits in a queue now, and gives how long after it was queued each should have been done, in seconds. */
  const run = async (name: string): Promise<readonly number[]> => {
    const handler = federationJobs(federation).find((one) => one.queue === name);
    const waiting = queue.filter((job) => job.queue === name);
    queue.splice(0, queue.length, ...queue.filter((job) => job.queue !== name));
    const paused = ({ data }: { readonly data: { readonly afterMs?: number } }): number => (data.afterMs ?? 0) / 1_000;
    for (const { data } of waiting) await handler?.run([{ ...data, afterMs: 0 }]);
    return waiting.map((job) => job.afterSeconds + paused(job));
  };
  /** How long after it was queued each job that waits in a queue should be done. */
  const queued = (name: string): readonly number[] =>
    queue.flatMap((job) => (job.queue === name ? [job.afterSeconds] : []));
  const runJobs = async (): Promise<void> => {
    await run('federation.export');
  };

  return {
    db,
    database,
    jobs,
    run,
    queued,
    clock,
    url,
    identity,
    federation,
    products,
    businesses,
    audit,
    stock,
    app,
    runJobs,
    /** A second server of this exchange: another process in real life, with nothing shared but the database and the key. */
    openReplica: async () => {
      const replica = await build(url);
      await replica.app.listen({ host: '127.0.0.1', port: 0 });
      const { port: other } = replica.app.server.address() as AddressInfo;
      return { url: `http://127.0.0.1:${other}`, close: () => replica.app.close() };
    },
    addProducts: async (...drafts: readonly ProductDraft[]) => {
      const ids = await transact(db, 'test', (tx) =>
        products.addProducts(
          tx,
          drafts.map((draft) => ({ businessId, draft })),
        ),
      );
      await runJobs();
      return ids;
    },
    close: async () => {
      await app.close();
      await http.close();
      await disconnect(db);
      await database.drop();
      rmSync(keys, { recursive: true, force: true });
    },
  };
}

/** Both pin each other's key and let each other in. */
export async function introduce(a: TestNode, b: TestNode): Promise<void> {
  for (const [here, there, key] of [
    [a, b, 'b'],
    [b, a, 'a'],
  ] as const) {
    await here.federation.introduce('test', { url: there.url, fingerprint: there.identity.keyid, key });
    await here.federation.activate('test', key);
  }
}

const category = {
  id: 1,
  slug: 'banh-keo',
  nameVi: 'Bánh kẹo',
  nameEn: 'Sweets',
  groupId: 1,
  groupVi: 'Thực phẩm',
  groupEn: 'Food',
  sectorCode: 'I',
  sectorVi: 'Thực phẩm',
  sectorEn: 'Food',
  managingBody: [],
  isFood: true,
  isAlcohol: false,
  isTourism: false,
};
const business = {
  code: 'B001',
  slug: 'htx-vung-thom',
  name: 'HTX Vũng Thơm',
  type: 'cooperative' as const,
  status: 'approved' as const,
};

let count = 0;
/** A product whose name is `name`. */
export function draftOf(name: string, priceVnd = 65_000, onHand = 10): ProductDraft {
  count += 1;
  return plainDraft(`T-${count}`, name, priceVnd, onHand);
}
