import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, pendingMigrations } from '#db/migrate.ts';
import { createDatabase, empty, migrations, type TestDatabase } from '../support/database.ts';
import { inDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createDatabase({ template: empty });
  folder = await mkdtemp(join(tmpdir(), 'cho-noi-migrations-'));
  await cp(migrations, folder, { recursive: true });
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Adds a migration to the copied folder, as drizzle-kit would. */
async function addMigration(tag: string, sql: string): Promise<void> {
  const file = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8'));
  journal.entries.push({ idx: journal.entries.length, version: '7', when: 0, tag, breakpoints: true });
  await writeFile(file, JSON.stringify(journal));
  await writeFile(join(folder, `${tag}.sql`), sql);
}

const options = () => ({ url: database.url, folder });
const tableExists = (name: string) =>
  inDatabase(database.url, async (client) => {
    const { rows } = await client.query('select to_regclass($1) is not null as there', [name]);
    return rows[0].there as boolean;
  });

describe('Migrating', () => {
  test('applies what is pending, once, and creates the application role without power', async () => {
    const pending = await pendingMigrations(options());
    expect(pending.length).toBeGreaterThan(0);
    expect(await migrate(options())).toEqual(pending);
    expect(await pendingMigrations(options())).toEqual([]);
    expect(await migrate(options())).toEqual([]);
    const role = await inDatabase(database.url, (client) =>
      client.query(`select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'cho_noi_app'`),
    );
    expect(role.rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false }]);
  });

  test('lets one of several processes work while the others wait', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(options())));
    expect(runs.filter((applied) => applied.length > 0)).toHaveLength(1);
  });

  test('leaves nothing of a migration that fails', async () => {
    await migrate(options());
    await addMigration('0990_broken', 'create table half (id int);\n--> statement-breakpoint\nselect 1/0;');
    await expect(migrate(options())).rejects.toMatchObject({ code: 'migration-failed' });
    expect(await tableExists('half')).toBe(false);
    expect(await pendingMigrations(options())).toEqual(['0990_broken']);
  });

  test('runs a file marked no-transaction outside one, so that an index may be built concurrently', async () => {
    await migrate(options());
    await addMigration('0991_table', 'create table notes (id int);');
    await addMigration(
      '0992_index',
      '-- no-transaction\ncreate index concurrently if not exists notes_id on notes (id);',
    );
    expect(await migrate(options())).toEqual(['0991_table', '0992_index']);
  });

  test('waits for a table that is in use, and gives way to it', async () => {
    await migrate(options());
    await addMigration('0993_busy', 'create table busy (id int);');
    await migrate(options());
    await addMigration('0994_alter', 'alter table busy add column note text;');
    await inDatabase(database.url, async (client) => {
      await client.query('begin');
      await client.query('select * from busy');
      const migrating = migrate(options());
      await new Promise((resolve) => setTimeout(resolve, 2_300));
      await client.query('commit');
      expect(await migrating).toEqual(['0994_alter']);
    });
  });

  test('refuses a database that is newer than the code', async () => {
    await migrate(options());
    await inDatabase(database.url, (client) =>
      client.query(`insert into schema_migrations (name, hash) values ('9999_future', 'x')`),
    );
    await expect(migrate(options())).rejects.toMatchObject({
      code: 'database-newer-than-code',
      en: expect.stringContaining('9999_future'),
    });
    await expect(pendingMigrations(options())).rejects.toMatchObject({ code: 'database-newer-than-code' });
  });

  test('refuses a migration that was edited after it had been applied', async () => {
    await addMigration('0995_note', 'select 1;');
    await migrate(options());
    await writeFile(join(folder, '0995_note.sql'), 'select 2;');
    await expect(migrate(options())).rejects.toMatchObject({ code: 'migration-changed' });
  });

  test('says where the database was looked for when nobody answers', async () => {
    const url = 'postgres://someone:secret-word@127.0.0.1:1/nowhere';
    const error = await migrate({ url, folder }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'database-unreachable', en: expect.stringContaining('127.0.0.1:1/nowhere') });
    expect(String(error)).not.toContain('secret-word');
  });
});
