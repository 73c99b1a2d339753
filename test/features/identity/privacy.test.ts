import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id } from '#core/ids.ts';
import { transact } from '#db/client.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { giveConsent } from '#test/support/consent.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { pickVariants, recipient, signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { messages } from '#web/i18n/messages.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const password = 'thuyen ve ben cu';
const signUp = (body: object) =>
  createClient(node.url).send<{ accountId: string }>('POST', '/v1/auth/sign-up', { body });
const account = { name: 'Nguyễn Thị Bé', login: recipient.phone, password, consents: ['terms', 'marketing'] };

/** As the code that was sent there would; the notice that carries it is sealed. */
async function prove(accountId: string): Promise<void> {
  await node.db.execute(sql`update accounts set phone_proved_at = now() where id = ${accountId}`);
}

describe('signing up', () => {
  test('asks for what is needed and keeps what was agreed to, with version and time', async () => {
    expect((await signUp({ ...account, consents: ['marketing'] })).body).toMatchObject({ code: 'terms-not-accepted' });
    expect((await signUp({ ...account, login: 'khong phai so' })).body).toMatchObject({ code: 'login-invalid' });
    expect((await signUp({ ...account, name: ' ' })).body).toMatchObject({ code: 'account-name-missing' });
    expect((await signUp({ ...account, password: '0912345678' })).body).toMatchObject({ code: 'password-weak' });
    expect((await signUp({ ...account, password: 'a'.repeat(999).concat('bcd') })).status).toBe(422);
    const { rows: none } = await node.db.execute(sql`select from accounts where phone = '+84912345678'`);
    expect(none).toHaveLength(0);
    expect((await signUp(account)).status).toBe(201);
    expect(await signUp({ ...account, login: '+84 912 345 678' })).toMatchObject({ status: 409 });
    const client = await signIn(node.url, recipient.phone, password);
    type State = { purpose: string; granted: boolean; policyVersion: string | null; since: string | null };
    const { items } = await client.expect<{ items: State[] }>(200, 'GET', '/v1/me/consents');
    expect(items.map(({ purpose, granted }) => [purpose, granted])).toEqual([
      ['terms', true],
      ['marketing', true],
      ['sharing', false],
    ]);
    expect(items[0]?.policyVersion).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    await client.expect(204, 'PUT', '/v1/me/consents/marketing', { body: { granted: false } });
    await client.expect(204, 'PUT', '/v1/me/consents/marketing', { body: { granted: false } });
    const { rows } = await node.db.execute<{ granted: boolean }>(
      sql`select granted from account_consents where purpose = 'marketing' order by happened_at`,
    );
    expect(rows.map(({ granted }) => granted)).toEqual([true, false]);
    await expect(node.db.execute(sql`update account_consents set granted = true`)).rejects.toThrow();
  });
});

describe('my data', () => {
  let client: Client;
  let accountId: string;
  let code: string;
  beforeAll(async () => {
    client = await signIn(node.url, recipient.phone, password);
    ({ accountId } = await client.expect<{ accountId: string }>(200, 'GET', '/v1/me'));
    const [variant] = pickVariants((await node.guest.products()).items, 1);
    ({ code } = await node.guest.order([variant?.variantId ?? '', 1]));
  });
  type Export = { orders: { code: string }[]; account: object; consents: object[]; sessions: object[] };

  test('come in one document; orders only once the number that placed them is proved', async () => {
    const before = await client.expect<Export>(200, 'GET', '/v1/me/export');
    expect(before.orders).toEqual([]);
    await prove(accountId);
    const after = await client.expect<Export>(200, 'GET', '/v1/me/export');
    expect(after.orders.map((order) => order.code)).toEqual([code]);
    expect(after.account).toMatchObject({ name: 'Nguyễn Thị Bé', phone: '+84912345678' });
    expect(after.consents.length).toBeGreaterThan(2);
    const text = JSON.stringify(after);
    for (const secret of ['argon2', 'passwordHash', 'idHash', 'keyHash', 'sealed']) expect(text).not.toContain(secret);
  });

  test('are not erased by a slip, nor while an order is under way', async () => {
    expect((await client.send('POST', '/v1/me/erasure', { body: {} })).status).toBe(400);
    expect(await client.send('POST', '/v1/me/erasure', { body: { sure: true } })).toMatchObject({
      status: 409,
      body: { code: 'orders-under-way' },
    });
  });

  test('are erased for good: the person goes, the books stay, and a backup that comes back forgets again', async () => {
    node.clock.advance(hours(2));
    await node.services.orders.expireDue();
    await node.runJobs();
    const { rows: kept } = await node.db.execute<{ row: string }>(
      sql`select to_jsonb(t)::text as row from accounts t where id = ${accountId}`,
    );
    await client.expect(204, 'POST', '/v1/me/erasure', { body: { sure: true } });
    await node.runJobs();
    const { rows } = await node.db.execute<{ name: string; phone: string | null; hash: string | null }>(
      sql`select name, phone, password_hash as hash from accounts where id = ${accountId}`,
    );
    expect(rows[0]).toEqual({ name: 'Tài khoản đã xóa', phone: null, hash: null });
    const group = await node.db.execute<{ delivery: object; phone: string; total: string }>(
      sql`select delivery, phone, total_vnd as total from order_groups where code = ${code}`,
    );
    expect(JSON.stringify(group.rows[0])).not.toMatch(/Bé|912345678|Hai Bà Trưng/);
    expect(Number(group.rows[0]?.total)).toBeGreaterThan(0);
    expect((await node.services.ledger.verify()).findings).toEqual([]);
    expect((await createClient(node.url).send('POST', '/v1/auth/sign-in', { body: account })).status).toBe(400);
    const wrong = { body: { login: recipient.phone, password } };
    expect((await createClient(node.url).send('POST', '/v1/auth/sign-in', wrong)).status).toBe(401);

    const folder = join(node.env.DATA_DIR ?? '', 'erasures');
    expect(readdirSync(folder)).toEqual([accountId]);
    // The backup of before the erasure: it knows the account as it was, and nothing of the erasure.
    await inDatabase(node.database.url, async (database) => {
      await database.query('set session_replication_role = replica');
      await database.query('delete from erasures');
      await database.query('delete from accounts where id = $1', [accountId]);
      await database.query('insert into accounts select * from jsonb_populate_record(null::accounts, $1)', [
        kept[0]?.row,
      ]);
    });
    expect(await node.services.identity.privacy.replayErasures()).toBe(1);
    const again = await node.db.execute<{ phone: string | null }>(
      sql`select phone from accounts where id = ${accountId}`,
    );
    expect(again.rows[0]?.phone).toBeNull();
    expect(await node.services.identity.privacy.replayErasures()).toBe(0);
    expect(existsSync(folder)).toBe(true);
  });

  test('of an owner or an officer are not erased before somebody else answers', async () => {
    const owner = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
    const officer = await signIn(node.url, 'thamtra@cho-noi.example', demoPassword);
    const body = { sure: true };
    expect((await owner.send('POST', '/v1/me/erasure', { body })).body).toMatchObject({ code: 'business-needs-you' });
    expect((await officer.send('POST', '/v1/me/erasure', { body })).body).toMatchObject({ code: 'staff-not-erased' });
  });
});

/** Tables in which these words stand, whatever column or document they stand in. */
async function tablesWith(words: RegExp): Promise<string[]> {
  const { rows } = await node.db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname in ('public', 'pgboss') and tablename !~ '^(j|pg)[0-9a-f]{20}'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const table = name === 'job' ? sql`pgboss.job` : sql.identifier(name);
    const exists = await node.db.execute<{ there: string | null }>(sql`select to_regclass(${name}) as there`);
    if (name !== 'job' && !exists.rows[0]?.there) continue;
    const { rows: held } = await node.db.execute<{ row: string }>(
      sql`select to_jsonb(t)::text as row from ${table} t where to_jsonb(t)::text ~* ${words.source}`,
    );
    if (held.length > 0) found.push(name);
  }
  return found;
}

describe('what other slices hold of a person', () => {
  const person = { name: 'Lê Thị Rời Đi', login: '0987000111', password, consents: ['terms'] };
  const theirs = /987000111|Rời Đi|roi\.di@thu/;
  let client: Client;
  let accountId: Id<'Account'>;
  let businessId: Id<'Business'>;

  beforeAll(async () => {
    accountId = (await signUp(person)).body.accountId as Id<'Account'>;
    await node.db.execute(
      sql`update accounts set phone_proved_at = now(), email = 'roi.di@thu.example', email_proved_at = now() where id = ${accountId}`,
    );
    client = await signIn(node.url, person.login, password);
    const { items } = await node.guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
    businessId = (items[0]?.business.businessId ?? '') as Id<'Business'>;
    const { businesses, notices, files } = node.services;
    const owner = { actor: 'test', businessIds: [businessId] };
    await businesses.invite(owner, businessId, 'packer', 'roi.di@thu.example');
    await transact(node.db, 'test', async (tx) => {
      await businesses.addMember(tx, businessId, accountId, 'packer');
      await giveConsent(tx, businessId, accountId);
      await tx.execute(sql`update consents set phone = '+84987000111' where assistant_id = ${accountId}`);
      await notices.tell(tx, { kind: 'member.removed', to: { accountId }, values: { business: 'Bãi Giồng' } });
      await notices.tell(tx, {
        kind: 'member.removed',
        to: { phone: '+84987000111' },
        values: { business: 'Bãi Giồng' },
      });
    });
    await client.expect(200, 'GET', '/v1/me/notice-settings');
    await node.runJobs();
    const upload = { bytes: Buffer.from('%PDF-1.7\ngiay\n%%EOF'), name: 'giay.pdf' };
    await files.keep('document', upload, { actor: `account:${accountId}`, businessId });
    const { guest } = node;
    const { cartId } = await guest.openCart();
    await guest.put(cartId, [items[0]?.variants[0]?.variantId ?? '', items[0]?.variants[0]?.minOrder ?? 1]);
    await guest.deliver(cartId, person.login);
  });

  test('is in the export of their data', async () => {
    type Export = {
      carts: object[];
      notices: { told: { kind: string; address: string }[] };
      businesses: { roles: { role: string }[]; invitations: { email: string }[]; owned: object[] };
      assistance: { consents: { isAssistant: boolean }[] };
      files: { name: string }[];
      imports: object[];
      acts: object[];
    };
    const held = await client.expect<Export>(200, 'GET', '/v1/me/export');
    expect(held.carts).toHaveLength(1);
    expect(held.notices.told.map(({ kind }) => kind)).toContain('member.removed');
    expect(held.businesses.roles).toMatchObject([{ role: 'packer' }]);
    expect(held.businesses.invitations).toMatchObject([{ email: 'roi.di@thu.example' }]);
    expect(held.assistance.consents).toMatchObject([{ isAssistant: true }]);
    expect(held.files).toMatchObject([{ name: 'giay.pdf' }]);
    expect(held).toMatchObject({ imports: [], acts: expect.any(Array) });
    const owner = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
    const own = await owner.expect<Export>(200, 'GET', '/v1/me/export');
    expect(own.businesses.owned).not.toEqual([]);
    expect(JSON.stringify(own)).not.toMatch(/sealed/i);
  });

  test('is gone with them from every table, and books and log still prove themselves', async () => {
    expect(await tablesWith(theirs)).toEqual(expect.arrayContaining(['accounts', 'carts', 'consents']));
    await client.expect(204, 'POST', '/v1/me/erasure', { body: { sure: true } });
    await node.runJobs('soon');
    expect(await tablesWith(theirs)).toEqual([]);
    const { rows } = await node.db.execute<{ revoked: boolean }>(
      sql`select revoked_at is not null as revoked from consents where assistant_id = ${accountId}`,
    );
    expect(rows).toEqual([{ revoked: true }]);
    expect((await node.services.ledger.verify()).findings).toEqual([]);
    expect((await node.services.audit.verify()).findings).toEqual([]);
  });
});

test('each reading of an identifier in full is written down, and cannot be unwritten', async () => {
  await transact(node.db, 'account:someone', (tx) =>
    node.services.identity.logReading(tx, {
      subject: { kind: 'business', id: 'b1' },
      field: 'personId',
      reason: 'Đối chiếu hồ sơ',
    }),
  );
  const { rows } = await node.db.execute(sql`select reader, field, reason from personal_data_readings`);
  expect(rows).toEqual([{ reader: 'account:someone', field: 'personId', reason: 'Đối chiếu hồ sơ' }]);
  await expect(node.db.execute(sql`delete from personal_data_readings`)).rejects.toThrow();
});

test('what has served its time goes by itself, every night', async () => {
  const { businesses } = node.services;
  const { rows: some } = await node.db.execute<{ id: Id<'Business'> }>(
    sql`select id from businesses where code = 'B002'`,
  );
  const businessId = some[0]?.id ?? ('' as Id<'Business'>);
  await businesses.invite({ actor: 'test' }, businessId, 'packer', 'xua@thu.example');
  await node.runJobs('soon');
  await signUp({ ...account, login: 'dem@thu.example' });
  await createClient(node.url).send('POST', '/v1/auth/sign-in', {
    body: { login: 'ai@thu.example', password: 'sai roi nhe' },
  });
  node.clock.advance(hours(24 * 91));
  await node.runScheduled('identity.retain');
  for (const table of ['sessions', 'attempts', 'throttles', 'account_tokens', 'challenges']) {
    const { rows } = await node.db.execute<{ count: string }>(sql`select count(*) from ${sql.identifier(table)}`);
    expect(Number(rows[0]?.count), table).toBe(0);
  }
  node.clock.advance(hours(24 * 8));
  await node.runScheduled('identity.retain');
  const { rows: asked } = await node.db.execute(
    sql`select email from business_invitations where business_id = ${businessId}`,
  );
  expect(asked).toEqual([{ email: '' }]);
  expect((await node.countRows()).notices).toBeGreaterThan(0);
  const [variant] = pickVariants((await node.guest.products()).items, 1);
  const { code } = await node.guest.order([variant?.variantId ?? '', 1]);
  node.clock.advance(hours(1));
  await node.services.orders.expireDue();
  node.clock.advance(hours(24 * 366 * 3));
  await node.runScheduled('identity.retain');
  const { rows } = await node.db.execute(sql`select phone, delivery from order_groups where code = ${code}`);
  expect(JSON.stringify(rows)).not.toMatch(/Bé|912345678/);
  const { rows: told } = await node.db.execute(sql`select from notices where created_at < now() + interval '1 year'`);
  expect(told).toHaveLength(0);
});

test('ethnic origin is asked for and kept nowhere', async () => {
  const word = /ethnic|dan_?toc|dân tộc|ជនជាតិ|religion|ton_?giao/i;
  const { rows } = await node.db.execute<{ name: string }>(
    sql`select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
  );
  expect(rows.length).toBeGreaterThan(300);
  expect(rows.filter(({ name }) => word.test(name))).toEqual([]);
  // The policy says that we do not ask; no other text speaks of it.
  const texts = Object.values(messages).flatMap((all) => Object.entries(all));
  expect(texts.filter(([key, text]) => word.test(text) && !key.startsWith('policy.'))).toEqual([]);
  const document = await (await fetch(`${node.url}/openapi.json`)).text();
  expect(document).not.toMatch(word);
});
