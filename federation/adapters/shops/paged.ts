import { parseBoundedJson } from '../../engine/bounded-json.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Lane } from '../../protocol/record.ts';
import { makeUri } from '../../protocol/uri.ts';
import type { Checkpoint, Ctx, Page, PartnerAdapter, Present, SourceRecord } from '../adapter.ts';
import { idOf, type Row } from '../json-rows.ts';

/** Pages are counted from 1; the rows come in the order of their ids, so that an edit moves none of them. */
export type Asked = { readonly after: Date | undefined; readonly page: number; readonly take: number };
export type Answered = {
  readonly rows: readonly Row[];
  /** Of all rows that were asked for; undefined when the system did not say this time. */
  readonly total: number | undefined;
  /** The system's own clock; NaN when it does not tell. */
  readonly serverNow: number;
};

/**
 * What reading a shop so makes of it, whatever its system: goods by their date, offers whole since stock moves no date, the
 * vanished by a sweep, revisions of ours, and orders only there. No shop of these systems could be tried.
 */
export const PAGED = {
  simulated: true,
  lanes: { catalogue: 'since', offer: 'snapshot' },
  deletes: 'sweep',
  revisions: 'ours',
  // Whole đồng as number or decimal text: zeros behind the point are read, anything else is refused.
  money: { exponent: 0, tax: 'declared' },
  orders: 'referral',
} as const satisfies Partial<PartnerAdapter['manifest']>;
/** Of one answer. */
export const MAX_PAGE_BYTES = 16 * 1_048_576;

/** A shop whose products are listed by page number. */
export type PagedShop = {
  readonly manifest: PartnerAdapter['manifest'];
  readonly probe: PartnerAdapter['probe'];
  readonly normalise: PartnerAdapter['normalise'];
  readonly readPage: (ctx: Ctx, asked: Asked) => Promise<Answered>;
  /** Whether visitors of the shop see the product. */
  readonly isShown: (product: Row) => boolean;
  /** What is sold of these products, by the ids of the offers. */
  readonly offersOf: (ctx: Ctx, products: readonly Row[]) => Promise<readonly SourceRecord[]>;
  /** Rows a page, where a partner's settings say otherwise than the manifest. */
  readonly takeOf?: (ctx: Ctx) => number;
};

/**
 * `after` and `page`: what is asked next. `began`: the shop's clock when this reading began. `rows`: how many rows it had
 * then. `fullAt`: when everything was last read.
 */
type Position = {
  readonly after?: string | undefined;
  readonly page: number;
  readonly began?: string | undefined;
  readonly rows?: number | undefined;
  readonly fullAt: string;
};

/** What is published anew or restored can keep its old date and never come after a checkpoint: once a day all is read. */
const fullEveryMs = 86_400_000;

/**
 * Reads by a fixed lower bound and page numbers. The next bound is the shop's clock when the reading began, less the
 * overlap: what changed since, in whatever order and however many in one second, lies behind it.
 */
export function pagedAdapter(shop: PagedShop): PartnerAdapter {
  const takeOf = (ctx: Ctx) => shop.takeOf?.(ctx) ?? shop.manifest.limits.maxPage;
  return {
    manifest: shop.manifest,
    probe: shop.probe,
    normalise: shop.normalise,
    pull: (ctx, lane, from) => pull(shop, takeOf(ctx), ctx, lane, from),
    enumerate: (ctx, lane) => enumerate(shop, takeOf(ctx), ctx, lane),
  };
}

async function* pull(
  shop: PagedShop,
  take: number,
  ctx: Ctx,
  lane: Lane,
  from: Checkpoint | undefined,
): AsyncGenerator<Page> {
  let position = positionOf(from, ctx.now());
  // One instant for the whole pull: pages that are alike must look alike, or a feed that repeats itself is not seen.
  const readAt = ctx.now().toISOString();
  for (;;) {
    const after = lane === 'catalogue' && position.after !== undefined ? new Date(position.after) : undefined;
    const answer = await shop.readPage(ctx, { after, page: position.page, take });
    refuseSmallPages(answer, position.page, take);
    const isBeyond = isPastEnd(answer, position.page, take);
    const rows = isBeyond ? [] : answer.rows;
    const complete = isBeyond || isLast(answer, position.page, take);
    const records = lane === 'catalogue' ? listings(rows) : await shop.offersOf(ctx, rows.filter(shop.isShown));
    position = follow(position, answer, complete, shop.manifest.clock.overlapMs, ctx.now());
    const dated = records.map(({ id, body }) => ({ id, body: { ...Object(body), readAt } }));
    yield { records: dated, next: JSON.stringify(position), complete };
    if (complete) return;
  }
}

const listings = (rows: readonly Row[]): readonly SourceRecord[] =>
  rows.map((product) => ({ id: idOf(product.id), body: { product } }));

const isLast = ({ rows, total }: Answered, page: number, take: number): boolean =>
  rows.length < take || (total !== undefined && page * take >= total);

/** Magento gives its last page again when asked for one behind it. */
const isPastEnd = ({ total }: Answered, page: number, take: number): boolean =>
  page > 1 && total !== undefined && (page - 1) * take >= total;

/** A shop that caps its pages lower than we think would look as if it ended with its first page. */
function refuseSmallPages({ rows, total }: Answered, page: number, take: number): void {
  if (page > 1 || total === undefined || rows.length >= Math.min(take, total)) return;
  throw new PullFailure('schema-drift', `the first page has ${rows.length} of ${total} rows, asked for ${take}`);
}

/** When rows vanished while we read, those behind them slipped over a border unread: the same is asked again then. */
function follow(position: Position, answer: Answered, complete: boolean, overlapMs: number, now: Date): Position {
  const { after, page, fullAt } = position;
  const clock = Number.isNaN(answer.serverNow) ? now.getTime() : answer.serverNow;
  const began = page === 1 ? new Date(clock).toISOString() : position.began;
  const rows = page === 1 ? answer.total : position.rows;
  if (!complete) return { after, page: page + 1, began, rows, fullAt };
  const shrank = rows !== undefined && answer.total !== undefined && answer.total < rows;
  if (shrank || began === undefined) return { after, page: 1, fullAt };
  return { after: new Date(Date.parse(began) - overlapMs).toISOString(), page: 1, fullAt };
}

/** The position that a checkpoint names; the beginning when it names none that can be read, or the day is over. */
function positionOf(from: Checkpoint | undefined, now: Date): Position {
  const start = { page: 1, fullAt: now.toISOString() };
  const { after, page, began, rows, fullAt } = Object(parseQuietly(from ?? ''));
  const age = now.getTime() - Date.parse(String(fullAt));
  const isSound =
    Number.isSafeInteger(page) && page >= 1 && [after, began].every((at) => at === undefined || isInstant(at));
  if (!isSound || !(age >= 0 && age < fullEveryMs)) return start;
  return { after, page, began, rows: Number.isSafeInteger(rows) ? rows : undefined, fullAt };
}

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

function parseQuietly(text: string): unknown {
  try {
    return parseBoundedJson(Buffer.from(text));
  } catch {
    return undefined;
  }
}

/**
 * All that is shown, or nothing: throws PullFailure when the numbers do not agree at the start and at the end, since who
 * sweeps takes for gone what is not named here.
 */
async function* enumerate(shop: PagedShop, take: number, ctx: Ctx, lane: Lane): AsyncGenerator<Present> {
  const products = await readAll(shop, take, ctx);
  const shown = [...products.values()].filter(shop.isShown);
  const { origin } = ctx.partner;
  if (lane === 'catalogue') for (const { id } of shown) yield { uri: makeUri(origin, 'listing', idOf(id)) };
  for (let i = 0; lane === 'offer' && i < shown.length; i += take) {
    const offers = await shop.offersOf(ctx, shown.slice(i, i + take));
    for (const { id } of offers) yield { uri: makeUri(origin, 'offer', id) };
  }
}

async function readAll(shop: PagedShop, take: number, ctx: Ctx): Promise<ReadonlyMap<string, Row>> {
  const found = new Map<string, Row>();
  let first: number | undefined;
  for (let page = 1; ; page += 1) {
    const answer = await shop.readPage(ctx, { after: undefined, page, take });
    refuseSmallPages(answer, page, take);
    first ??= answer.total;
    const known = found.size;
    for (const row of answer.rows) found.set(idOf(row.id), row);
    if (isLast(answer, page, take)) {
      if (found.size === first && (answer.total ?? first) === first) return found;
      throw new PullFailure('snapshot-mismatch', `${found.size} products, ${first} were named, then ${answer.total}`);
    }
    if (found.size === known) throw new PullFailure('paging-loop', `page ${page} has nothing new`);
  }
}
