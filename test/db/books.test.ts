import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, migrated, type TestDatabase } from '#test/support/database.ts';
import { inDatabase } from '#test/support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: migrated });
});
afterAll(() => database.drop());

const asOwner = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => inDatabase(database.url, work);
/** As the application: its role, in one transaction. */
const asApp = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asOwner(async (client) => {
    await client.query('set role cho_noi_app');
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  });

type Leg = readonly [account: string, amountVnd: number];
async function write(client: pg.Client, legs: readonly Leg[], key: string = randomUUID()): Promise<string> {
  const id = randomUUID();
  await client.query(`insert into journals (id, key, kind, reference, at) values ($1, $2, 'receipt', 'test', now())`, [
    id,
    key,
  ]);
  for (const [account, amount] of legs) await addLeg(client, id, account, amount);
  return id;
}
const addLeg = (client: pg.Client, journal: string, account: string, amount: number) =>
  client.query('insert into entries (id, journal_id, account, amount_vnd) values ($1, $2, $3, $4)', [
    randomUUID(),
    journal,
    account,
    amount,
  ]);
const sound: readonly Leg[] = [
  ['clearing:bank', 100],
  ['deposits', -100],
];

describe('the books refuse, whoever writes', () => {
  test.each<[string, readonly Leg[]]>([
    [
      'a sum that is not zero',
      [
        ['clearing:bank', 100],
        ['deposits', -99],
      ],
    ],
    ['a lone leg', [['clearing:bank', 100]]],
    ['no leg at all', []],
  ])('%s', async (_name, legs) => {
    await expect(asApp((client) => write(client, legs))).rejects.toThrow(/entries that sum to/);
  });

  test.each<[string, readonly Leg[], RegExp]>([
    ['a leg of nothing', [...sound, ['suspense', 0]], /entries_amount/],
    [
      'an account that nobody knows',
      [
        ['clearing:sofa', 100],
        ['deposits', -100],
      ],
      /entries_account_known/,
    ],
    [
      'a payable that is owed to nobody',
      [
        ['clearing:bank', 100],
        ['payable', -100],
      ],
      /entries_payable_has_owner/,
    ],
  ])('%s', async (_name, legs, refusal) => {
    await expect(asApp((client) => write(client, legs))).rejects.toThrow(refusal);
  });

  test('the same fact twice', async () => {
    await asApp((client) => write(client, sound, 'receipt:once'));
    await expect(asApp((client) => write(client, sound, 'receipt:once'))).rejects.toThrow(/journals_key/);
  });

  test('a leg slipped into a journal that is closed, even with another that balances it', async () => {
    const id = await asApp((client) => write(client, sound));
    const slip = asApp(async (client) => {
      await addLeg(client, id, 'suspense', 50);
      await addLeg(client, id, 'deposits', -50);
    });
    await expect(slip).rejects.toThrow(/is closed/);
  });

  test.each([
    'update entries set amount_vnd = amount_vnd + 1',
    'delete from entries',
    'update journals set kind = kind',
    'delete from journals',
  ])('%s: the application may not, and the owner is stopped by the trigger', async (statement) => {
    await asApp((client) => write(client, sound));
    await expect(asApp((client) => client.query(statement))).rejects.toThrow(/permission denied/);
    await expect(asOwner((client) => client.query(statement))).rejects.toThrow(/append-only/);
  });

  test.each(['entries', 'journals', 'order_events', 'payment_events'])('truncating %s', async (table) => {
    await expect(asOwner((client) => client.query(`truncate ${table} cascade`))).rejects.toThrow(/append-only/);
    await expect(asApp((client) => client.query(`truncate ${table} cascade`))).rejects.toThrow(/permission denied/);
  });

  test.each([
    'order_events',
    'payment_events',
    'shipment_events',
    'stock_movements',
    'price_history',
    'events',
    'codes',
  ])('the application changing or deleting rows of %s', async (table) => {
    await expect(asApp((client) => client.query(`delete from ${table}`))).rejects.toThrow(/permission denied/);
    const column = table === 'codes' ? 'code' : 'id';
    await expect(asApp((client) => client.query(`update ${table} set ${column} = ${column}`))).rejects.toThrow(
      /permission denied/,
    );
  });
});

test('the application owns nothing and cannot become who does', async () => {
  const { rows } = await asOwner((client) =>
    client.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'cho_noi_app'`,
    ),
  );
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  const owned = await asOwner((client) =>
    client.query(`select tablename from pg_tables where schemaname = 'public' and tableowner = 'cho_noi_app'`),
  );
  expect(owned.rows).toEqual([]);
  await expect(asApp((client) => client.query('alter table entries disable trigger all'))).rejects.toThrow(
    /must be owner/,
  );
});
