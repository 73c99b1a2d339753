import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import { findHead, listBroken } from '#features/ledger/views.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { countVisited } from '#test/support/visits.ts';

let node: TestNode;
let businessId: Id<'Business'>;
beforeAll(async () => {
  node = await startNode();
  const [business] = await owner<{ id: Id<'Business'> }>('select id from businesses order by id limit 1');
  businessId = business?.id ?? businessId;
  const { ledger } = node.services;
  // Stray transfers are in the books without an order to answer for them.
  for (let number = 1; number <= 12; number += 1)
    await transact(node.db, `test:${number}`, (tx) =>
      ledger.bookSuspense(tx, 'clearing:bank', `stray:${number}`, vnd(1_000 * number)),
    );
  await ledger.sealRecent();
});
afterAll(() => node.close());

const owner = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
  inDatabase(node.database.url, async (client) => (await client.query<Row>(text, values)).rows);
/** As whoever owns the database and stops at nothing; what was done is taken back by `undo`. */
const tamper = (...statements: readonly string[]): Promise<void> =>
  inDatabase(node.database.url, async (client) => {
    await client.query('set session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
  });
const chain = 'every journal stands in the chain as it was written';
const sum = 'every journal sums to zero with two entries or more';
const balances = 'balances carried forward are what the entries sum to';
const anchors = 'the chain holds what was noted of it outside the database';
/** Of the books alone: these journals tell of transfers that no bank has told of. */
const findings = async () =>
  (await node.services.ledger.verify()).findings.filter(({ check }) => [chain, sum, balances, anchors].includes(check));
const journalOf = (seq: number) => `(select journal_id from journal_links where seq = ${seq})`;

test('books that nobody touched are in order, and each journal has one place', async () => {
  const { head, checks, entryCount } = await node.services.ledger.verify();
  expect(await findings()).toEqual([]);
  expect([head.seq, entryCount]).toEqual([12, 24]);
  expect(checks).toContain(chain);
  expect(await node.services.ledger.sealRecent()).toBe(0);
});

test('balances are those of this second, linked or not', async () => {
  const held = async () =>
    (await node.services.ledger.balances()).filter(({ account }) => account === 'suspense')[0]?.balanceVnd;
  expect(await held()).toBe(-78_000);
  const later = (tx: Parameters<Parameters<typeof transact>[2]>[0]) =>
    node.services.ledger.bookSuspense(tx, 'clearing:bank', 'stray:later', vnd(500));
  await transact(node.db, 'test', later);
  expect(await held()).toBe(-78_500);
  await node.runScheduled('ledger.seal');
  expect(await held()).toBe(-78_500);
});

describe('one sign changed by hand is found, and where', () => {
  const { a, b } = { a: journalOf(5), b: journalOf(6) };
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'a key',
      [`update journals set key = key || 'x' where id = ${a}`],
      [`update journals set key = left(key, -1) where id = ${a}`],
      [chain],
    ],
    [
      'a kind',
      [`update journals set kind = 'match' where id = ${a}`],
      [`update journals set kind = 'suspense' where id = ${a}`],
      [chain],
    ],
    [
      'a reference',
      [`update journals set reference = reference || 'x' where id = ${a}`],
      [`update journals set reference = left(reference, -1) where id = ${a}`],
      [chain],
    ],
    [
      'who wrote it',
      [`update journals set actor = actor || 'x' where id = ${a}`],
      [`update journals set actor = left(actor, -1) where id = ${a}`],
      [chain],
    ],
    [
      'when, by a millisecond',
      [`update journals set at = at + interval '1 ms' where id = ${a}`],
      [`update journals set at = at - interval '1 ms' where id = ${a}`],
      [chain],
    ],
    [
      'an amount, in both entries',
      [`update entries set amount_vnd = amount_vnd * 2 where journal_id = ${a}`],
      [`update entries set amount_vnd = amount_vnd / 2 where journal_id = ${a}`],
      [balances, balances, chain],
    ],
    [
      'an amount, in one',
      [`update entries set amount_vnd = amount_vnd + 1 where journal_id = ${a} and amount_vnd > 0`],
      [`update entries set amount_vnd = amount_vnd - 1 where journal_id = ${a} and amount_vnd > 0`],
      [balances, sum],
    ],
    [
      'an account',
      [`update entries set account = 'deposits' where journal_id = ${a} and account = 'suspense'`],
      [`update entries set account = 'suspense' where journal_id = ${a} and account = 'deposits'`],
      [balances, balances, chain],
    ],
    [
      'two journals that changed places',
      [
        'drop index journal_links_journal',
        `update journal_links set journal_id = case seq when 5 then ${b} else ${a} end where seq in (5, 6)`,
      ],
      [
        `update journal_links set journal_id = case seq when 5 then ${b} else ${a} end where seq in (5, 6)`,
        'create unique index journal_links_journal on journal_links (journal_id)',
      ],
      [chain, chain],
    ],
  ])('%s', async (_what, done, undone, expected) => {
    await tamper(...done);
    const found = await findings();
    await tamper(...undone);
    expect(found.map(({ check }) => check).sort()).toEqual([...expected].sort());
    expect(await findings()).toEqual([]);
  });

  test('a journal taken out, with its place or without', async () => {
    await tamper(
      'create table kept_journals as select * from journals',
      'create table kept_entries as select * from entries',
    );
    await tamper(
      `delete from entries where journal_id = ${journalOf(7)}`,
      `delete from journals where id = ${journalOf(7)}`,
    );
    expect((await findings()).map(({ subject }) => subject)).toContain('place 7');
    await tamper('create table kept_links as select * from journal_links', 'delete from journal_links where seq = 7');
    expect((await findings()).filter(({ check }) => check === chain)).toMatchObject([
      { subject: 'place 8', detail: expect.stringContaining('missing') },
    ]);
    await tamper(
      'insert into journals select * from kept_journals on conflict do nothing',
      'insert into entries select * from kept_entries on conflict do nothing',
      'insert into journal_links select * from kept_links on conflict do nothing',
      'drop table kept_journals, kept_entries, kept_links',
    );
    expect(await findings()).toEqual([]);
  });

  test('an end that was cut off, against what was noted outside', async () => {
    await node.runScheduled('ledger.anchor');
    await tamper(
      'create table kept_links as select * from journal_links where seq > 10',
      `create table kept_journals as select * from journals where id in (select journal_id from kept_links)`,
      `create table kept_entries as select * from entries where journal_id in (select journal_id from kept_links)`,
      'delete from entries where journal_id in (select journal_id from kept_links)',
      'delete from journals where id in (select journal_id from kept_links)',
      'delete from journal_links where seq > 10',
    );
    await node.services.ledger.rebuildBalances();
    expect(await findings()).toMatchObject([{ subject: 'place 13', detail: expect.stringContaining('cut off') }]);
    await tamper(
      'insert into journals select * from kept_journals',
      'insert into entries select * from kept_entries',
      'insert into journal_links select * from kept_links',
      'drop table kept_journals, kept_entries, kept_links',
    );
    await node.services.ledger.rebuildBalances();
    expect(await findings()).toEqual([]);
  });
});

test('balances that drifted are told, and made anew', async () => {
  await tamper(`update account_balances set balance_vnd = balance_vnd + 7 where account = 'suspense'`);
  expect(await findings()).toMatchObject([{ check: balances, subject: 'suspense' }]);
  await node.services.ledger.rebuildBalances();
  expect(await findings()).toEqual([]);
});

test('what a business owes or is owed is carried forward by business', async () => {
  await owner(
    `with j as (insert into journals (id, key, kind, reference, at) values (gen_random_uuid(), 'match:test', 'match', 'test', now()) returning id)
     insert into entries (id, journal_id, account, business_id, amount_vnd) select gen_random_uuid(), j.id, l.account, l.business_id::uuid, l.amount
     from j, (values ('suspense', null, 300), ('payable', $1, -300)) l (account, business_id, amount)`,
    [businessId],
  );
  expect(await findings()).toEqual([]);
  expect(
    await owner('select account, balance_vnd::int as held from account_balances where business_id = $1', [businessId]),
  ).toEqual([{ account: 'payable', held: -300 }]);
});

describe('the application itself may not', () => {
  test.each([
    `insert into journal_links (seq, journal_id, hash) select 99, journal_id, '' from journal_links limit 1`,
    `update journal_links set hash = ''`,
    'delete from journal_links',
    'update account_balances set balance_vnd = 0',
    'delete from account_balances',
  ])('%s', async (statement) => {
    await expect(node.db.$client.query(statement)).rejects.toThrow(/permission denied/);
  });
  test.each(['update journal_links set seq = seq', 'delete from journal_links', 'truncate journal_links'])(
    'nor the owner: %s',
    async (statement) => {
      await expect(owner(statement)).rejects.toThrow(/append-only/);
    },
  );
});

test('places that came after the statistics are not compared each with each', async () => {
  class Undone extends Error {}
  // With fewer the planner expects less than the hundred that are asked for, and joins by hashes whatever is written.
  const many = 8_000;
  const pool = new pg.Pool({ connectionString: node.database.url, max: 1 });
  const trying = drizzle({ client: pool }).transaction(async (tx) => {
    const link = async (name: string): Promise<void> => {
      await tx.execute(sql`with made as (insert into journals (id, key, kind, reference, at)
          select gen_random_uuid(), ${name}::text || n, 'suspense', ${name}::text || n, now() from generate_series(1, ${many}::int) n returning id)
        insert into entries (id, journal_id, account, amount_vnd)
          select gen_random_uuid(), made.id, leg.account, leg.amount from made, (values ('clearing:bank', 5), ('suspense', -5)) leg (account, amount)`);
      await tx.execute(sql`select seal_journals('00000000-0000-0000-0000-000000000000', ${many})`);
    };
    await link('known:');
    // Half of the chain is known: of places beyond it the planner expects a handful, whatever their number.
    await tx.execute(sql`analyze journals, entries, journal_links`);
    const { seq: first } = await findHead(tx);
    await link('unknown:');
    const { seq: last } = await findHead(tx);
    expect(last - first).toBe(many);
    expect(await listBroken(tx, first, last)).toEqual([]);
    const visited = await countVisited(tx, (reader) => listBroken(reader, first, last));
    expect(visited).toBeGreaterThan(many);
    expect(visited).toBeLessThan(50 * many);
    throw new Undone();
  });
  await expect(trying.finally(() => pool.end())).rejects.toThrow(Undone);
});
