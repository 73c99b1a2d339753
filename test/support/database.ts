import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { migrate } from '#db/migrate.ts';
import { onServer, urlOf } from './postgres.ts';

/** What a test database starts as. It is built once per run, by whichever test asks first, and cloned from then on. */
export type Template = {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** The template that this one goes on from. */
  readonly from?: Template;
  /** Fills the database at `url` as its owner, and leaves no connection open. */
  readonly build: (url: string) => Promise<void>;
};

export type TestDatabase = {
  readonly url: string;
  /** Removes the database, and whoever is still connected. */
  readonly drop: () => Promise<void>;
};

export const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Nothing at all, for the tests of the migrations themselves. */
export const empty: Template = { name: 'empty', build: async () => {} };

/** Tables and roles, no rows but those that migrations bring. */
export const migrated: Template = {
  name: 'migrated',
  build: async (url) => {
    await migrate({ url, folder: migrations });
  },
};

/** A database of the test's own, cloned in a fraction of a second. Child processes may be given its `url`. */
export async function createDatabase({ template = migrated }: { template?: Template } = {}): Promise<TestDatabase> {
  const source = await ensureTemplate(template);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer((client) => client.query(`create database ${name} template ${source}`));
  return {
    url: urlOf(name),
    drop: async () => {
      await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

const ensured = new Map<string, Promise<string>>();

/** The name of the template's database. Test files run in several processes, so the server's lock decides who builds. */
function ensureTemplate(template: Template): Promise<string> {
  const known = ensured.get(template.name);
  if (known) return known;
  const building = buildOnce(template);
  ensured.set(template.name, building);
  return building;
}

async function buildOnce({ name, from, build }: Template): Promise<string> {
  const source = from ? await ensureTemplate(from) : 'template1';
  const finished = `template_${name}`;
  const draft = `${finished}_draft`;
  await onServer(async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [finished]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [finished]);
    if (rowCount) return;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft} template ${source}`);
    await build(urlOf(draft));
    await client.query(`alter database ${draft} rename to ${finished}`);
  });
  return finished;
}
