import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbedded } from '#embedded/index.ts';
import { installMeilisearch, installPostgres } from '#embedded/programs.ts';
import { explainFileError } from '#embedded/refusals.ts';
import { makeFolder, processesOf, query, startParent, untilNone } from './support.ts';

const place = makeFolder();
/** Root's copy of the programs, which anybody may run. */
const programsDir = join(place.folder, 'programs');
beforeAll(() => Promise.all([installPostgres(programsDir, process), installMeilisearch(programsDir, process)]));
afterAll(place.remove);

const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
function idOf(option: string): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}

/** Whether a stranger can read the sources: a checkout under a closed folder cannot be run by another user. */
function sourcesAreOpen(): boolean {
  for (let folder = fileURLToPath(new URL('.', import.meta.url)); folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

describe.runIf(isRoot)('Started by root', () => {
  test('the servers run as somebody else, who owns their data and nothing more', async () => {
    const dataDir = join(place.folder, 'by-root');
    mkdirSync(dataDir, { mode: 0o700 });
    const { databaseUrl, stop } = await startEmbedded({ dataDir, durable: false });
    const users = processesOf(dataDir).map((pid) => statSync(`/proc/${pid}`).uid);
    expect(users).not.toContain(0);
    expect(users).not.toHaveLength(0);
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(users[0]);
    expect(statSync(join(dataDir, 'secrets')).uid).toBe(0);
    expect(statSync(join(dataDir, 'programs')).uid).toBe(0);
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await stop();
  });

  test('under a closed folder, one sentence names it and says what to type', async () => {
    const closed = join(place.folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const refused = startEmbedded({ dataDir: join(closed, 'data') });
    await expect(refused).rejects.toMatchObject({
      code: 'folder-closed',
      vi: expect.stringContaining(`chmod o+x ${closed})`),
      en: expect.stringContaining('DATA_DIR=/var/lib/cho-noi npm start'),
    });
    chmodSync(closed, 0o711);
    await (await startEmbedded({ dataDir: join(closed, 'data'), programsDir, durable: false, search: false })).stop();
  });

  test('on a full disk, one sentence says so and nothing half-made stays', async (context) => {
    const disk = join(place.folder, 'small-disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m,mode=755', 'none', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('this container may not mount');
    }
    try {
      for (const size of ['20m', '90m']) {
        execFileSync('mount', ['-o', `remount,size=${size}`, disk], { stdio: 'ignore' });
        const refused = startEmbedded({ dataDir: join(disk, size), search: false });
        await expect(refused, size).rejects.toMatchObject({
          code: 'disk-full',
          en: expect.stringContaining('DATA_DIR='),
        });
        execFileSync('rm', ['-rf', join(disk, size)]);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe.runIf(nobody && sourcesAreOpen())('Started by an ordinary user', () => {
  test('the servers run as that user, and kill -9 leaves none', async () => {
    const dataDir = join(place.folder, 'by-nobody');
    mkdirSync(dataDir);
    if (nobody) chownSync(dataDir, nobody.uid, nobody.gid);
    const parent = await startParent(dataDir, nobody ? { user: nobody, programsDir } : {});
    expect(await query(parent.addresses.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    const users = new Set(processesOf(dataDir).map((pid) => statSync(`/proc/${pid}`).uid));
    expect([...users]).toEqual([nobody?.uid]);
    parent.child.kill('SIGKILL');
    await untilNone(dataDir);
  });

  test("in a folder that is not the user's, one sentence says so", async () => {
    const dataDir = join(place.folder, 'of-root');
    mkdirSync(dataDir, { mode: 0o755 });
    await expect(startParent(dataDir, nobody ? { user: nobody } : {})).rejects.toThrow(/DATA_DIR=\$HOME\/cho-noi/);
  });
});

describe('What the file system refuses', () => {
  const refusal = (code: string) => Object.assign(new Error(code), { code });
  test.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EACCES', 'folder-not-writable'],
    ['EROFS', 'folder-not-writable'],
  ])('%s becomes %s', (errno, code) => {
    expect(explainFileError(refusal(errno), '/data')).toMatchObject({ code });
  });

  test('anything else stays what it is', () => {
    const bug = new TypeError('x is not a function');
    expect(explainFileError(bug, '/data')).toBe(bug);
  });
});
