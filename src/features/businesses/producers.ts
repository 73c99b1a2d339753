import { newId } from '#core/ids.ts';
import { slugify } from '#core/vietnamese.ts';
import type { Tx } from '#db/client.ts';
import { listPartnerBusinesses, upsertPartnerBusinesses } from './queries/register.ts';
import type { BusinessId, BusinessType } from './types.ts';

export type PartnerProducer = {
  readonly originUri: string;
  readonly name: string;
  readonly type: BusinessType;
  readonly taxCode?: string;
};

const rowOf = (partnerKey: string, { originUri, name, type, taxCode }: PartnerProducer, at: Date) => {
  const id = newId<'Business'>();
  const slug = `${slugify(name) || 'co-so'}-${partnerKey}-${id.slice(-6)}`;
  const told = { name, type, taxCode: taxCode ?? null, partnerKey, originUri };
  return { id, slug, ...told, status: 'approved' as const, createdAt: at, updatedAt: at };
};

/** Writes those that are new or say something else than before: a page of hundreds of listings names the same few. */
export async function mirrorProducers(
  tx: Tx,
  partnerKey: string,
  producers: readonly PartnerProducer[],
  at: Date,
): Promise<ReadonlyMap<string, BusinessId>> {
  const ids = new Map<string, BusinessId>();
  if (producers.length === 0) return ids;
  const uris = producers.map(({ originUri }) => originUri);
  const known = new Map((await listPartnerBusinesses(tx, partnerKey, uris)).map((row) => [row.originUri, row]));
  const news: PartnerProducer[] = [];
  for (const producer of producers) {
    const row = known.get(producer.originUri);
    const isSame = row?.name === producer.name && row.taxCode === (producer.taxCode ?? null);
    if (row && isSame) ids.set(producer.originUri, row.id);
    else news.push(producer);
  }
  if (news.length === 0) return ids;
  const saved = await upsertPartnerBusinesses(
    tx,
    news.map((producer) => rowOf(partnerKey, producer, at)),
  );
  for (const { id, originUri } of saved) if (originUri) ids.set(originUri, id);
  return ids;
}
