import { equal, ok } from 'node:assert/strict';
import type { PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { LANES, type Listing, type Offer } from '#federation/protocol/record.ts';
import { MemoryStore } from '#test/federation/memory-store.ts';
import { type ForeignShop, type Goods, vatPercent } from './shop.ts';

export type Step = { readonly step: string; readonly ms: number; readonly saw: string; readonly isRight: boolean };

const many = 1_500;
/** The engine sweeps a lane that was not compared for six hours; its clock is ours to move. */
const untilSweepMs = 7 * 3_600_000;
/** A guard against hanging alone: filling a shop by its own API takes minutes on a busy machine. */
const stepLimitMs = 1_800_000;
/** Milliseconds. A shop on a machine that does much else is slow, not away; the limits of every day are tried elsewhere. */
const waits = { connect: 30_000, headers: 300_000, idle: 120_000, total: 600_000 } as const;
const hostile = {
  sku: 'HOSTILE-1',
  name: '<img src=x onerror=alert(1)> Gạo \u202etxt.exe\u200b "ngon"',
  description: '<p>Gạo <b>thơm</b></p><script>alert(1)</script> &lt;script&gt; =HYPERLINK("x")',
  priceVnd: 45_001,
  stock: 1,
} as const satisfies Goods;

const names = ['Gạo ST25', 'Bánh pía sầu riêng', 'Lạp xưởng tươi', 'Mắm bò hóc', 'Hành tím Vĩnh Châu', 'Tôm khô'];
const goodsOf = (count: number): readonly Goods[] =>
  Array.from({ length: count }, (_, i) => ({
    sku: `SP-${String(i).padStart(5, '0')}`,
    name: `${names[i % names.length]} số ${i}`,
    description: `Đặc sản của Sóc Trăng, mẻ ${i}`,
    // Odd amounts: halves of a đồng and hundredfolds would show.
    priceVnd: 12_345 + i * 37,
    stock: i % 50,
  }));

/** One partner as the engine holds it, asked over the real client. */
type Hall = {
  readonly store: MemoryStore;
  readonly pull: () => Promise<string>;
  readonly probe: () => Promise<string>;
  readonly sweep: () => Promise<number>;
  readonly listing: (sku: string) => Listing | undefined;
  readonly offer: (sku: string) => Offer | undefined;
};

function openHall(shop: ForeignShop, partner: PartnerEndpoint, http: EngineDeps['http']): Hall {
  const store = new MemoryStore();
  let ahead = 0;
  const deps: EngineDeps = {
    store,
    http,
    adapterFor: () => shop.adapter,
    self: 'cho-noi.example',
    random: () => 0,
    identity: readIdentity(generatePem()),
    now: () => new Date(Date.now() + ahead),
    secret: (name) => shop.secret(partner.key, name),
  };
  const found = <K extends 'listing' | 'offer'>(kind: K, uri: string) => {
    const record = store.records.get(uri);
    return record?.kind === kind ? record : undefined;
  };
  const pull = async () => {
    const report = await pullPartner(deps, partner);
    if (report.state !== 'pulled') throw new Error(`${partner.key} is ${report.state}`);
    let withdrawn = 0;
    const said = LANES.map((lane) => {
      const { state, counts, failure } = report.lanes[lane] ?? {};
      if (state !== 'ok') throw new Error(`${partner.key} ${lane}: ${failure?.detail ?? state}`);
      withdrawn += counts?.withdrawn ?? 0;
      return `${lane} ${counts?.applied} new, ${counts?.duplicate} known, ${counts?.pages} pages`;
    });
    equal(store.quarantine.length, 0, JSON.stringify(store.quarantine[0]));
    return { said: said.join('; '), withdrawn };
  };
  return {
    store,
    pull: async () => (await pull()).said,
    probe: async () => {
      const { clockSkewMs } = await shop.adapter.probe({ ...deps, partner });
      return `its clock is ${clockSkewMs} ms from ours`;
    },
    sweep: async () => {
      ahead += untilSweepMs;
      return (await pull()).withdrawn;
    },
    listing: (sku) => found('listing', shop.listingUri(sku)) as Listing | undefined,
    offer: (sku) => found('offer', shop.offerUri(sku)) as Offer | undefined,
  };
}

const withTax = (net: number): number => Math.round((net * (100 + vatPercent)) / 100);

/** What a foreign system must bring here, step by step. Ends at the first step that goes wrong. */
export async function tryShop(shop: ForeignShop, say: (step: Step) => void): Promise<readonly Step[]> {
  const http = createPeerHttp({ allowLoopback: true, waits });
  const [hall, netHall] = [openHall(shop, shop.included, http), openHall(shop, shop.excluded, http)];
  const steps: Step[] = [];
  try {
    for (const [step, work] of stepsOf(shop, hall, netHall)) {
      const start = performance.now();
      const { isRight, saw } = await within(work).then(
        (said) => ({ isRight: true, saw: said }),
        (error: unknown) => ({
          isRight: false,
          saw: error instanceof Error ? error.message.slice(0, 600) : String(error),
        }),
      );
      const done = { step, ms: Math.round(performance.now() - start), saw, isRight };
      steps.push(done);
      say(done);
      if (!isRight) break;
    }
  } finally {
    await http.close();
  }
  return steps;
}

async function within(work: () => Promise<string>): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done within ${stepLimitMs} ms`)), stepLimitMs);
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

type Steps = readonly (readonly [name: string, work: () => Promise<string>])[];

function stepsOf(shop: ForeignShop, hall: Hall, netHall: Hall): Steps {
  const goods = goodsOf(many);
  const [first, second, third, fourth] = goods.map(({ sku }) => sku);
  if (!first || !second || !third || !fourth) throw new Error('too few goods');
  const pricesOf = (of: Hall, price: (vnd: number) => number) => {
    for (const { sku, priceVnd } of goods) {
      const { amount, taxIncluded } = of.offer(sku)?.price ?? {};
      equal(amount, price(priceVnd), `${sku}: ${amount} for ${priceVnd}`);
      equal(taxIncluded, true);
    }
  };
  return [
    ['fill the shop', () => shop.create([...goods, hostile]).then(() => `${many + 1} products through its admin API`)],
    ['probe', () => hall.probe()],
    [
      `first pull of ${many + 1}`,
      async () => {
        const said = await hall.pull();
        for (const { sku, name, stock } of goods) {
          equal(hall.listing(sku)?.title.vi, name);
          const { state, quantity } = hall.offer(sku)?.availability ?? {};
          equal(`${state} ${quantity}`, `${stock > 0 ? 'in-stock' : 'out-of-stock'} ${stock}`, sku);
        }
        equal(hall.store.records.size, 2 * (many + 1));
        return said;
      },
    ],
    [
      'đồng, tax inside',
      async () => {
        pricesOf(hall, (vnd) => vnd);
        return `${many} prices exact, ${hall.offer(second)?.price.amount} for instance`;
      },
    ],
    [
      'đồng, tax on top',
      async () => {
        const said = await netHall.pull();
        pricesOf(netHall, withTax);
        return `${many} prices exact with ${vatPercent} %, ${netHall.offer(second)?.price.amount} for instance; ${said}`;
      },
    ],
    ['hostile text', async () => hostileText(hall)],
    ['nothing new', () => quiet(hall)],
    [
      'price alone',
      async () => {
        const [before, rev] = [await shop.changedAt(first), hall.offer(first)?.rev ?? 0];
        await shop.setPrice(first, 12_999);
        await hall.pull();
        equal(hall.offer(first)?.price.amount, 12_999);
        equal(hall.offer(first)?.rev, rev + 1);
        return moved(before, await shop.changedAt(first));
      },
    ],
    [
      'stock alone',
      async () => {
        const before = await shop.changedAt(first);
        await shop.setStock(first, 77);
        await hall.pull();
        equal(hall.offer(first)?.availability.quantity, 77);
        await shop.setStock(first, 0);
        await hall.pull();
        equal(hall.offer(first)?.availability.state, 'out-of-stock');
        return moved(before, await shop.changedAt(first));
      },
    ],
    [
      'text alone',
      async () => {
        const before = await shop.changedAt(second);
        await shop.rename(second, 'Gạo đổi tên');
        const said = await hall.pull();
        equal(hall.listing(second)?.title.vi, 'Gạo đổi tên');
        return `${moved(before, await shop.changedAt(second))}; ${said}`;
      },
    ],
    [
      'deletion',
      async () => {
        await shop.remove(third);
        await hall.pull();
        const withdrawn = await hall.sweep();
        equal(hall.listing(third), undefined);
        equal(hall.offer(third), undefined);
        ok(hall.listing(fourth) && hall.offer(fourth));
        return `${withdrawn} records withdrawn by the sweep`;
      },
    ],
    [
      'hidden and shown again',
      async () => {
        const rev = hall.listing(fourth)?.rev ?? 0;
        await shop.hide(fourth);
        await hall.pull();
        const atOnce = hall.listing(fourth) === undefined;
        await hall.sweep();
        equal(hall.listing(fourth), undefined);
        await shop.show(fourth);
        await hall.pull();
        ok(hall.listing(fourth), 'it did not come back');
        return `gone ${atOnce ? 'with the pull' : 'with the sweep'}, back with the pull, revision ${rev} to ${hall.listing(fourth)?.rev}`;
      },
    ],
  ];
}

/** Nothing of a text is run or hidden: markup is text, marks that turn or hide it are gone. */
function hostileText(hall: Hall): string {
  const { title, description } = hall.listing(hostile.sku) ?? {};
  equal(title?.vi, '<img src=x onerror=alert(1)> Gạo txt.exe "ngon"');
  ok(description?.vi.includes('alert(1)') && description.vi.includes('<script>'), description?.vi);
  ok(!/[\u202e\u200b]/.test(JSON.stringify(hall.listing(hostile.sku))));
  equal(hall.offer(hostile.sku)?.price.amount, hostile.priceVnd);
  return description?.vi.replaceAll('\n', ' / ') ?? '';
}

async function quiet(hall: Hall): Promise<string> {
  const before = hall.store.saves;
  const said = await hall.pull();
  equal(hall.store.saves, before, 'something was saved again');
  return said;
}

type Dates = { readonly product: string; readonly variant: string };
const moved = (before: Dates, after: Dates): string => {
  const word = (one: keyof Dates) => `${one} date ${before[one] === after[one] ? 'stood still' : 'moved'}`;
  return `${word('product')}, ${word('variant')}`;
};
