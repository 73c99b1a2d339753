import type { AdapterKind, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { haravanAdapter } from '#federation/adapters/haravan/adapter.ts';
import { magento2Adapter } from '#federation/adapters/magento2/adapter.ts';
import { sapoAdapter } from '#federation/adapters/sapo/adapter.ts';
import { woocommerceAdapter } from '#federation/adapters/woocommerce/adapter.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { Offer } from '#federation/protocol/record.ts';
import { MemoryStore } from '../memory-store.ts';
import { Books } from '../simulators/books.ts';
import { simulateHaravan } from '../simulators/haravan.ts';
import { simulateMagento2 } from '../simulators/magento2.ts';
import { simulateSapo } from '../simulators/sapo.ts';
import type { Simulator } from '../simulators/serve.ts';
import { simulateWooCommerce } from '../simulators/woocommerce.ts';

export type System = {
  readonly kind: AdapterKind;
  readonly adapter: PartnerAdapter;
  readonly simulate: (books: Books) => Promise<Simulator>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The member that every product must have. */
  readonly title: string;
  /** Whether lower prices hold for a time. */
  readonly hasWindows: boolean;
};

const token = { token: 't1' };
/** Bigger pages than the default spare the test the wait of the vendor's bucket. */
const big = { pageSize: 250 };
export const SYSTEMS: readonly System[] = [
  {
    kind: 'woocommerce',
    adapter: woocommerceAdapter,
    simulate: simulateWooCommerce,
    secrets: { key: 'ck_1', secret: 'cs_1' },
    settings: {},
    title: 'name',
    hasWindows: true,
  },
  {
    kind: 'haravan',
    adapter: haravanAdapter,
    simulate: simulateHaravan,
    secrets: token,
    settings: big,
    title: 'title',
    hasWindows: false,
  },
  {
    kind: 'sapo',
    adapter: sapoAdapter,
    simulate: simulateSapo,
    secrets: token,
    settings: big,
    title: 'name',
    hasWindows: false,
  },
  {
    kind: 'magento2',
    adapter: magento2Adapter,
    simulate: simulateMagento2,
    secrets: token,
    settings: {},
    title: 'name',
    hasWindows: true,
  },
];

const identity = readIdentity(generatePem());

/** A simulated shop with books of its own, and an engine that reads it. */
export async function openShop(system: System, settings: Readonly<Record<string, unknown>> = {}) {
  const books = new Books();
  const simulator = await system.simulate(books);
  const http = createPeerHttp({ allowLoopback: true });
  const store = new MemoryStore();
  const { host } = simulator.url;
  const given = { producer: { name: 'HTX Ngã Năm' }, defaultCategory: 'tea', taxIncluded: true };
  const partner: PartnerEndpoint = {
    key: system.kind,
    origin: host,
    baseUrl: simulator.url,
    adapter: system.kind,
    settings: { ...given, ...system.settings, ...settings },
  };
  const pull = (acceptDeletes = false) =>
    pullPartner(
      {
        store,
        // A fresh bucket each time: these tests have a clock of their own.
        http: { ...http },
        identity,
        adapterFor: () => system.adapter,
        self: 'soctrang.example',
        random: () => 0,
        now: () => new Date(books.nowMs),
        secret: async (name) => system.secrets[name],
      },
      partner,
      { acceptDeletes },
    );
  const close = async () => {
    await http.close();
    await simulator.close();
  };
  return { ...simulator, books, store, partner, pull, close, later: (ms: number) => (books.nowMs += ms) };
}
export type Shop = Awaited<ReturnType<typeof openShop>>;

/** What we show of the shop, in the words of its books: title, then what is sold of it. */
export function shownOf({ store }: Shop): readonly string[] {
  const records = [...store.records.values()];
  const offers = Map.groupBy(
    records.filter((record): record is Offer => record.kind === 'offer'),
    ({ listing }) => listing,
  );
  const lines = records.flatMap((record) => {
    if (record.kind !== 'listing') return [];
    const own = (offers.get(record.uri) ?? []).map(
      ({ sku, price, listPrice, availability }) =>
        `${sku} ${price.amount} ${listPrice?.amount ?? '-'} ${availability.quantity ?? availability.state}`,
    );
    return [`${record.title.vi}: ${own.sort().join(', ')}`];
  });
  return lines.sort();
}

/** What the books say, in the same words. */
export function trueOf({ books }: Shop, isCounted = true): readonly string[] {
  const lines = books
    .list()
    .filter(({ isShown }) => isShown)
    .map(({ title, packs }) => {
      const own = packs.map(({ sku, price, sale, stock }) => {
        const holds = sale && books.nowMs >= (sale.from ?? 0) && books.nowMs <= (sale.to ?? Number.POSITIVE_INFINITY);
        const [now, before] = holds ? [sale.price, price] : [price, '-'];
        return `${sku} ${now} ${before} ${stock ?? (isCounted ? 0 : 'in-stock')}`;
      });
      return `${title}: ${own.sort().join(', ')}`;
    });
  return lines.sort();
}

export function systemOf(kind: AdapterKind): System {
  const system = SYSTEMS.find((one) => one.kind === kind);
  if (!system) throw new Error(`no simulator of ${kind}`);
  return system;
}
