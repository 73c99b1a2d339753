import { bucketHashes, bucketRoot } from '#federation/protocol/canonical.ts';
import { LANES } from '#federation/protocol/record.ts';
import { asPatientOwner, type Exchange } from './exchange.ts';
import { LIE_MARK, LIE_PRICE, type Liar } from './liar.ts';

type Hashed = { readonly uri: string; readonly rev: number; readonly hash: string };
export type Standing = {
  /** Records that a copy has otherwise than its origin, over all pairs and lanes. */
  readonly drift: number;
  readonly roots: { readonly equal: number; readonly of: number };
  readonly compared: number;
  /** Pairs whose roots differ. */
  readonly differing: readonly { readonly reader: string; readonly origin: string }[];
  /** Copies of our own goods. */
  readonly selfImports: number;
  /** Listings that some shop shows although their origin does not. */
  readonly resurrected: readonly string[];
  /** What came of the liars although it should not. */
  readonly believed: readonly string[];
  /** Lanes of honest partners that are not well. */
  readonly stuck: readonly string[];
  /** Own products of which the feed says something else than the shop. */
  readonly untold: number;
  readonly quarantined: Readonly<Record<string, number>>;
};

const liveOf = `record ->> 'kind' <> 'tombstone'`;
const rows = async <Row>(exchange: Exchange, text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  await asPatientOwner(exchange.databaseUrl, async (client) => (await client.query(text, [...values])).rows as Row[]);
const hashed = (exchange: Exchange, table: string, lane: string, partner?: string): Promise<Hashed[]> =>
  rows<Hashed>(
    exchange,
    `select uri, (record ->> 'rev')::int as rev, hash from ${table}
     where lane = $1 and ${liveOf} ${partner === undefined ? '' : 'and partner_key = $2'}`,
    partner === undefined ? [lane] : [lane, partner],
  );

/** Holds what each exchange shows of each other against what that one says and sells. */
export async function readStanding(exchanges: readonly Exchange[], liars: readonly Liar[]): Promise<Standing> {
  let drift = 0;
  let compared = 0;
  let equal = 0;
  let pairs = 0;
  const differing = new Map<string, { reader: string; origin: string }>();
  const stuck: string[] = [];
  for (const origin of exchanges) {
    for (const lane of LANES) {
      const said = await hashed(origin, 'federation_changes', lane);
      const root = bucketRoot(bucketHashes(said));
      const truth = new Map(said.map((one) => [one.uri, `${one.rev} ${one.hash}`]));
      for (const reader of exchanges.filter((one) => one !== origin)) {
        const held = await hashed(reader, 'federation_mirrors', lane, origin.key);
        pairs += 1;
        compared += held.length;
        if (bucketRoot(bucketHashes(held)) === root) equal += 1;
        else differing.set(`${reader.key} ${origin.key}`, { reader: reader.key, origin: origin.key });
        const wrong = held.filter((one) => truth.get(one.uri) !== `${one.rev} ${one.hash}`);
        const missing = said.length - (held.length - held.filter((one) => !truth.has(one.uri)).length);
        drift += wrong.length + missing;
      }
    }
  }
  for (const reader of exchanges) {
    const lanes = await rows<{ partner_key: string; lane: string; state: string; code: string }>(
      reader,
      `select partner_key, lane, state, outcome -> 'failure' ->> 'code' as code from federation_lanes`,
    );
    for (const { key } of exchanges.filter((one) => one !== reader)) {
      const own = lanes.filter((one) => one.partner_key === key);
      const well = own.length === LANES.length && own.every(({ state }) => state === 'ok');
      if (!well)
        stuck.push(`${reader.key} of ${key}: ${own.map(({ lane, code }) => `${lane} ${code ?? 'ok'}`).join(', ')}`);
    }
  }
  return {
    drift,
    compared,
    differing: [...differing.values()],
    roots: { equal, of: pairs },
    stuck,
    ...(await readTrespasses(exchanges, liars)),
  };
}

async function readTrespasses(exchanges: readonly Exchange[], liars: readonly Liar[]) {
  let selfImports = 0;
  let untold = 0;
  const resurrected: string[] = [];
  const believed: string[] = [];
  const quarantined: Record<string, number> = {};
  const shown = new Set<string>();
  for (const exchange of exchanges) {
    const live = await rows<{ uri: string }>(
      exchange,
      `select uri from federation_changes where lane = 'catalogue' and op = 'upsert'`,
    );
    for (const { uri } of live) shown.add(uri);
    const [own] = await rows<{ listed: number }>(
      exchange,
      `select count(*)::int as listed from products where partner_key is null and status = 'listed'`,
    );
    untold += Math.abs((own?.listed ?? 0) - live.length);
  }
  const buried = new Set(liars.flatMap((liar) => liar.buried));
  for (const exchange of exchanges) {
    const { host } = new URL(exchange.proxy.url);
    const mirrors = await rows<{ partner_key: string; uri: string; title: string | null; amount: number | null }>(
      exchange,
      `select partner_key, uri, record -> 'title' ->> 'vi' as title, (record -> 'price' ->> 'amount')::bigint::float as amount
       from federation_mirrors where ${liveOf}`,
    );
    selfImports += mirrors.filter(({ uri }) => uri.startsWith(`ocop://${host}/`)).length;
    const lied = mirrors.filter(
      ({ uri, title, amount }) => buried.has(uri) || title?.includes(LIE_MARK) || (amount ?? 0) >= LIE_PRICE,
    );
    believed.push(...lied.map(({ partner_key, uri }) => `${exchange.key} of ${partner_key}: ${uri}`));
    const onShelf = await rows<{ partner_key: string; uri: string }>(
      exchange,
      `select partner_key, origin_uri as uri from products where partner_key is not null and status = 'listed'`,
    );
    const ghosts = onShelf.filter(({ partner_key, uri }) => !partner_key.startsWith('liar-') && !shown.has(uri));
    resurrected.push(...ghosts.map(({ uri }) => `${exchange.key}: ${uri}`));
    const held = await rows<{ reason: string; by: string; count: number }>(
      exchange,
      `select reason, case when partner_key like 'liar-%' then 'liar' else 'honest' end as by, count(*)::int as count
       from federation_quarantine group by 1, 2`,
    );
    for (const { reason, by, count } of held) {
      quarantined[`${by} ${reason}`] = (quarantined[`${by} ${reason}`] ?? 0) + count;
    }
  }
  return { selfImports, untold, resurrected, believed, quarantined };
}
