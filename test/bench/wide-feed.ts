import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { createPeerHttp, type PeerAnswer } from '#federation/engine/http.ts';
import { askPeer } from '#federation/engine/peer.ts';
import { recordHash } from '#federation/protocol/canonical.ts';
import { LANES, type Lane } from '#federation/protocol/record.ts';
import { makeUri } from '#federation/protocol/uri.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import { benchKey, type Neighbour, pullAll, withNeighbour } from './federating.ts';
import type { Figure } from './report.ts';

const perStatement = 2_000;
const producers = 90;

type Row = { readonly uri: string; readonly lane: Lane; readonly productId: string; readonly content: object };

/** A listing and its offer, as an export writes them. */
function rowsOf(origin: string, publicUrl: string, categoryCode: string, n: number): readonly Row[] {
  const productId = randomUUID();
  const listing = makeUri(origin, 'listing', `rong-${n}`);
  const common = { origin, via: [] };
  return [
    {
      uri: listing,
      lane: 'catalogue',
      productId,
      content: {
        uri: listing,
        ...common,
        kind: 'listing',
        title: { vi: `Bánh pía Vũng Thơm hộp ${n}`, en: `Pia cake, box ${n}` },
        description: { vi: 'Vỏ mỏng nhiều lớp, nhân đậu xanh, sầu riêng và trứng muối, nướng trong ngày. '.repeat(3) },
        producer: { uri: makeUri(origin, 'producer', `nha-${n % producers}`), name: `Cơ sở ${n % producers}` },
        netContent: { value: 400, unit: 'g' },
        unit: 'hộp',
        categoryCode,
        images: [{ url: `${publicUrl}/pictures/rong-${n}/640` }],
        landingUrl: `${publicUrl}/san-pham/rong-${n}`,
      },
    },
    {
      uri: makeUri(origin, 'offer', `rong-${n}`),
      lane: 'offer',
      productId,
      content: {
        uri: makeUri(origin, 'offer', `rong-${n}`),
        ...common,
        kind: 'offer',
        listing,
        sku: `RONG-${n}`,
        label: 'Hộp 4 cái',
        position: 0,
        price: { amount: 40_000 + n, currency: 'VND', taxIncluded: true },
        availability: { state: 'in-stock', quantity: 20, mode: 'tracked' },
        minQty: 1,
        maxQty: 99,
      },
    },
  ];
}

/** Fills the exchange's feed up to `listings`, without the products behind: it is the feed that is read. */
async function widen(exchange: Exchange, listings: number): Promise<void> {
  const [there] = await exchange.query<{ count: number }>(
    `select count(*)::int as count from federation_changes where lane = 'catalogue' and op <> 'delete'`,
  );
  const [category] = await exchange.query<{ slug: string }>('select slug from categories order by id limit 1');
  const missing = Math.max(0, listings - (there?.count ?? 0));
  const rows = Array.from({ length: missing }, (_, n) =>
    rowsOf(new URL(exchange.url).host, exchange.url, category?.slug ?? '', n),
  ).flat();
  const at = new Date().toISOString();
  for (let i = 0; i < rows.length; i += perStatement) {
    const part = rows.slice(i, i + perStatement);
    const seqs = await exchange.query<{ seq: string }>(
      `select nextval(pg_get_serial_sequence('federation_changes', 'seq')) as seq from generate_series(1, $1)`,
      [part.length],
    );
    const written = part.map(({ content, productId, ...row }, index) => {
      const [seq, hash] = [Number(seqs[index]?.seq), recordHash(content as never)];
      return { ...row, product_id: productId, seq, hash, record: { ...content, rev: seq, hash, at } };
    });
    await exchange.query(
      `insert into federation_changes (uri, lane, seq, product_id, op, hash, record, at)
       select uri, lane, seq, product_id, 'upsert', hash, record, $2::timestamptz
       from jsonb_to_recordset($1::jsonb) as r (uri text, lane text, seq bigint, product_id uuid, hash text, record jsonb)`,
      [JSON.stringify(written), at],
    );
  }
  await exchange.query('analyze federation_changes');
}

const headerBytes = ({ headers }: Pick<PeerAnswer, 'headers'>): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 0);

/** Bytes that the hashes of both lanes take on their way, the headers of the answers among them. */
async function audited({ services }: Neighbour): Promise<number> {
  const { federation } = services;
  const http = createPeerHttp({ allowLoopback: true });
  try {
    const { baseUrl, keyid, jwk, origin } = await federation.getPartner(benchKey);
    if (!keyid || !jwk || !origin) throw new Error('The partner has no key');
    const partner = {
      ...{ key: benchKey, origin, baseUrl: new URL(baseUrl), adapter: 'native' as const, settings: {} },
      pinned: { keyid, jwk },
    };
    const ctx = {
      ...{ http, identity: federation.identity, now: () => new Date(), secret: async () => undefined },
      partner,
    };
    let bytes = 0;
    for (const lane of LANES) {
      const asked = { maxBytes: 1_048_576, contentType: 'application/json' };
      const answer = await askPeer(ctx, '/federation/v1/audit', { lane }, asked);
      bytes += answer.body.length + headerBytes(answer);
    }
    return bytes;
  } finally {
    await http.close();
  }
}

/** A pull in which nothing is new, in which both lanes are due to be compared. */
async function audit(there: Neighbour, listings: number): Promise<readonly Figure[]> {
  const { db } = there.services;
  const taken: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    await db.execute(sql`update federation_lanes set compared_at = now() - interval '2 days'`);
    const { seconds, report, applied } = await pullAll(there);
    const lanes = report.state === 'pulled' ? Object.values(report.lanes) : [];
    if (applied > 0 || lanes.some((lane) => (lane?.counts.drifted ?? 0) > 0)) throw new Error('They were not equal');
    const { rows } = await db.execute(sql`select from federation_lanes where compared_at < now() - interval '1 day'`);
    if (rows.length > 0) throw new Error('A lane was not compared');
    taken.push(seconds);
  }
  const bytes = await audited(there);
  const name = `Federation, audit of ${listings.toLocaleString('en')} equal listings`;
  const note = 'with as many offers, both sides hashing in the same PostgreSQL, and two empty pages of changes';
  return [
    { name, value: Math.min(...taken), unit: 's', target: { atMost: 2 }, note },
    { name: `${name}, on the wire`, value: bytes / 1_000, unit: 'kB', target: { atMost: 300 }, note: 'both lanes' },
  ];
}

/** What a neighbour that knows nothing reads of a large exchange, and how it sees that it has everything. */
export async function measureWideFeed(
  exchange: Exchange,
  folder: DataFolder,
  listings: number,
): Promise<readonly Figure[]> {
  await widen(exchange, listings);
  return await withNeighbour(exchange, folder, 'wide', async (there) => {
    const began = Date.now();
    const { applied, seconds, report } = await pullAll(there);
    const at = report.state === 'pulled' ? report.lanes.catalogue?.at : undefined;
    const catalogue = ((at?.getTime() ?? began) - began) / 1_000;
    const name = `Federation, snapshot of ${listings.toLocaleString('en')} listings`;
    const note = `${applied} records shown in the shop; listings ${catalogue.toFixed(1)} s, offers ${(seconds - catalogue).toFixed(1)} s`;
    await there.services.db.execute(sql`analyze federation_mirrors`);
    return [{ name, value: seconds, unit: 's', target: { atMost: 60 }, note }, ...(await audit(there, listings))];
  });
}
