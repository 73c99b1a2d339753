import { and, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { federationOverlays, federationQuarantine, federationTwins } from '../tables.ts';
import type { QuarantineId } from '../types.ts';

export type Overlay = typeof federationOverlays.$inferSelect;

export async function listOverlays(
  reader: Reader,
  partnerKey: string,
  uris: readonly string[],
): Promise<ReadonlyMap<string, Overlay>> {
  const rows = await reader
    .select()
    .from(federationOverlays)
    .where(and(eq(federationOverlays.partnerKey, partnerKey), inArray(federationOverlays.uri, [...uris])));
  return new Map(rows.map((row) => [row.uri, row]));
}

export async function saveOverlay(tx: Tx, overlay: Overlay): Promise<void> {
  const { partnerKey: _partner, uri: _uri, ...set } = overlay;
  await tx
    .insert(federationOverlays)
    .values(overlay)
    .onConflictDoUpdate({ target: [federationOverlays.partnerKey, federationOverlays.uri], set });
}

export async function findQuarantined(reader: Reader, id: QuarantineId) {
  const [row] = await reader.select().from(federationQuarantine).where(eq(federationQuarantine.id, id));
  return row;
}

export const listQuarantined = (reader: Reader, partnerKey: string) =>
  reader
    .select()
    .from(federationQuarantine)
    .where(eq(federationQuarantine.partnerKey, partnerKey))
    .orderBy(desc(federationQuarantine.lastSeenAt))
    .limit(200);

export async function dismissQuarantined(tx: Tx, id: QuarantineId, reason: string, now: Date): Promise<void> {
  await tx
    .update(federationQuarantine)
    .set({ dismissedAt: now, dismissedReason: reason })
    .where(eq(federationQuarantine.id, id));
}

export const listTwinVerdicts = (reader: Reader) => reader.select().from(federationTwins);

export async function saveTwinVerdict(tx: Tx, row: typeof federationTwins.$inferInsert): Promise<void> {
  const { one: _one, other: _other, ...set } = row;
  await tx
    .insert(federationTwins)
    .values(row)
    .onConflictDoUpdate({ target: [federationTwins.one, federationTwins.other], set });
}

/** How many records of each partner wait for somebody. */
export const countQuarantined = (reader: Reader) =>
  reader
    .select({
      partnerKey: federationQuarantine.partnerKey,
      count: count(),
      oldestAt: sql<Date>`min(${federationQuarantine.firstSeenAt})`.mapWith(federationQuarantine.firstSeenAt),
    })
    .from(federationQuarantine)
    .where(isNull(federationQuarantine.dismissedAt))
    .groupBy(federationQuarantine.partnerKey);
