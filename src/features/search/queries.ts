import { createHash } from 'node:crypto';
import { and, asc, count, eq, gt, gte, sql } from 'drizzle-orm';
import { fold } from '#core/vietnamese.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { rankedText, soundVector, spellings, wordVector } from './rules/document.ts';
import { searchDocuments as documents } from './tables.ts';
import type { SearchDocument } from './types.ts';

const digestOf = (document: SearchDocument): string =>
  createHash('sha1').update(JSON.stringify(document)).digest('base64url');

const toRow = (document: SearchDocument) => ({
  product_id: document.productId,
  document,
  digest: digestOf(document),
  text: rankedText(document),
  words: wordVector(document),
  sounds: soundVector(document),
  sort_name: fold(document.name),
  ...factColumns(document.facts),
});

const factColumns = (facts: SearchDocument['facts']) => ({
  category: facts.category,
  category_id: facts.categoryId,
  stars: facts.stars,
  certificate: facts.certificate,
  ward: facts.ward,
  business: facts.business,
  business_id: facts.businessId,
  partner: facts.partner,
  price_vnd: facts.priceVnd,
  price: facts.price,
  in_stock: facts.inStock,
  listed_at: new Date(facts.listedAt).toISOString(),
});

/**
 * Whoever indexes a product reads and saves it under this lock: otherwise one who read earlier could save later and put
 * the older state on top. Locked in order, so that two batches with the same products do not wait for each other.
 */
export async function lockForIndexing(tx: Tx, ids: readonly ProductId[]): Promise<void> {
  const sorted = [...new Set(ids)].sort();
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtextextended(id, 5)) from unnest(${sql.param(sorted)}::text[]) with ordinality as t(id, place) order by place`);
}

/** Saves documents that differ from what is stored; returns how many did. */
export async function saveDocuments(tx: Tx, saved: readonly SearchDocument[]): Promise<number> {
  if (saved.length === 0) return 0;
  // Sorted, so that two workers with the same products take the row locks in the same order.
  const rows = saved.map(toRow).sort((a, b) => (a.product_id < b.product_id ? -1 : 1));
  const result = await tx.execute(sql`
    insert into search_documents (product_id, document, digest, text, words, sounds, sort_name, category, category_id,
      stars, certificate, ward, business, business_id, partner, price_vnd, price, in_stock, listed_at)
    select product_id, document, digest, text, words::tsvector, sounds::tsvector, sort_name, category, category_id,
      stars, certificate, ward, business, business_id, partner, price_vnd, price, in_stock, listed_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(product_id uuid, document jsonb, digest text, text text, words text, sounds text, sort_name text, category text, category_id smallint, stars smallint, certificate text[], ward text,
      business text, business_id uuid, partner text, price_vnd bigint, price text, in_stock boolean, listed_at timestamptz)
    on conflict (product_id) do update set document = excluded.document, digest = excluded.digest, text = excluded.text,
      words = excluded.words, sounds = excluded.sounds, sort_name = excluded.sort_name,
      category = excluded.category, category_id = excluded.category_id, stars = excluded.stars, certificate = excluded.certificate, ward = excluded.ward,
      business = excluded.business, business_id = excluded.business_id, partner = excluded.partner,
      price_vnd = excluded.price_vnd, price = excluded.price, in_stock = excluded.in_stock, listed_at = excluded.listed_at,
      removed = false, version = search_documents.version + 1, changed_at = clock_timestamp()
    where search_documents.removed or search_documents.digest <> excluded.digest`);
  return result.rowCount ?? 0;
}

/** Adds the words of these documents to those that misspellings are corrected to. Words stay when their products go. */
export async function saveWords(tx: Tx, saved: readonly SearchDocument[]): Promise<void> {
  const words = [...new Set(saved.flatMap(spellings))].sort();
  if (words.length === 0) return;
  await tx.execute(sql`
    insert into search_words (word) select word from unnest(${sql.param(words)}::text[]) as new(word)
    where not exists (select 1 from search_words known where known.word = new.word) on conflict do nothing`);
}

/** Marks documents as gone; returns how many were there. */
export async function removeDocuments(tx: Tx, ids: readonly ProductId[]): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await tx.execute(sql`
    update search_documents set removed = true, version = version + 1, changed_at = clock_timestamp()
    where product_id in (select product_id from search_documents where product_id = any(${sql.param([...ids])}::uuid[])
      and not removed order by product_id for update)`);
  return result.rowCount ?? 0;
}

/** The same for all documents of a partner that is not shown; returns how many were there. */
export async function removePartner(tx: Tx, key: string): Promise<number> {
  const result = await tx.execute(sql`
    update search_documents set removed = true, version = version + 1, changed_at = clock_timestamp()
    where product_id in (select product_id from search_documents where partner = ${key} and not removed
      and exists (select from partners p where p.key = ${key} and p.state not in ('probation', 'active')) order by product_id for update)`);
  return result.rowCount ?? 0;
}

const columns = {
  productId: documents.productId,
  document: documents.document,
  removed: documents.removed,
  version: documents.version,
};
export type DocumentRow = Awaited<ReturnType<typeof listUnmirrored>>[number];

const beyond = (after: ProductId | undefined) => (after ? gt(documents.productId, after) : undefined);

export const listUnmirrored = (reader: Reader, after: ProductId | undefined, limit: number) =>
  reader
    .select(columns)
    .from(documents)
    .where(and(sql`${documents.version} <> ${documents.mirroredVersion}`, beyond(after)))
    .orderBy(asc(documents.productId))
    .limit(limit);

export const listDocumentsAfter = (reader: Reader, after: ProductId | undefined, limit: number) =>
  reader
    .select(columns)
    .from(documents)
    .where(and(eq(documents.removed, false), beyond(after)))
    .orderBy(asc(documents.productId))
    .limit(limit);

export const listChangedSince = (reader: Reader, since: Date, after: ProductId | undefined, limit: number) =>
  reader
    .select(columns)
    .from(documents)
    .where(and(gte(documents.changedAt, since), beyond(after)))
    .orderBy(asc(documents.productId))
    .limit(limit);

/**
 * Notes that the mirror holds these versions. Where a row has moved on meanwhile, another worker may have sent the newer
 * version before this older one arrived: such a row is sent again.
 */
export async function markMirrored(
  tx: Tx,
  rows: readonly Pick<DocumentRow, 'productId' | 'version' | 'removed'>[],
): Promise<void> {
  const sent = JSON.stringify(rows.map(({ productId, version }) => ({ id: productId, version })));
  await tx.execute(sql`
    update search_documents d set mirrored_version = case when d.version = sent.version then sent.version else 0 end
    from jsonb_to_recordset(${sent}::jsonb) as sent(id uuid, version integer) where d.product_id = sent.id`);
  await tx.execute(sql`
    delete from search_documents where removed and mirrored_version = version
      and product_id = any(${sql.param(rows.filter(({ removed }) => removed).map(({ productId }) => productId))}::uuid[])`);
}

/** After a rebuild: what changed before `since` is in the new index, the rest is sent once more. */
export async function markRebuilt(tx: Tx, since: Date): Promise<void> {
  await tx.execute(sql`
    update search_documents set mirrored_version = case when changed_at < ${since.toISOString()}::timestamptz then version else 0 end`);
}

export async function countDocuments(reader: Reader): Promise<number> {
  const [row] = await reader.select({ count: count() }).from(documents).where(eq(documents.removed, false));
  return row?.count ?? 0;
}

export async function databaseNow(reader: Reader): Promise<Date> {
  const { rows } = await reader.execute<{ now: string }>(sql`select to_json(clock_timestamp()) #>> '{}' as now`);
  return new Date(rows[0]?.now ?? 0);
}
