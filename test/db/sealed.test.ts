import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, isNotNull } from 'drizzle-orm';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Db, disconnect, transact } from '#db/client.ts';
import { createVault, lastFour, resealAll, type Sealed, sealed } from '#db/sealed.ts';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { inDatabase } from '#test/support/postgres.ts';

const folders: string[] = [];
const openFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cho-noi-vault-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const bytesOf = (text: string): string =>
  text
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('hex'))
    .join('.');
const citizenId = '094087001234';
const aad = 'applications.person_id_sealed:1';

describe('a sealed text', () => {
  test('opens for what it belongs to and tells nothing before', () => {
    const vault = createVault({ dataDir: openFolder() });
    const sealed = vault.seal(citizenId, aad);
    expect(sealed).toMatch(/^s1\.[0-9a-f]{16}\.[\w-]+\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain(citizenId);
    expect(vault.open(sealed, aad)).toBe(citizenId);
    expect(vault.seal(citizenId, aad)).not.toBe(sealed);
    expect(vault.open(vault.seal('', aad), aad)).toBe('');
    expect(vault.open(vault.seal('Thị xã Vĩnh Châu', aad), aad)).toBe('Thị xã Vĩnh Châu');
  });

  test('does not open in another row, nor with a byte changed anywhere', () => {
    const vault = createVault({ dataDir: openFolder() });
    const sealed = vault.seal(citizenId, aad);
    expect(() => vault.open(sealed, 'applications.person_id_sealed:2')).toThrow();
    for (let at = 3; at < sealed.length; at += 1) {
      if (sealed[at] === '.') continue;
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      // The last character of base64url may carry bits that are not read.
      if (bytesOf(changed) === bytesOf(sealed)) continue;
      expect(() => vault.open(changed as Sealed, aad), changed).toThrow();
    }
    expect(() => vault.open('not sealed at all' as Sealed, aad)).toThrow('was not sealed');
  });

  test('keys lie in files of their owner, and another installation has others', () => {
    const folder = openFolder();
    const sealed = createVault({ dataDir: folder }).seal(citizenId, aad);
    const keys = join(folder, 'secrets', 'vault');
    for (const name of readdirSync(keys)) expect(statSync(join(keys, name)).mode & 0o077).toBe(0);
    expect(() => createVault({ dataDir: openFolder() }).open(sealed, aad)).toThrow('There is no key');
    expect(createVault({ dataDir: folder }).open(sealed, aad)).toBe(citizenId);
  });

  test('after a rotation the newest key seals and every older one opens, in the other process too', () => {
    const folder = openFolder();
    const [here, there] = [createVault({ dataDir: folder }), createVault({ dataDir: folder })];
    const old = here.seal(citizenId, aad);
    expect(there.open(old, aad)).toBe(citizenId);
    const key = here.rotate();
    const young = here.seal(citizenId, aad);
    expect(young).toContain(`s1.${key}.`);
    expect(there.open(young, aad)).toBe(citizenId);
    const again = here.reseal(old);
    expect(again).toContain(`s1.${key}.`);
    expect(there.open(again, aad)).toBe(citizenId);
  });
});

test.each([
  ['094087001234', '1234'],
  ['12345', '2345'],
  ['1234', ''],
  ['', ''],
])('of %s a page shows %s', (plain, shown) => expect(lastFour(plain)).toBe(shown));

const papers = pgTable('papers', { id: integer().primaryKey(), personIdSealed: sealed() });

describe('the columns', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await createDatabase();
    await inDatabase(database.url, (client) =>
      client.query(
        'create table papers (id integer primary key, person_id_sealed text); grant all on papers to cho_noi_app',
      ),
    );
    db = connect(database.url, { applicationName: 'sealed test', onError: () => {}, statementTimeoutMs: 20_000 });
  });
  afterAll(async () => {
    await disconnect(db);
    await database.drop();
  });

  test('are found by their name and sealed again, all rows of them', async () => {
    const vault = createVault({ dataDir: openFolder() });
    const rows = [1, 2, 3].map((id) => ({ id, personIdSealed: vault.seal(`number ${id}`, `papers:${id}`) }));
    await transact(db, 'test', (tx) => tx.insert(papers).values([...rows, { id: 4, personIdSealed: null }]));
    expect(await resealAll(db, vault)).toBe(0);
    const key = vault.rotate();
    expect(await resealAll(db, vault)).toBe(3);
    const now = await db.select().from(papers).where(isNotNull(papers.personIdSealed));
    for (const { id, personIdSealed } of now) {
      expect(personIdSealed).toContain(`s1.${key}.`);
      expect(personIdSealed && vault.open(personIdSealed, `papers:${id}`)).toBe(`number ${id}`);
    }
    expect(await db.select().from(papers).where(eq(papers.id, 4))).toEqual([{ id: 4, personIdSealed: null }]);
  });
});
