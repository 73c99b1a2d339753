import type { Clock } from '#core/clock.ts';
import { dayMs, localDate } from '#core/clock.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Care } from '#features/care/index.ts';
import { flagsInText } from '#features/changes/index.ts';
import type { Flag } from '#features/changes/types.ts';
import type { Files } from '#features/files/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import { type ReviewRow, refreshRating } from './queries.ts';
import { heededFlags } from './rules.ts';
import type { ReviewId } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly care: Pick<Care, 'proveOrder'>;
  readonly products: Pick<Products, 'touch'>;
  readonly files: Files;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
};

/** Who decides: a member for the businesses of the account, or an officer. */
export type Officer = { readonly actor: string; readonly address: string };
export type Member = Officer & { readonly businessIds: readonly BusinessId[] };

/** A working day: what waits for an officer is not seen by anybody meanwhile. */
const lookMs = dayMs;
export const subjectOf = (id: ReviewId) => ({ kind: 'review', id }) as const;

/** What of a text an officer should look at. */
export const marksOf = ({ now }: Pick<Deps, 'now'>, text: string): Flag[] =>
  heededFlags(flagsInText('text', text, localDate(now())));

type Waits = Pick<ReviewRow, 'state' | 'replyState' | 'flaggedAt' | 'flagAnsweredAt'>;
export const waits = ({ state, replyState, flaggedAt, flagAnsweredAt }: Waits): boolean =>
  state === 'waiting' || replyState === 'waiting' || (flaggedAt !== null && flagAnsweredAt === null);

type Placed = Waits & Pick<ReviewRow, 'id' | 'businessId' | 'points'>;

/** Brings a review before the officers if something about it waits, and says whether it does. */
export async function callOfficer({ queues, now }: Deps, tx: Tx, row: Placed, product: string): Promise<boolean> {
  if (!waits(row)) return false;
  await queues.put(tx, {
    queue: 'reviews',
    subject: subjectOf(row.id),
    title: product,
    path: `/quan-tri/danh-gia/${row.id}`,
    businessId: row.businessId,
    dueAt: new Date(now().getTime() + lookMs),
    facts: { points: String(row.points) },
  });
  return true;
}

/** The seller hears of it once, when everybody can read it. */
export const tellSeller = (
  { notices }: Deps,
  tx: Tx,
  { id, businessId, points }: Omit<Placed, keyof Waits>,
  product: string,
) =>
  notices.tell(tx, {
    kind: 'review.written',
    to: { businessId },
    values: { product, points },
    path: '/ban-hang/danh-gia',
    key: `review:${id}`,
  });

/** The figure of a product follows each change of what is shown of it; lists, search and partners follow the product. */
export async function followRating({ products }: Deps, tx: Tx, productId: ProductId): Promise<void> {
  await refreshRating(tx, productId);
  await products.touch(tx, productId);
}
