import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, shareOf, type Vnd, vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { counted, inParallel, limitMs, seeded, shared } from '#test/support/scale.ts';

const random = seeded('journals');
const wanted = shared(3_000, 1_000_000);
const tampered = shared(20, 100);
/** Sales a transaction: journals of several facts travel together, as they do in a checkout. */
const together = 50;

let node: TestNode;
let businesses: readonly BusinessId[];
beforeAll(async () => {
  node = await startNode();
  const { rows } = await node.db.execute<{ id: BusinessId }>('select id from businesses order by id limit 90');
  businesses = rows.map(({ id }) => id);
});
afterAll(() => node.close());

/** What the books must come to, summed by hand beside them. */
const expected = new Map<string, number>();
const add = (account: string, amountVnd: number): void => {
  expected.set(account, (expected.get(account) ?? 0) + amountVnd);
};
let written = 0;
const count = (keys: readonly string[]): void => {
  written += keys.length;
};

/** Random parts that sum to `whole`. */
function partsOf(whole: Vnd): readonly Vnd[] {
  const cuts = Array.from({ length: random.between(0, 3) }, () => random.between(1, Math.max(1, whole - 1)));
  const marks = [0, ...new Set(cuts.toSorted((a, b) => a - b)), whole].filter((mark) => mark <= whole);
  return [...new Set(marks)].slice(1).map((mark, index) => vnd(mark - ([...new Set(marks)][index] ?? 0)));
}

/** A day at the counter: receipts, sales, strays, and refunds in several parts, some of them told twice. */
async function keepBooks(): Promise<void> {
  const { ledger } = node.services;
  const sales = Array.from({ length: together }, () => {
    const totalVnd = vnd(random.between(2, 90_000_000));
    const promotionVnd = random.chance(0.2) ? vnd(random.between(1, totalVnd)) : vnd(0);
    const commissionVnd = shareOf(vnd(totalVnd + promotionVnd), bps(random.between(0, 3_000)));
    const commissionVatVnd = shareOf(commissionVnd, bps(random.pick([0, 800, 1_000])));
    return {
      orderId: newId(),
      businessId: random.pick(businesses),
      totalVnd,
      promotionVnd,
      commissionVnd,
      commissionVatVnd,
    };
  });
  await transact(node.db, 'test', async (tx) => {
    for (const { orderId, totalVnd } of sales)
      count(await ledger.bookReceipt(tx, 'clearing:bank', orderId, orderId, totalVnd));
    count(await ledger.bookSales(tx, sales));
    // The same sales told again are no sales.
    expect(await ledger.bookSales(tx, sales.slice(0, 3))).toEqual([]);
    const stray = vnd(random.between(1, 5_000_000));
    const name = newId();
    count(await ledger.bookSuspense(tx, 'clearing:bank', `test:${name}`, stray));
    // What is in suspense is there for a transfer that nobody has claimed.
    await tx.execute(
      sql`insert into bank_transfers (id, provider, provider_tx_id, account_number, amount_vnd, content, bank_reference, state, raw, received_at)
        values (${newId()}, 'test', ${name}, '', ${stray}, '', '', 'unmatched', '{}', now())`,
    );
    add('clearing:bank', stray);
    add('suspense', -stray);
  });
  for (const sale of sales) {
    add('clearing:bank', sale.totalVnd);
    if (random.chance(0.6)) {
      add('payable', sale.commissionVnd + sale.commissionVatVnd - sale.totalVnd - sale.promotionVnd);
      add('commission', -sale.commissionVnd);
      add('commission-vat', -sale.commissionVatVnd);
      add('promotion', sale.promotionVnd);
      continue;
    }
    // What goes back whole leaves nothing behind, however it was cut.
    const isSent = random.chance(0.5);
    add(isSent ? 'clearing:bank' : 'refunds-due', -sale.totalVnd);
    let beforeVnd = vnd(0);
    await transact(node.db, 'test', async (tx) => {
      for (const amountVnd of partsOf(sale.totalVnd)) {
        const cause = `${sale.orderId}:${beforeVnd}`;
        count(await ledger.bookOrderRefund(tx, sale, { cause, amountVnd, beforeVnd }));
        if (isSent) count(await ledger.bookRefundSent(tx, 'clearing:bank', { cause, attempt: 1, amountVnd }));
        beforeVnd = vnd(beforeVnd + amountVnd);
      }
    });
  }
}

test(`${wanted} journals by eight writers at once sum to zero, and to what was summed by hand`, {
  timeout: limitMs,
}, async () => {
  const { ledger } = node.services;
  let done = false;
  // The job that links runs beside the writers, as it does every minute.
  const sealing = (async () => {
    while (!done) {
      await ledger.sealRecent();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  const startedAt = performance.now();
  await inParallel(Array.from({ length: 8 }), 8, async () => {
    while (written < wanted) await keepBooks();
  });
  done = true;
  await sealing;
  const wroteMs = performance.now() - startedAt;
  const before = performance.now();
  const { findings, entryCount, head } = await ledger.verify();
  const verifyMs = performance.now() - before;
  console.log(
    `${written} journals with ${entryCount} entries in ${Math.round(wroteMs)} ms; proven in ${Math.round(verifyMs)} ms`,
  );
  expect(findings).toEqual([]);
  expect(head.seq).toBe(written);
  const balances = new Map((await ledger.balances()).map(({ account, balanceVnd }) => [account, balanceVnd]));
  const open = (sums: ReadonlyMap<string, number>) =>
    Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).sort());
  expect(open(balances)).toEqual(open(expected));
  counted('T23', { journals: written, entries: entryCount }, { 'journals/s': Math.round((written / wroteMs) * 1_000) });
});

/** One sign of one journal, by whoever owns the database: `at` in the text is where. */
const tamperings: readonly ((at: number) => string)[] = [
  (at) => `update journals set key = overlay(key placing '~' from ${at + 1} for 1) where id = $1`,
  (at) => `update journals set reference = overlay(reference placing '~' from ${at + 1} for 1) where id = $1`,
  () => `update journals set actor = overlay(actor placing 'T' from 1 for 1) where id = $1`,
  () => `update journals set at = at + interval '1 millisecond' where id = $1`,
  () =>
    `update entries set amount_vnd = amount_vnd + 1 where id = (select min(id::text)::uuid from entries where journal_id = $1)`,
  () =>
    `update entries set amount_vnd = amount_vnd + case when amount_vnd > 0 then 1 else -1 end where id in (select id from (select id, row_number() over (partition by amount_vnd > 0 order by id) as nth from entries where journal_id = $1) legs where nth = 1)`,
];

test(`${tampered} journals of which one sign was changed: ${tampered} are found, and no other`, {
  timeout: limitMs,
}, async () => {
  const { ledger } = node.services;
  const { seq } = (await ledger.verify()).head;
  const places = random.shuffle(Array.from({ length: Math.min(seq, 50_000) }, () => random.between(1, seq)));
  const chosen = [...new Set(places)].slice(0, tampered);
  const keys = await inDatabase(node.database.url, async (client) => {
    await client.query('set session_replication_role = replica');
    const found: string[] = [];
    for (const place of chosen) {
      const { rows } = await client.query<{ id: string }>('select journal_id as id from journal_links where seq = $1', [
        place,
      ]);
      await client.query(random.pick(tamperings)(random.between(0, 20)), [rows[0]?.id]);
      const after = await client.query<{ key: string }>('select key from journals where id = $1', [rows[0]?.id]);
      found.push(after.rows[0]?.key ?? '');
    }
    return found;
  });
  const { findings } = await ledger.verify();
  const named = findings.filter(({ check }) => check.startsWith('every journal')).map(({ subject }) => subject);
  expect(new Set(named)).toEqual(new Set(keys));
  expect(new Set(keys).size).toBe(tampered);
  counted('T23', { 'tampered found': tampered });
});
