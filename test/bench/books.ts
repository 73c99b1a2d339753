import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signIn } from '#test/support/people.ts';
import { demoLogins } from '../../src/demo/load.ts';
import type { Item } from './buying.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import { writeOrders } from './plain-sql.ts';
import type { Figure } from './report.ts';
import { median } from './rounds.ts';

const repeats = 7;
const seller = 'B001';

/** The slowest way to look at a month: its page, its first lines for programs, or the whole of it as a file. */
export async function measureStatement(exchange: Exchange, folder: DataFolder, orders: number): Promise<Figure> {
  const own = await exchange.query<Item>(
    `select v.id as "variantId", p.price_vnd::int as "priceVnd" from variants v join products o on o.id = v.product_id
      join businesses b on b.id = o.business_id join prices p on p.variant_id = v.id where b.code = $1 and v.position = 0`,
    [seller],
  );
  await exchange.query(`update stock set on_hand = on_hand + $1 where variant_id = any($2::uuid[])`, [
    orders,
    own.map(({ variantId }) => variantId),
  ]);
  await exchange.query(
    `insert into stock_movements (id, variant_id, change, reason, reference, at) select gen_random_uuid(), id, $1, 'received', 'bench', now() from unnest($2::uuid[]) id`,
    [orders, own.map(({ variantId }) => variantId)],
  );
  await writeOrders(exchange, own, orders);
  await exchange.query('analyze');
  const login = demoLogins.find((one) => 'businessCodes' in one && one.businessCodes.some((code) => code === seller));
  const password = (await readFile(join(folder.path, 'secrets', 'demo-password'), 'utf8')).trim();
  const owner = await signIn(exchange.url, login?.login ?? '', password);
  const slowest: number[] = [];
  for (const path of ['/ban-hang/doi-soat', '/v1/seller/statement', '/v1/seller/statement/file']) {
    const times: number[] = [];
    for (let time = 0; time < repeats; time += 1) {
      const began = performance.now();
      const { status, text } = await owner.send('GET', path);
      times.push(performance.now() - began);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      if (path.endsWith('/file') && text.split('\n').length <= orders)
        throw new Error(`The file has ${text.split('\n').length} lines for ${orders} orders`);
    }
    slowest.push(median(times));
  }
  const note = `page, first lines as JSON, whole month as CSV: ${slowest.map((ms) => Math.round(ms)).join(', ')} ms`;
  const value = Math.max(...slowest) / 1_000;
  return { name: `Statement of ${orders.toLocaleString('en')} orders`, value, unit: 's', target: { atMost: 1 }, note };
}

/** Sales as the books know them, a receipt and a sale of five entries each time. */
const fillBooks = `with sold as (select n, gen_random_uuid() as receipt, gen_random_uuid() as sale, gen_random_uuid()::text as order_id,
    20000 + n % 900000 as total, (20000 + n % 900000) / 20 as fee, (select id from businesses order by id limit 1 offset n % 80) as business
    from generate_series(1, $1::int) n),
  told as (insert into journals (id, key, kind, reference, at, actor)
    select receipt, 'receipt:bench:' || order_id, 'receipt', order_id, now(), 'bench' from sold
    union all select sale, 'sale:' || order_id, 'sale', order_id, now(), 'bench' from sold returning id)
  insert into entries (id, journal_id, account, business_id, amount_vnd)
    select gen_random_uuid(), told.id, leg.account, case when leg.account = 'payable' then sold.business end, leg.amount
    from sold cross join lateral (values (receipt, 'clearing:bank', total), (receipt, 'deposits', -total), (sale, 'deposits', total),
      (sale, 'payable', fee - total), (sale, 'commission', -fee)) leg (journal, account, amount)
    join told on told.id = leg.journal`;

/** The whole proof of the books: each journal's sum, the chain, balances, and what orders and payments say. */
export async function measureVerify(exchange: Exchange, journals: number): Promise<Figure> {
  const { ledger } = exchange.services;
  await exchange.query(fillBooks, [Math.ceil(journals / 2)]);
  await exchange.query('analyze');
  // Journals are linked each minute as they come; what is measured is the proof.
  await ledger.verify();
  const times: number[] = [];
  let entryCount = 0;
  for (let time = 0; time < 3; time += 1) {
    const began = performance.now();
    const proof = await ledger.verify();
    times.push(performance.now() - began);
    if (proof.findings.length > 0) throw new Error(`The books do not add up: ${JSON.stringify(proof.findings[0])}`);
    entryCount = proof.entryCount;
  }
  const took = median(times) / 1_000;
  const note = `${entryCount.toLocaleString('en')} entries in ${took.toFixed(2)} s, every check of the books`;
  return {
    name: 'Proof of the books',
    value: entryCount / took,
    unit: 'entries/s',
    target: { atLeast: 200_000 },
    note,
  };
}
