import { parseArgs } from 'node:util';
import { measureStatement, measureVerify } from './books.ts';
import { buyers, buyOverHttp, listItems } from './buying.ts';
import { skipPictures } from './catalogue.ts';
import { measurePicture } from './drawing.ts';
import { type DataFolder, type Exchange, makeDataFolder, openExchange } from './exchange.ts';
import { measurePull } from './federating.ts';
import { measureFeedMemory } from './feed-memory.ts';
import { measureFreshness, measureIsolation } from './freshness.ts';
import { importProducts } from './importing.ts';
import { measureLapse } from './lapsing.ts';
import { compareList } from './listing.ts';
import { readMemory } from './memory.ts';
import { buyByPlainSql } from './plain-sql.ts';
import { measureQueue } from './queueing.ts';
import { type Figure, machine, ratioOf, tableOf } from './report.ts';
import { compare } from './rounds.ts';
import { compareSearch } from './searching.ts';
import { importSheet } from './sheets.ts';
import { measureStart } from './starting.ts';
import { measureWideFeed } from './wide-feed.ts';

const { values: options } = parseArgs({
  options: {
    /** A document for programs on standard output instead of the table. */
    json: { type: 'boolean', default: false },
    /** A tenth of the products and short rounds: whether it runs, not what it reaches. */
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

const size = options.quick
  ? { products: 2_000, listings: 5_000, items: 30_000, orders: 1_000, journals: 15_000, rounds: 1, seconds: 1 }
  : { products: 20_000, listings: 50_000, items: 300_000, orders: 10_000, journals: 150_000, rounds: 5, seconds: 3 };
const wants = (section: string): boolean => options.only === undefined || options.only.includes(section);
const figures: Figure[] = [];
const add = (figure: Figure): void => {
  figures.push(figure);
  if (!options.json) process.stderr.write(`${figure.name}: ${figure.value.toFixed(2)} ${figure.unit}\n`);
};

async function list(exchange: Exchange, folder: DataFolder, products: number): Promise<void> {
  if (!wants('list')) return;
  await exchange.settled();
  const name = `Product list, ${products.toLocaleString('en')} products`;
  add(ratioOf(name, await compareList(exchange, folder, size), 0.6));
}

async function fill(exchange: Exchange): Promise<void> {
  const { importSeconds, searchableSeconds, products } = await importProducts(exchange, size.products);
  await skipPictures(exchange);
  const note = `${Math.round(products / importSeconds)} products/s`;
  add({ name: 'Import', value: importSeconds, unit: 's', target: { atMost: 20 }, note });
  const target = { atMost: 10 };
  add({ name: 'Import, searchable after it', value: searchableSeconds, unit: 's', target, note: 'by Meilisearch' });
}

/** A seller's sheet by the officer's command, as text and as a workbook. */
async function sheets(exchange: Exchange, folder: DataFolder): Promise<void> {
  for (const kind of ['csv', 'xlsx'] as const) {
    const { seconds, peakMb, cpuSeconds, searchableSeconds } = await importSheet(exchange, folder, size.products, kind);
    await skipPictures(exchange);
    const name = `Import of a sheet, ${kind.toUpperCase()}`;
    const note = `${Math.round(size.products / seconds)} rows/s with the command's start; ${cpuSeconds.toFixed(1)} s of processor in it`;
    add({ name, value: seconds, unit: 's', target: { atMost: 20 }, note });
    add({
      name: `${name}, searchable`,
      value: searchableSeconds,
      unit: 's',
      target: { atMost: 10 },
      note: 'by Meilisearch',
    });
    add({
      name: `${name}, memory`,
      value: peakMb,
      unit: 'MB',
      target: { atMost: 400 },
      note: 'peak of the process that does it',
    });
  }
}

async function checkout(exchange: Exchange): Promise<void> {
  const items = await listItems(exchange);
  const ours = () => buyOverHttp(exchange, items, size.seconds);
  const limit = () => buyByPlainSql(exchange, items, size.seconds);
  // The first hundreds of orders are planned by every session and compiled by V8.
  for (let time = 0; time < size.rounds; time += 1) await ours();
  await limit();
  const compared = await compare(size.rounds, ours, limit);
  const figure = ratioOf('Checkout, cart to paid', compared, 0.5);
  add({ ...figure, note: `${figure.note}; ${buyers} buyers, 6 calls an order` });
  const { p50Ms, p99Ms } = compared.ours;
  const note = `the slowest of a hundred beside the middle one, ${buyers} buyers at once`;
  add({ name: 'Checkout, p99 over median', value: p99Ms / p50Ms, unit: 'ratio', target: { atMost: 10 }, note });
}

async function memory(exchange: Exchange): Promise<void> {
  const read = readMemory(exchange.process.pid);
  if (!read) return;
  const target = { atMost: 180 };
  const note = `peak ${Math.round(read.peakMb)} MB; one process serves and works, its servers apart`;
  add({ name: 'Memory after load', value: read.residentMb, unit: 'MB', target, note });
}

/** What is measured upon a large catalogue. */
const onCatalogue = ['list', 'import', 'search', 'checkout', 'memory', 'start', 'federation'] as const;

async function measureCatalogue(exchange: Exchange, folder: DataFolder): Promise<void> {
  await list(exchange, folder, 244);
  await fill(exchange);
  await list(exchange, folder, size.products + 244);
  await exchange.settled();
  if (wants('search')) add(ratioOf('Search', await compareSearch(exchange, size), 0.5));
  if (wants('checkout')) await checkout(exchange);
  if (wants('memory')) await memory(exchange);
  if (wants('start')) {
    const value = await measureStart(exchange, folder, size.rounds);
    const note = 'a web process, PostgreSQL and Meilisearch running and filled';
    add({ name: 'Start to ready', value, unit: 's', target: { atMost: 2 }, note });
  }
  if (wants('federation')) add(await measurePull(exchange, folder));
}

/** What partners have of us: how soon, whoever else is away, and how much at once. */
async function neighbours(exchange: Exchange, folder: DataFolder): Promise<void> {
  if (wants('freshness')) add(await measureFreshness(exchange, folder, size.seconds * 15));
  if (wants('isolation'))
    add(await measureIsolation(exchange, folder, { rounds: size.rounds, seconds: size.seconds * 5 }));
}

async function measure(exchange: Exchange, folder: DataFolder): Promise<void> {
  if (wants('queue')) add(await measureQueue(exchange, folder));
  await skipPictures(exchange);
  await neighbours(exchange, folder);
  if (onCatalogue.some(wants)) await measureCatalogue(exchange, folder);
  if (wants('sheet')) await sheets(exchange, folder);
  if (wants('lapse')) add(await measureLapse(exchange));
  if (wants('statement')) add(await measureStatement(exchange, folder, size.orders));
  if (wants('ledger')) add(await measureVerify(exchange, size.journals));
  // The last, since its listings have no products behind them.
  if (wants('snapshot')) for (const figure of await measureWideFeed(exchange, folder, size.listings)) add(figure);
}

if (wants('pictures')) add(await measurePicture(size.rounds));
if (wants('feed-memory')) add(await measureFeedMemory(size.items));
const folder = await makeDataFolder();
try {
  const began = performance.now();
  const exchange = await openExchange(folder);
  const note = 'programs copied, databases made, demonstration loaded and indexed';
  add({ name: 'First start', value: (performance.now() - began) / 1_000, unit: 's', target: undefined, note });
  try {
    await measure(exchange, folder);
  } finally {
    await exchange.close();
  }
} finally {
  await folder.remove();
}
console.log(options.json ? JSON.stringify({ machine: machine(), size, figures }, null, 2) : `\n${tableOf(figures)}`);
