import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from '#config/cannot-start.ts';
import { APP_ROLE, SELLER_ROLE, sqlState } from './client.ts';

/**
 * Our own runner over drizzle-kit's folder, because drizzle's wraps everything in one transaction: an index could never
 * be built CONCURRENTLY (drizzle-team/drizzle-orm#860). Migrations only go forward.
 */
export type MigrateOptions = {
  /** Of a role that owns the database; the application's own role cannot change tables. */
  readonly url: string;
  /** Holds `NNNN_name.sql` and `meta/_journal.json`. */
  readonly folder: string;
  readonly log?: (line: string) => void;
};

type Migration = { readonly name: string; readonly hash: string; readonly sql: string };
type Applied = { readonly name: string; readonly hash: string };

/** Any fixed number would do; these are the letters "cho-noi:" read as a bigint. */
const lockKey = '7163097448249780538';
const oldestServer = 150_000;
/** A migration that waits longer for a table makes every request behind it wait too, so it gives way and tries again. */
const lockTimeoutMs = 2_000;
const lockAttempts = 15;

/**
 * Brings the database to the code's version and returns the names of what it applied. Several processes may call it at
 * once: one works, the others wait. Throws CannotStart when the database cannot be reached, is too old or is newer than the code.
 */
export const migrate = ({ url, folder, log = () => {} }: MigrateOptions): Promise<readonly string[]> =>
  asOwner(url, async (client) => {
    const known = await readMigrations(folder);
    await requireServer(client);
    await lockMigrations(client, log);
    await prepare(client);
    const pending = pendingOf(known, await readApplied(client));
    if (pending.length === 0) return [];
    for (const migration of pending) {
      const startedAt = performance.now();
      await apply(client, migration);
      log(`Migration ${migration.name} applied in ${Math.round(performance.now() - startedAt)} ms`);
    }
    await client.query(sellerMayWhatAppMay);
    return pending.map(({ name }) => name);
  });

/**
 * Sellers' transactions may do to a table what the application may; which rows of it is the policies' matter. Grants are
 * copied after each migration, so that a log that the application may not change is closed to sellers as well.
 */
const sellerMayWhatAppMay = `
  do $$ declare given record; begin
    revoke all on all tables in schema public from ${SELLER_ROLE};
    for given in
      select class.oid::regclass as name, entry.privilege_type as kind
      from pg_class class, aclexplode(class.relacl) entry
      where class.relnamespace = 'public'::regnamespace and class.relkind in ('r', 'p', 'v')
        and entry.grantee = '${APP_ROLE}'::regrole
    loop execute format('grant %s on %s to ${SELLER_ROLE}', given.kind, given.name); end loop;
  end $$`;

/**
 * What `migrate` would still apply, for readiness and `doctor`; it changes nothing. Throws as `migrate` does when the
 * database holds migrations that this code does not know.
 */
export const pendingMigrations = ({ url, folder }: MigrateOptions): Promise<readonly string[]> =>
  asOwner(url, async (client) => {
    const known = await readMigrations(folder);
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('public.schema_migrations') is not null as there`,
    );
    return pendingOf(known, rows[0]?.there ? await readApplied(client) : []).map(({ name }) => name);
  });

/** Opens one connection as the owner for `work` and closes it after. Throws CannotStart when the database cannot be reached. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'cho-noi migrate',
    connectionTimeoutMillis: 10_000,
    options: '-c timezone=UTC -c client_min_messages=warning',
  });
  // Without a listener a server that goes away ends this process instead of failing the query.
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => {
    throw cannotReach(url, error);
  });
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const journal: unknown = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8'));
  return await Promise.all(
    tagsOf(journal).map(async (name) => {
      const sql = await readFile(join(folder, `${name}.sql`), 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

function tagsOf(journal: unknown): readonly string[] {
  if (typeof journal !== 'object' || journal === null || !('entries' in journal) || !Array.isArray(journal.entries)) {
    throw new Error('meta/_journal.json has no entries');
  }
  return journal.entries.map((entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'tag' in entry && typeof entry.tag === 'string')
      return entry.tag;
    throw new Error('An entry of meta/_journal.json has no tag');
  });
}

async function requireServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  const [server] = rows;
  if (server && server.number >= oldestServer) return;
  throw new CannotStart('database-too-old', {
    vi: `Máy chủ PostgreSQL là bản ${server?.version}, mà phần mềm này cần từ bản 15; hãy đặt DATABASE_URL tới máy chủ mới hơn, hoặc bỏ DATABASE_URL để dùng bản kèm theo`,
    en: `The PostgreSQL server is version ${server?.version} and this software needs 15 or later; point DATABASE_URL at a newer server, or unset it to use the one that comes along`,
  });
}

async function lockMigrations(client: pg.Client, log: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [lockKey]);
  if (rows[0]?.locked) return;
  log('Another process is migrating the database; waiting for it');
  await client.query('select pg_advisory_lock($1)', [lockKey]);
}

const roles = [APP_ROLE, SELLER_ROLE] as const;

const createRole = (role: string): string => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${role}') then
      create role ${role} nologin nosuperuser nocreatedb nocreaterole nobypassrls;
    end if;
    if not pg_has_role(current_user, '${role}', 'member') then
      grant ${role} to current_user;
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`;

/** The seller's role is the smaller one: the application may take it, and it may not take the application's. */
const mayBecomeSeller = `
  do $$ begin
    if not pg_has_role('${APP_ROLE}', '${SELLER_ROLE}', 'member') then
      grant ${SELLER_ROLE} to ${APP_ROLE};
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`;

/** The roles and the table that every migration may rely on. Roles belong to the whole server, so another database may have made it. */
async function prepare(client: pg.Client): Promise<void> {
  try {
    for (const role of roles) await client.query(createRole(role));
    await client.query(mayBecomeSeller);
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    const creation = roles.map((role) => `CREATE ROLE ${role} NOLOGIN;`).join(' ');
    throw new CannotStart(
      'role-not-allowed',
      {
        vi: `Người dùng trong DATABASE_URL không được tạo vai trò; hãy nhờ quản trị cơ sở dữ liệu chạy: ${creation} GRANT ${SELLER_ROLE} TO ${APP_ROLE}; GRANT ${roles.join(', ')} TO <người dùng>;`,
        en: `The user in DATABASE_URL may not create roles; ask the database's administrator to run: ${creation} GRANT ${SELLER_ROLE} TO ${APP_ROLE}; GRANT ${roles.join(', ')} TO <user>;`,
      },
      { cause: error },
    );
  }
  await client.query(`
    create table if not exists public.schema_migrations (
      name text primary key,
      hash text not null,
      applied_at timestamptz not null default now()
    );
    grant select on public.schema_migrations to ${APP_ROLE}`);
}

const readApplied = async (client: pg.Client): Promise<readonly Applied[]> =>
  (await client.query<Applied>('select name, hash from public.schema_migrations order by name')).rows;

function pendingOf(known: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const hashes = new Map(known.map(({ name, hash }) => [name, hash]));
  const unknown = applied.filter(({ name }) => !hashes.has(name)).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new CannotStart('database-newer-than-code', {
      vi: `Cơ sở dữ liệu mới hơn phần mềm này (có ${unknown.join(', ')}); hãy chạy phiên bản phần mềm mới hơn, hoặc khôi phục bản sao lưu trước khi nâng cấp`,
      en: `The database is newer than this software (it holds ${unknown.join(', ')}); run the newer version, or restore the backup from before the upgrade`,
    });
  }
  const changed = applied.filter(({ name, hash }) => hashes.get(name) !== hash).map(({ name }) => name);
  if (changed.length > 0) {
    throw new CannotStart('migration-changed', {
      vi: `Tập tin ${changed.join(', ')} đã bị sửa sau khi áp dụng; hãy lấy lại bản gốc (git checkout migrations) và viết thay đổi thành một tập tin mới`,
      en: `${changed.join(', ')} was edited after it had been applied; restore it (git checkout migrations) and write the change as a new migration`,
    });
  }
  const done = new Set(applied.map(({ name }) => name));
  return known.filter(({ name }) => !done.has(name));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const inTransaction = !/^--\s*no-transaction\s*$/m.test(migration.sql);
  await client.query(`set lock_timeout = ${lockTimeoutMs}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run(client, migration, inTransaction);
      break;
    } catch (error) {
      if (inTransaction) await client.query('rollback').catch(() => {});
      if (sqlState(error) !== '55P03' || attempt >= lockAttempts) throw migrationFailed(migration, error);
      await sleep(200 + Math.random() * 800);
    }
  }
  await client.query('set lock_timeout = 0');
}

/** Without a transaction a failure leaves what came before it, so such a file says IF NOT EXISTS and holds one step. */
async function run(client: pg.Client, { name, sql, hash }: Migration, inTransaction: boolean): Promise<void> {
  if (inTransaction) await client.query('begin');
  for (const statement of sql.split('--> statement-breakpoint')) if (statement.trim()) await client.query(statement);
  await client.query('insert into public.schema_migrations (name, hash) values ($1, $2)', [name, hash]);
  if (inTransaction) await client.query('commit');
}

const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return sqlState(error) ? `${text}, SQLSTATE ${sqlState(error)}` : text;
};

const migrationFailed = ({ name }: Migration, error: unknown): CannotStart =>
  new CannotStart(
    'migration-failed',
    {
      vi: `Không áp dụng được ${name} (${reasonOf(error)}); dữ liệu vẫn như trước, hãy sửa nguyên nhân rồi chạy lại`,
      en: `${name} could not be applied (${reasonOf(error)}); the data is as before, so mend the cause and start again`,
    },
    { cause: error },
  );

function cannotReach(url: string, error: unknown): CannotStart {
  const { hostname, port, pathname } = new URL(url);
  const where = `${hostname}:${port || 5432}${pathname}`;
  // With several addresses for one name the reason is inside an AggregateError, whose own message is empty.
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const reason = inner instanceof Error ? inner.message : String(inner);
  return new CannotStart(
    'database-unreachable',
    {
      vi: `Không kết nối được PostgreSQL tại ${where} (${reason}); hãy kiểm tra DATABASE_URL và máy chủ, hoặc bỏ DATABASE_URL để dùng bản kèm theo`,
      en: `PostgreSQL at ${where} cannot be reached (${reason}); check DATABASE_URL and the server, or unset DATABASE_URL to use the one that comes along`,
    },
    { cause: error },
  );
}
