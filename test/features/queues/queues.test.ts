import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StaffRole } from '#core/roles.ts';
import { transact } from '#db/client.ts';
import type { Queues } from '#features/queues/index.ts';
import type { NewItem } from '#features/queues/types.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { type Page, signIn } from '#test/support/people.ts';

type Item = {
  readonly itemId: string;
  readonly title: string;
  readonly pace: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly claim: { readonly name: string; readonly until: string } | null;
};

let node: TestNode;
let queues: Queues;
let first: Client;
let second: Client;
let certifier: Client;

const officer = async (name: string, staffRole: StaffRole): Promise<Client> => {
  const login = `${staffRole}-${randomUUID().slice(0, 8)}@thu.example`;
  await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { name, login, password: demoPassword, staffRole }),
  );
  return signIn(node.url, login, demoPassword);
};
const put = (title: string, more: Partial<NewItem> = {}): Promise<string> =>
  transact(node.db, 'test', (tx) =>
    queues.put(tx, {
      queue: 'businesses',
      subject: { kind: 'business', id: randomUUID() },
      title,
      path: '/quan-tri/co-so/x',
      ...more,
    }),
  );
const list = (client: Client, query = ''): Promise<Page<Item>> =>
  client.expect<Page<Item>>(200, 'GET', `/v1/staff/queues/businesses${query}`);
const titles = async (client: Client, query = ''): Promise<string[]> =>
  (await list(client, query)).items.map(({ title }) => title);
const act = (client: Client, itemId: string, verb: 'claim' | 'release') =>
  client.send<{ code?: string; until?: string; claimedUntil?: string }>(
    'POST',
    `/v1/staff/review-items/${itemId}/${verb}`,
  );

beforeAll(async () => {
  node = await startNode();
  // The demonstration has things that wait; here the queues begin empty.
  await node.db.execute(sql`delete from review_items`);
  queues = node.services.queues;
  first = await officer('Cán bộ Một', 'moderator');
  second = await officer('Cán bộ Hai', 'moderator');
  certifier = await officer('Cán bộ thẩm tra', 'certifier');
});
afterAll(() => node.close());

test('a subject waits once: brought again it is renewed and keeps its place', async () => {
  const subject = { kind: 'business', id: randomUUID() };
  const id = await put('Hộ Trần Thị Sen', { subject, facts: { type: 'household' } });
  node.clock.advance(minutes(1));
  await put('Hộ đến sau');
  expect(await put('Hộ Trần Thị Sen, đã bổ sung', { subject, facts: { type: 'farm' } })).toBe(id);
  expect(await titles(first)).toEqual(['Hộ Trần Thị Sen, đã bổ sung', 'Hộ đến sau']);
  expect((await list(first)).items[0]?.facts).toEqual({ type: 'farm' });
});

test('is listed by what one looks for, with or without accents, page after page', async () => {
  await put('Bánh pía Vũng Thơm');
  expect(await titles(first, '?q=banh%20pia')).toEqual(['Bánh pía Vũng Thơm']);
  expect(await titles(first, '?q=100%25')).toEqual([]);
  const one = await list(first, '?limit=1');
  const two = await list(first, `?limit=100&cursor=${one.nextCursor}`);
  expect([...one.items, ...two.items].map(({ title }) => title)).toEqual(await titles(first));
  expect(await first.send('GET', '/v1/staff/queues/businesses?cursor=x')).toMatchObject({ status: 400 });
});

test('shows what runs late', async () => {
  const dueAt = new Date(node.clock.now().getTime() + 24 * 3_600_000);
  await put('Gấp', { dueAt });
  expect((await list(first, '?q=gap')).items[0]?.pace).toBe('calm');
  node.clock.advance(hours(20));
  expect(await titles(first, '?pace=soon')).toEqual(['Gấp']);
  node.clock.advance(hours(5));
  expect(await titles(first, '?pace=late')).toEqual(['Gấp']);
});

describe('an item', () => {
  test('is held by one of fifty who reach for it at once', async () => {
    const id = await put('Nhiều người nhận');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_one, index) => act(index % 2 === 0 ? first : second, id, 'claim')),
    );
    const [item] = (await list(first, '?q=nhieu%20nguoi')).items;
    const [winner, loser] = item?.claim?.name === 'Cán bộ Một' ? [0, 1] : [1, 0];
    const statuses = (parity: number) =>
      new Set(answers.filter((_one, index) => index % 2 === parity).map(({ status }) => status));
    expect(statuses(winner)).toEqual(new Set([200]));
    expect(statuses(loser)).toEqual(new Set([409]));
  });

  test('says until when another holds it, and is free after that time or when it is given back', async () => {
    const id = await put('Đang giữ');
    const { body } = await act(first, id, 'claim');
    expect(await act(second, id, 'claim')).toMatchObject({
      status: 409,
      body: { code: 'item-claimed', claimedUntil: body.until },
    });
    expect(await act(second, id, 'release')).toMatchObject({ status: 409, body: { code: 'item-claimed' } });
    expect(await titles(first, '?holder=mine')).toContain('Đang giữ');
    expect(await titles(second, '?holder=free')).not.toContain('Đang giữ');
    expect((await act(first, id, 'release')).status).toBe(204);
    expect((await act(second, id, 'claim')).status).toBe(200);
    node.clock.advance(minutes(16));
    expect((await act(first, id, 'claim')).status).toBe(200);
  });

  test('is settled by its holder, not by another officer; jobs and withdrawal pass', async () => {
    const subject = { kind: 'business', id: randomUUID() };
    const holder = (await first.expect<{ accountId: string }>(200, 'GET', '/v1/me')).accountId;
    const other = (await second.expect<{ accountId: string }>(200, 'GET', '/v1/me')).accountId;
    const settle = (actor: string, outcome: 'approved' | 'withdrawn') =>
      transact(node.db, actor, (tx) => queues.settle(tx, subject, outcome));
    const id = await put('Quyết định', { subject });
    await act(first, id, 'claim');
    await expect(settle(`account:${other}`, 'approved')).rejects.toMatchObject({ code: 'item-claimed' });
    expect(await settle(`account:${holder}`, 'approved')).toBe(true);
    expect(await settle(`account:${holder}`, 'approved')).toBe(false);
    expect(await act(first, id, 'claim')).toMatchObject({ status: 409, body: { code: 'item-settled' } });
    for (const [actor, outcome] of [
      ['system:job', 'approved'],
      [`account:${other}`, 'withdrawn'],
    ] as const) {
      const again = await put('Lại đến', { subject });
      await act(first, again, 'claim');
      expect(await settle(actor, outcome)).toBe(true);
    }
  });

  test('of another role is not to be seen or taken', async () => {
    const id = await put('Không phải việc thẩm tra');
    const refused = { status: 403, body: { code: 'queue-not-yours' } };
    expect(await certifier.send('GET', '/v1/staff/queues/businesses')).toMatchObject(refused);
    expect(await act(certifier, id, 'claim')).toMatchObject(refused);
    expect(await act(first, randomUUID(), 'claim')).toMatchObject({ status: 404, body: { code: 'item-not-found' } });
    expect(await first.send('GET', '/v1/staff/queues/khong-co')).toMatchObject({ status: 404 });
    expect((await createClient(node.url).send('GET', '/v1/staff/queues')).status).toBe(401);
    const { items } = await certifier.expect<Page<{ queue: string }>>(200, 'GET', '/v1/staff/queues');
    expect(items.map(({ queue }) => queue)).toEqual(['certificates']);
  });
});
