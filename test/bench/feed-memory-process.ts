import { googleMerchantAdapter } from '#federation/adapters/google-merchant/adapter.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import type { EngineStore, LaneUnit } from '#federation/engine/store.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { readMemory } from './memory.ts';

/** A shop's feed read to its end, as a worker reads it, against a store that keeps the names alone. Prints what it took. */
const shop = new URL(process.env.FEED_URL ?? '');
const settings = { url: '/feed.xml', decimal: ',', defaultCategory: 'do-an-nhanh' };
const partner = { key: 'lon', origin: shop.host, baseUrl: shop, adapter: 'google-merchant' as const, settings };

let checkpoint: string | undefined;
let live: string[] = [];
let records = 0;
const unit = (): LaneUnit => ({
  checkpoint,
  findStored: async () => new Map(),
  listLive: async () => live,
  save: async (saved) => {
    records += saved.length;
    live.push(...saved.map(({ uri }) => uri));
  },
  withdraw: async () => {},
  forgetDead: async () => {},
  quarantine: async ([first]) => {
    throw new Error(`${first?.reason} ${first?.detail}`);
  },
  release: async () => {},
  findPrices: async () => new Map(),
  compared: async () => {},
  advance: async (to) => {
    checkpoint = to;
  },
});
const store: EngineStore = {
  findBreaker: async () => undefined,
  saveBreaker: async () => {},
  // Each lane begins anew: what the database would hold is no memory of this process.
  findCheckpoint: async () => {
    [checkpoint, live] = [undefined, []];
    return undefined;
  },
  findComparedAt: async () => undefined,
  hashBuckets: async () => [],
  listBuckets: async () => [],
  saveOutcome: async () => {},
  onLane: (_partner, _lane, work) => work(unit()),
};

const http = createPeerHttp({ allowLoopback: true });
const base = readMemory(process.pid);
const began = performance.now();
const report = await pullPartner(
  {
    ...{ store, http, identity: readIdentity(generatePem()), self: 'here.example', random: Math.random },
    ...{ now: () => new Date(), secret: async () => undefined, adapterFor: () => googleMerchantAdapter },
  },
  partner,
);
await http.close();
const lanes = report.state === 'pulled' ? Object.values(report.lanes) : [];
const failed = lanes.find((lane) => lane?.state !== 'ok');
if (failed || lanes.length === 0) throw new Error(JSON.stringify(failed ?? report));
const seconds = (performance.now() - began) / 1_000;
console.log(JSON.stringify({ peakMb: readMemory(process.pid)?.peakMb, baseMb: base?.residentMb, records, seconds }));
