import { PullFailure } from '../../engine/failure.ts';
import { sha256Hex } from '../../protocol/canonical.ts';
import type { Lane } from '../../protocol/record.ts';
import type { Ctx, Page, SourceRecord } from '../adapter.ts';
import { type Goods, type GoodsBody, goodsUri } from './goods.ts';

const pageSize = 500;
/** The engine reads a thousand pages of a lane; beyond that a feed is none of a province. */
const maxGoods = 450_000;

/** What tells one state of a file from another, kept as the checkpoint of a lane. */
export type Mark = {
  readonly etag?: string;
  readonly modified?: string;
  /** SHA-256 of what came, for servers that say neither. */
  readonly digest?: string;
  /** Of the settings and the adapter: after a change of either the same file says something else. */
  readonly rules: string;
  /** Pages applied so far, while the file is not yet read to its end. */
  readonly page?: number;
};

export const rulesOf = (ctx: Ctx, adapterVersion: string): string =>
  sha256Hex(JSON.stringify([adapterVersion, ctx.partner.settings])).slice(0, 16);

/** The mark of a file that was read to its end by the same rules; anything else is read anew. */
export function markOf(from: string | undefined, rules: string): Mark | undefined {
  if (from === undefined) return undefined;
  try {
    const mark: unknown = JSON.parse(from);
    const known = mark && typeof mark === 'object' ? (mark as Mark) : undefined;
    return known?.rules === rules && known.page === undefined ? known : undefined;
  } catch {
    return undefined;
  }
}

/** The page of a lane in which nothing changed. */
export const unchanged = (from: string): Page => ({ records: [], next: from, complete: true });

/**
 * A whole file as pages. It is read twice, from memory: first to its end, so that a file that is cut or damaged changes
 * nothing, then page by page. The last page is the snapshot, and names all that the file named.
 */
export async function* snapshotPages(
  ctx: Ctx,
  lane: Lane,
  read: () => AsyncIterable<Goods>,
  mark: Mark,
): AsyncGenerator<Page> {
  await checkWhole(read());
  const readAt = ctx.now().toISOString();
  const named = new Set<string>();
  let records: SourceRecord[] = [];
  let page = 0;
  for await (const goods of read()) {
    const uri = goodsUri(ctx.partner.origin, lane, goods);
    // Packs share a listing, and of two things of one name the first is meant.
    if (named.has(uri)) continue;
    if (records.length === pageSize) {
      page += 1;
      yield { records, next: JSON.stringify({ ...mark, page }), complete: false };
      records = [];
    }
    named.add(uri);
    const body: GoodsBody = { lane, goods, readAt };
    records.push({ id: uri, body });
  }
  yield { records, next: JSON.stringify(mark), complete: true, snapshot: { total: named.size, named } };
}

async function checkWhole(goods: AsyncIterable<Goods>): Promise<void> {
  let count = 0;
  for await (const _one of goods) {
    count += 1;
    if (count > maxGoods) throw new PullFailure('too-large', `more than ${maxGoods} goods`);
  }
  if (count === 0) throw new PullFailure('snapshot-mismatch', 'the file names no goods at all');
}
