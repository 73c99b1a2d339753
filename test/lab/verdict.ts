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
  /** Lanes that the guard against mass deletion holds until a person has asked the origin. */
  readonly held: readonly Held[];
  /** Own products of which the feed says something else than the shop. */
  readonly untold: number;
  readonly quarantined: Readonly<Record<string, number>>;
};

export type Held = {
  readonly reader: string;
  readonly origin: string;
  /** What the reader would withdraw, and what of it the origin has no more by its own database. */
  readonly wouldGo: number;
  readonly isGone: number;
};

type Placed = Hashed & { readonly lane: string };
type Mirror = Placed & { readonly partner_key: string; readonly title: string | null; readonly amount: number | null };
type LaneRow = {
  readonly partner_key: string;
  readonly lane: string;
  readonly state: string;
  readonly code: string | null;
  readonly detail: string | null;
};
/** What one exchange says, holds and shows. */
type Look = {
  readonly exchange: Exchange;
  readonly said: readonly Placed[];
  readonly held: readonly Mirror[];
  readonly lanes: readonly LaneRow[];
  readonly listed: number;
  readonly onShelf: readonly { readonly partner_key: string; readonly uri: string }[];
  readonly kept: readonly { readonly reason: string; readonly by: string; readonly count: number }[];
};

const hashed = `uri, lane, (record ->> 'rev')::int as rev, hash`;
const isLive = `record ->> 'kind' <> 'tombstone'`;

/** By one connection: a look is taken every second, and each connection is a process of PostgreSQL. */
const lookAt = (exchange: Exchange): Promise<Look> =>
  asPatientOwner(exchange.databaseUrl, async (client) => {
    const rows = async <Row>(text: string): Promise<Row[]> => (await client.query(text)).rows as Row[];
    const [own] = await rows<{ listed: number }>(
      `select count(*)::int as listed from products where partner_key is null and status = 'listed'`,
    );
    return {
      exchange,
      said: await rows(`select ${hashed} from federation_changes where ${isLive}`),
      held: await rows(`select partner_key, ${hashed}, record -> 'title' ->> 'vi' as title,
        (record -> 'price' ->> 'amount')::bigint::float as amount from federation_mirrors where ${isLive}`),
      lanes: await rows(
        `select partner_key, lane, state, outcome -> 'failure' ->> 'code' as code, outcome -> 'failure' ->> 'detail' as detail from federation_lanes`,
      ),
      listed: own?.listed ?? 0,
      onShelf: await rows(
        `select partner_key, origin_uri as uri from products where partner_key is not null and status = 'listed'`,
      ),
      kept: await rows(`select reason, case when partner_key like 'liar-%' then 'liar' else 'honest' end as by,
        count(*)::int as count from federation_quarantine group by 1, 2`),
    };
  });

const rootOf = (records: readonly Hashed[]): string => bucketRoot(bucketHashes(records));
const words = ({ rev, hash }: Hashed): string => `${rev} ${hash}`;

/** Holds what each exchange shows of each other against what that one says and sells. */
export async function readStanding(exchanges: readonly Exchange[], liars: readonly Liar[]): Promise<Standing> {
  const looks = await Promise.all(exchanges.map(lookAt));
  return { ...compare(looks), stuck: findStuck(looks), held: findHeld(looks), ...findTrespasses(looks, liars) };
}

function compare(looks: readonly Look[]) {
  const sums = { drift: 0, compared: 0, equal: 0, of: 0 };
  const differing = new Map<string, { reader: string; origin: string }>();
  for (const origin of looks) {
    for (const lane of LANES) {
      const said = origin.said.filter((one) => one.lane === lane);
      const [root, truth] = [rootOf(said), new Map(said.map((one) => [one.uri, words(one)]))];
      const { key } = origin.exchange;
      for (const reader of looks.filter((one) => one !== origin)) {
        const held = reader.held.filter((one) => one.lane === lane && one.partner_key === key);
        sums.of += 1;
        sums.compared += held.length;
        if (rootOf(held) === root) sums.equal += 1;
        else differing.set(`${reader.exchange.key} ${key}`, { reader: reader.exchange.key, origin: key });
        const wrong = held.filter((one) => truth.get(one.uri) !== words(one));
        sums.drift += wrong.length + said.length - held.filter((one) => truth.has(one.uri)).length;
      }
    }
  }
  const { drift, compared, equal, of } = sums;
  return { drift, compared, roots: { equal, of }, differing: [...differing.values()] };
}

const findStuck = (looks: readonly Look[]): string[] =>
  looks.flatMap(({ exchange, lanes }) =>
    looks.flatMap(({ exchange: { key } }) => {
      const own = lanes.filter((one) => one.partner_key === key);
      const isWell = own.length === LANES.length && own.every(({ state }) => state === 'ok');
      if (key === exchange.key || isWell) return [];
      return [`${exchange.key} of ${key}: ${own.map(({ lane, code }) => `${lane} ${code ?? 'ok'}`).join(', ')}`];
    }),
  );

const findHeld = (looks: readonly Look[]): Held[] =>
  looks.flatMap(({ exchange, lanes, held }) =>
    looks.flatMap(({ exchange: { key }, said }) =>
      lanes
        .filter((one) => one.partner_key === key && one.state === 'held' && one.code === 'mass-delete')
        .map(({ lane, detail }) => {
          const there = new Set(said.filter((one) => one.lane === lane).map(({ uri }) => uri));
          const gone = held.filter((one) => one.partner_key === key && one.lane === lane && !there.has(one.uri));
          const wouldGo = Number(/^(\d+) of/.exec(detail ?? '')?.[1]);
          return { reader: exchange.key, origin: key, wouldGo, isGone: gone.length };
        }),
    ),
  );

function findTrespasses(looks: readonly Look[], liars: readonly Liar[]) {
  const quarantined: Record<string, number> = {};
  const live = (look: Look) => look.said.filter(({ lane }) => lane === 'catalogue');
  const shown = new Set(looks.flatMap((look) => live(look).map(({ uri }) => uri)));
  const buried = new Set(liars.flatMap((liar) => liar.buried));
  for (const { reason, by, count } of looks.flatMap(({ kept }) => kept)) {
    quarantined[`${by} ${reason}`] = (quarantined[`${by} ${reason}`] ?? 0) + count;
  }
  const isLie = ({ uri, title, amount }: Mirror): boolean =>
    buried.has(uri) || title?.includes(LIE_MARK) === true || (amount ?? 0) >= LIE_PRICE;
  const own = ({ proxy }: Exchange): string => `ocop://${new URL(proxy.url).host}/`;
  return {
    quarantined,
    untold: looks.reduce((sum, look) => sum + Math.abs(look.listed - live(look).length), 0),
    selfImports: looks.flatMap(({ exchange, held }) => held.filter(({ uri }) => uri.startsWith(own(exchange)))).length,
    believed: looks.flatMap(({ exchange, held }) =>
      held.filter(isLie).map(({ partner_key, uri }) => `${exchange.key} of ${partner_key}: ${uri}`),
    ),
    resurrected: looks.flatMap(({ exchange, onShelf }) =>
      onShelf
        .filter(({ partner_key, uri }) => !partner_key.startsWith('liar-') && !shown.has(uri))
        .map(({ uri }) => `${exchange.key}: ${uri}`),
    ),
  };
}
