import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, openEmbedded, startEmbedded } from '#embedded/index.ts';
import { installMeilisearch } from '#embedded/programs.ts';
import { makeFolder, processesOf, query, startParent, untilNone } from './support.ts';

const place = makeFolder();
/** One copy of the programs serves all data folders of this file. */
const programsDir = join(place.folder, 'programs');
let dataDir: string;
let count = 0;
beforeEach(() => {
  count += 1;
  dataDir = join(place.folder, `data-${count}`);
});
const started: Embedded[] = [];
async function start(options: Partial<Parameters<typeof startEmbedded>[0]> = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, programsDir, durable: false, ...options });
  started.push(embedded);
  return embedded;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ stop }) => stop()));
});
beforeAll(() => mkdirSync(programsDir));
afterAll(place.remove);

const hasMeilisearch = process.platform === 'linux' && process.arch === 'x64';
const secret = (name: string) => join(dataDir, 'secrets', name);

describe('The first start', () => {
  test('brings a PostgreSQL that keeps what it acknowledges and knows Vietnamese', async () => {
    const { databaseUrl } = await start({ durable: true });
    const [settings] = await query(
      databaseUrl,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens,
              current_setting('max_connections') as connections, current_setting('server_encoding') as encoding,
              current_setting('unix_socket_directories') as sockets, lower('ĐẶC SẢN') as lower, 'Ạ' < 'b' as sorted`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      listens: '127.0.0.1',
      connections: '200',
      encoding: 'UTF8',
      sockets: '',
      lower: 'đặc sản',
      sorted: false,
    });
    await query(databaseUrl, 'create extension pg_trgm');
    expect(await query(databaseUrl, `select cardinality(show_trgm('bánh')) as accented`)).toEqual([{ accented: 5 }]);
  });

  test('lets nobody in without the password, which only its owner can read', async () => {
    const { databaseUrl } = await start({ search: false });
    const url = new URL(databaseUrl);
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: 'database-unreachable' });
    expect(statSync(secret('postgres-password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
  });

  test.runIf(hasMeilisearch)('brings a Meilisearch that asks for its key', async () => {
    const { meili } = await start();
    if ('absent' in meili) throw new Error(meili.absent.en);
    const ask = async (headers: Record<string, string>) => (await fetch(`${meili.url}/indexes`, { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${meili.key}` })).toBe(200);
    expect(statSync(secret('meilisearch-key')).mode & 0o777).toBe(0o600);
  });
});

describe('The second start', () => {
  test('keeps the data and the passwords, and the stop before it left nothing running', async () => {
    const first = await start();
    await query(first.databaseUrl, `create table kept as select 'bánh pía' as name`);
    await first.stop();
    expect(processesOf(dataDir)).toEqual([]);
    const second = await start();
    expect(await query(second.databaseUrl, 'select name from kept')).toEqual([{ name: 'bánh pía' }]);
    expect(new URL(second.databaseUrl).password).toBe(new URL(first.databaseUrl).password);
  });

  test('is refused while another process uses the folder, but commands may use its servers', async () => {
    const parent = await startParent(dataDir, { programsDir });
    await expect(start()).rejects.toMatchObject({
      code: 'already-running',
      en: expect.stringContaining(`kill ${parent.child.pid}`),
    });
    const beside = await openEmbedded({ dataDir });
    expect(beside.databaseUrl).toBe(parent.addresses.databaseUrl);
    await beside.stop();
    expect(await query(parent.addresses.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    parent.child.kill('SIGKILL');
    await untilNone(dataDir);
  });

  test('of several processes that find a dead instance at once, one takes the folder', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'instance.json'), '{"holder":{"pid":1,"startedAt":"never"},"servers":[]}');
    const parents = await Promise.allSettled([1, 2, 3].map(() => startParent(dataDir, { programsDir })));
    const winners = parents.filter((parent) => parent.status === 'fulfilled');
    const losers = parents.filter((parent) => parent.status === 'rejected');
    expect(winners).toHaveLength(1);
    for (const { reason } of losers) expect(String(reason)).toContain('is using the data folder');
    for (const { value } of winners) value.child.kill('SIGKILL');
    await untilNone(dataDir);
  });

  test('works without the file that kept the password', async () => {
    const first = await start({ search: false });
    await first.stop();
    rmSync(secret('postgres-password'));
    const second = await start({ search: false });
    expect(await query(second.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(second.databaseUrl).not.toContain(new URL(first.databaseUrl).password);
  });

  test('goes on after a pid file that names somebody else, and after a torn or foreign instance file', async () => {
    await (await start({ search: false })).stop();
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.ppid}\n/elsewhere\n`);
    writeFileSync(join(dataDir, 'instance.json'), '{"holder":{"pid":1,"startedAt":"never"},"servers":[]}');
    const { databaseUrl, stop } = await start({ search: false });
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await stop();
    writeFileSync(join(dataDir, 'instance.json'), '{"holder"');
    await start({ search: false });
  });
});

describe('When the process dies', () => {
  test('by kill -9, its servers stop within seconds, in order', async () => {
    const parent = await startParent(dataDir, { programsDir });
    await query(parent.addresses.databaseUrl, `create table kept as select 1 as id`);
    expect(processesOf(dataDir).length).toBeGreaterThanOrEqual(hasMeilisearch ? 2 : 1);
    parent.child.kill('SIGKILL');
    await untilNone(dataDir);
    expect(readFileSync(join(dataDir, 'log', 'postgres.log'), 'utf8')).toContain('database system is shut down');
    expect(await query((await start()).databaseUrl, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  test('and its watchdog with it, the next start stops what was left', async () => {
    const parent = await startParent(dataDir, { programsDir });
    const servers = processesOf(dataDir);
    const dogs = processesOf('watchdog.ts').filter((pid) => parentOf(pid) === parent.child.pid);
    expect(dogs).toHaveLength(1);
    for (const pid of dogs) process.kill(pid, 'SIGKILL');
    parent.child.kill('SIGKILL');
    await sleep(300);
    expect(processesOf(dataDir)).toEqual(servers);
    const { databaseUrl } = await start();
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(processesOf(dataDir).filter((pid) => servers.includes(pid))).toEqual([]);
  });

  test('a stop works even when the watchdog was killed before', async () => {
    const { stop } = await start();
    const dogs = processesOf('watchdog.ts').filter((pid) => parentOf(pid) === process.pid);
    for (const pid of dogs) process.kill(pid, 'SIGKILL');
    await stop();
    expect(dogs.length).toBeGreaterThan(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  test('Ctrl-C reaches the process alone: the database stays for its last requests', async () => {
    const parent = await startParent(dataDir, { programsDir });
    process.kill(-(parent.child.pid ?? 0), 'SIGINT');
    await sleep(300);
    expect(await query(parent.addresses.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    parent.child.kill('SIGKILL');
    await untilNone(dataDir);
  });
});

const parentOf = (pid: number): number =>
  Number(/\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 0);

describe('A server that crashes', () => {
  test('is started again where it was', async () => {
    const lines: string[] = [];
    const { databaseUrl } = await start({ search: false, log: (line) => lines.push(line) });
    const [postmaster = 0] = processesOf(dataDir);
    process.kill(postmaster, 'SIGKILL');
    await sleep(400);
    await expect.poll(() => query(databaseUrl, 'select 1 as one').catch(() => []), { timeout: 10_000 }).toHaveLength(1);
    expect(lines).toEqual(['PostgreSQL ended by SIGKILL; starting it again']);
  });
});

describe('Where it cannot start', () => {
  test('a platform without PostgreSQL: the sentence names DATABASE_URL', async () => {
    const refused = start({ platform: { platform: 'sunos', arch: 'sparc' } });
    await expect(refused).rejects.toMatchObject({
      code: 'postgres-missing',
      vi: expect.stringContaining('DATABASE_URL='),
      en: expect.stringContaining('DATABASE_URL='),
    });
    await start();
  });

  test('a platform without Meilisearch: the rest starts and says why', async () => {
    expect(await installMeilisearch(programsDir, { platform: 'sunos', arch: 'sparc' })).toEqual({
      missing: '@gaubee/meilisearch-sunos-sparc is not installed',
    });
    const broken = join(place.folder, 'broken');
    mkdirSync(join(broken, 'meilisearch-1.21.0'), { recursive: true });
    writeFileSync(join(broken, 'meilisearch-1.21.0', 'meilisearch'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const { databaseUrl, meili } = await start({ programsDir: broken });
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(meili).toMatchObject({ absent: { en: expect.stringContaining('MEILI_URL=') } });
  });

  test('data of another PostgreSQL major', async () => {
    await (await start({ search: false })).stop();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toMatchObject({
      code: 'other-postgres-major',
      en: expect.stringContaining('pg_dump'),
    });
  });

  test('a data folder that is a file', async () => {
    writeFileSync(dataDir, '');
    await expect(start()).rejects.toMatchObject({ code: 'folder-not-writable' });
  });

  test('a broken cluster: the sentence carries what PostgreSQL said', async () => {
    await (await start({ search: false })).stop();
    writeFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'shared_buffers = much\n');
    await expect(start()).rejects.toMatchObject({
      code: 'postgres-failed',
      en: expect.stringContaining('postgres.log'),
    });
    expect(processesOf(dataDir)).toEqual([]);
    rmSync(dataDir, { recursive: true });
    await sleep(600);
    expect(existsSync(dataDir), 'the other server came back').toBe(false);
  });
});
