import { sql } from 'drizzle-orm';
import { loadConfig } from '#config/config.ts';
import { environment } from '#config/env.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { JobHandler } from '#db/jobs.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { exchangeOrderJobs } from '#features/exchange-orders/index.ts';
import { federationJobs } from '#features/federation/index.ts';
import { partnerOrderJobs } from '#features/partner-orders/index.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { plainDraft } from '#test/support/drafts.ts';
import { composeServices } from '../../src/compose.ts';
import { jobHandlers } from '../../src/jobs.ts';
import { composeApp } from '../../src/server.ts';
import { createLog, openStores } from '../../src/stores.ts';
import type { Asked, Told } from './exchange.ts';
import { createTrade } from './trade.ts';

/** One exchange of the lab: the whole of ours, with a clock that the lab puts forward and a worker for what federates. */
const actor = 'lab';
const config = loadConfig(environment());
let aheadMs = 0;
const now = () => new Date(Date.now() + aheadMs);
const stores = await openStores(config, createLog('silent'));
const services = composeServices(stores, config, { now, secondFactor: false });
const { db, products, editing, stock, federation } = services;
for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
await stores.jobs.open();
await federation.prepare();
const app = await composeApp(services, config, { ping: stores.ping, waitingFor: () => [], draining: () => false });
await app.listen({ ...config.http });

/** As many of a queue at once as its handler allows, for as long as the process lives. */
async function work({ queue, options = {}, run }: JobHandler, pauseMs = 150): Promise<never> {
  const { batchSize = 1, concurrency = 1 } = options;
  let free = concurrency;
  for (;;) {
    // A database that does not answer in time is asked again, as a worker would; this exchange goes on living.
    const fetched = free > 0 && stores.jobs.boss.fetch<object>(queue, { batchSize: Math.max(batchSize, free) });
    const jobs = fetched ? await fetched.catch(() => []) : [];
    const batches = batchSize > 1 ? [jobs] : jobs.map((job) => [job]);
    for (const batch of batches.filter((one) => one.length > 0)) {
      const ids = batch.map(({ id }) => id);
      free -= 1;
      run(batch.map(({ data }) => data))
        .then(() => stores.jobs.boss.complete(queue, ids))
        .catch(() => stores.jobs.boss.fail(queue, ids))
        .finally(() => {
          free += 1;
        })
        .catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
const fall = (error: unknown): never => {
  console.error(error);
  process.exit(1);
};
const trade = createTrade(services);
const selling = [...partnerOrderJobs(services.partnerOrders), ...exchangeOrderJobs(services.exchangeOrders)];
for (const handler of federationJobs(federation).filter(({ options }) => !options?.cron)) work(handler).catch(fall);
for (const handler of [...selling, ...jobHandlers(services).filter(({ queue }) => queue === 'payments.refund')].filter(
  ({ options }) => !options?.cron,
))
  work(handler, 400).catch(fall);
trade.live();

type Own = { id: ProductId; variant_id: VariantId; business_id: BusinessId };
/** The own product that the number falls on, among those in that state. */
async function pick(nth: number, status: 'listed' | 'withdrawn'): Promise<Own | undefined> {
  const { rows } = await db.execute<Own>(sql`
    select p.id, p.business_id, v.id as variant_id from products p join variants v on v.product_id = p.id
    where p.partner_key is null and p.status = ${status} order by p.sku`);
  return rows[nth % Math.max(1, rows.length)];
}

const acts: { readonly [Do in Asked['do']]: (asked: Extract<Asked, { do: Do }>) => Promise<unknown> } = {
  create: async ({ sku, priceVnd, onHand }) => {
    const { rows } = await db.execute<{ id: BusinessId }>(
      sql`select id from businesses where partner_key is null limit 1`,
    );
    const businessId = rows[0]?.id;
    if (!businessId) throw new Error('no business');
    const draft = plainDraft(sku, `Bánh pía ${sku}`, priceVnd, onHand);
    await transact(db, actor, (tx) => products.addProducts(tx, [{ businessId, draft }]));
  },
  price: async ({ nth, priceVnd }) => {
    const own = await pick(nth, 'listed');
    if (own) await products.setPrice(actor, own.variant_id, vnd(priceVnd));
  },
  stock: async ({ nth, onHand }) => {
    const own = await pick(nth, 'listed');
    if (own) await transact(db, actor, (tx) => stock.count(tx, own.variant_id, onHand, 'count'));
  },
  withdraw: async ({ nth }) => {
    const own = await pick(nth, 'listed');
    if (own) await products.withdraw(actor, own.id);
  },
  restore: async ({ nth }) => {
    const own = await pick(nth, 'withdrawn');
    if (!own) return;
    const editor = { actor, businessIds: [own.business_id], assisted: [], address: '127.0.0.1' };
    await editing.restore(editor, own.id);
  },
  introduce: ({ partner }) => federation.introduce(actor, partner),
  activate: ({ key }) => federation.activate(actor, key),
  suspend: ({ key }) => federation.suspend(actor, key),
  forward: async ({ ms }) => {
    aheadMs += ms;
  },
  buy: (asked) => trade.buy(asked),
  visit: async ({ leg }) => {
    await services.exchangeOrders.refresh(leg);
  },
  sell: (asked) => trade.sell(asked),
  finish: () => trade.finish(),
  settle: ({ key, day }) => services.exchangeOrders.settleDay(key, day),
  release: async ({ key }) => {
    await federation.pullNow(key, { acceptDeletes: true });
  },
  verify: async () => (await services.ledger.verify()).findings.map((one) => JSON.stringify(one)).join('; '),
  restartTurns: () => federation.restartTurns(),
  identity: async () => federation.identity.keyid,
  memory: async () => process.memoryUsage().rss,
};

const tell = (told: Told): void => void process.send?.(told);
process.on('message', (asked: Asked & { readonly id: number }) => {
  const { id } = asked;
  const act = acts[asked.do] as (asked: Asked) => Promise<unknown>;
  act(asked).then(
    (result) => tell({ id, result: typeof result === 'object' ? null : (result ?? null) }),
    (error: unknown) => tell({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
tell({ id: 0, result: null });
