import { and, asc, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { pictures } from '#features/products/tables.ts';
import { storedFiles } from './tables.ts';
import type { FileId } from './types.ts';

type Which = { readonly before: Date; readonly limit: number; readonly among?: readonly FileId[] };

/** Pictures sent before then that no product shows. */
export const listUnusedPictures = (reader: Reader, { before, limit, among }: Which) =>
  reader
    .select({ id: storedFiles.id })
    .from(storedFiles)
    .where(
      and(
        eq(storedFiles.kind, 'picture'),
        eq(storedFiles.state, 'kept'),
        lt(storedFiles.sentAt, before),
        among && inArray(storedFiles.id, [...among]),
        notExists(reader.select({ one: sql`1` }).from(pictures).where(eq(pictures.fileId, storedFiles.id))),
      ),
    )
    .orderBy(asc(storedFiles.sentAt))
    .limit(limit);
