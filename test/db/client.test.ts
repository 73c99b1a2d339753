import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Db, disconnect, sqlState, transact, withoutTransaction } from '#db/client.ts';
import { type Answer, claimKey, finishKey, releaseKey } from '#db/idempotency.ts';
import { oneByOne } from '#db/jobs.ts';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  db = connect(database.url, { applicationName: 'test', onError: () => {}, statementTimeoutMs: 5_000 });
});
afterAll(async () => {
  await disconnect(db);
  await database.drop();
});

describe('a transaction', () => {
  test('knows on whose behalf it runs, and forgets it at the end', async () => {
    const actor = sql<string>`select coalesce(nullif(current_setting('app.actor', true), ''), 'nobody') as actor`;
    const inside = await transact(db, 'account:1', async (tx) => (await tx.execute(actor)).rows);
    expect(inside).toEqual([{ actor: 'account:1' }]);
    expect((await db.execute(actor)).rows).toEqual([{ actor: 'nobody' }]);
  });

  test('is run again after a deadlock, as often as five times and no more', async () => {
    let runs = 0;
    const deadlock = () => {
      runs += 1;
      throw Object.assign(new Error('deadlock'), { code: '40P01' });
    };
    await expect(transact(db, 'test', async () => deadlock())).rejects.toThrow('deadlock');
    expect(runs).toBe(5);
    runs = 0;
    const end = await transact(db, 'test', async () => (runs < 2 ? deadlock() : 'done'));
    expect(end).toBe('done');
  });

  test('is not run again when a rule of ours refused', async () => {
    let runs = 0;
    const refused = transact(db, 'test', async () => {
      runs += 1;
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(runs).toBe(1);
  });

  test('is over for branches that nobody waits for any more, whoever has the connection next', async () => {
    const one = connect(database.url, {
      applicationName: 'test',
      max: 1,
      onError: () => {},
      statementTimeoutMs: 5_000,
    });
    const stray = sql`insert into attempts values ('stray', now(), 1)`;
    let late: Promise<unknown> = Promise.resolve();
    const failed = transact(one, 'guest', (tx) => {
      late = sleep(30).then(() => tx.execute(stray));
      late.catch(() => {});
      return Promise.all([late, Promise.reject(new Error('refused'))]);
    });
    await expect(failed).rejects.toThrow('refused');
    await transact(one, 'account:other', (tx) => tx.execute(sql`select pg_sleep(0.1)`));
    await expect(late).rejects.toThrow();
    expect((await one.execute(sql`select from attempts where key = 'stray'`)).rows).toHaveLength(0);
    await disconnect(one);
  });

  test('two that cross really deadlock in the server, and both come through', async () => {
    await db.execute(sql`insert into codes values ('STAAAAAAAAAA', 'order'), ('STBBBBBBBBBB', 'order')`);
    await db.execute(sql`insert into attempts values ('a', now(), 0), ('b', now(), 0)`);
    let met = 0;
    let open = (): void => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const cross = (first: string, second: string) =>
      transact(db, 'test', async (tx) => {
        await tx.execute(sql`update attempts set count = count + 1 where key = ${first}`);
        met += 1;
        if (met === 2) open();
        await both;
        await tx.execute(sql`update attempts set count = count + 1 where key = ${second}`);
      });
    await Promise.all([cross('a', 'b'), cross('b', 'a')]);
    const { rows } = await db.execute(sql`select key, count from attempts where key in ('a', 'b') order by key`);
    expect(rows).toEqual([
      { key: 'a', count: 2 },
      { key: 'b', count: 2 },
    ]);
  });

  test('keeps the network out, and does not nest', async () => {
    const outward = withoutTransaction(async () => new Response('ok'));
    await expect(transact(db, 'test', async () => outward('http://127.0.0.1'))).rejects.toThrow('inside a transaction');
    await expect(transact(db, 'a', () => transact(db, 'b', async () => 1))).rejects.toThrow('already open');
    expect((await outward('http://127.0.0.1')).status).toBe(200);
  });

  test('a branch that goes on after another failed writes nothing, neither then nor in whatever comes next', async () => {
    let straggler: Promise<unknown> = Promise.resolve();
    const failed = transact(db, 'test', async (tx) => {
      let goOn = (): void => {};
      const later = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      straggler = later.then(() => tx.execute(sql`insert into attempts values ('straggler', now(), 1)`));
      straggler.catch(() => {});
      setTimeout(goOn, 50);
      await Promise.all([straggler, tx.execute(sql`select 1 / 0`)]);
    });
    await expect(failed).rejects.toThrow();
    await expect(straggler).rejects.toMatchObject({ cause: { message: 'The transaction is over' } });
    const { rows } = await db.execute(sql`select key from attempts where key = 'straggler'`);
    expect(rows).toEqual([]);
  });

  test('a failure that the work itself swallowed is no success', async () => {
    const swallowed = transact(db, 'test', async (tx) => {
      await tx.execute(sql`insert into attempts values ('swallowed', now(), 1)`);
      await tx.execute(sql`select 1 / 0`).catch(() => {});
    });
    await expect(swallowed).rejects.toThrow('rolled back');
  });

  test('an error says its state under whatever wrapped it', async () => {
    const error = await db.execute(sql`select 1 / 0`).catch((thrown: unknown) => thrown);
    expect(sqlState(error)).toBe('22012');
  });
});

describe('an idempotency key', () => {
  const at = new Date('2026-11-23T00:00:00Z');
  const later = (ms: number): Date => new Date(at.getTime() + ms);
  const answer: Answer = { status: 201, body: '{"code":"ST1"}' };
  const keyOf = (key: string) => ({ scope: 'guest', key });

  test('of two at once one holds it', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimKey(db, keyOf('race'), 'print', at)));
    expect(claims.filter(({ kind }) => kind === 'mine')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'running')).toHaveLength(9);
  });

  test('gives the first answer for a day, and nothing to another body', async () => {
    const key = keyOf('done');
    await claimKey(db, key, 'print', at);
    await finishKey(db, key, answer);
    expect(await claimKey(db, key, 'print', later(23 * 3_600_000))).toEqual({ kind: 'done', answer });
    expect(await claimKey(db, key, 'other', at)).toEqual({ kind: 'other-body' });
    expect(await claimKey(db, key, 'other', later(25 * 3_600_000))).toEqual({ kind: 'mine' });
  });

  test('is taken over from a holder that died, by the same request only', async () => {
    const key = keyOf('dead');
    await claimKey(db, key, 'print', at);
    expect(await claimKey(db, key, 'print', later(30_000))).toEqual({ kind: 'running' });
    expect(await claimKey(db, key, 'other', later(61_000))).toEqual({ kind: 'other-body' });
    expect(await claimKey(db, key, 'print', later(61_000))).toEqual({ kind: 'mine' });
  });

  test('the answer of a holder that was only slow stands', async () => {
    const key = keyOf('slow');
    await claimKey(db, key, 'print', at);
    expect(await claimKey(db, key, 'print', later(61_000))).toEqual({ kind: 'mine' });
    await finishKey(db, key, answer);
    await finishKey(db, key, { status: 409, body: '{}' });
    await releaseKey(db, key);
    expect(await claimKey(db, key, 'print', later(62_000))).toEqual({ kind: 'done', answer });
  });

  test('is free again when nothing happened', async () => {
    const key = keyOf('nothing');
    await claimKey(db, key, 'print', at);
    await releaseKey(db, key);
    expect(await claimKey(db, key, 'other', at)).toEqual({ kind: 'mine' });
  });
});

test('one by one: each has its turn, and what failed is told at the end', async () => {
  const seen: number[] = [];
  const work = oneByOne([1, 2, 3, 4], async (item) => {
    seen.push(item);
    if (item === 2) throw new Error('two');
    return item > 2;
  });
  await expect(work).rejects.toThrow('1 of 4 failed');
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(await oneByOne([1, 2, 3], async (item) => item > 1)).toBe(2);
});
