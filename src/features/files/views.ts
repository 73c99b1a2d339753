import { and, asc, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { returnPhotos } from '#features/care/tables.ts';
import { changeItems, changeSets } from '#features/changes/tables.ts';
import { complaintPhotos } from '#features/complaints/tables.ts';
import { fieldReportPhotos } from '#features/field-reports/tables.ts';
import { pictures, productDrafts } from '#features/products/tables.ts';
import { reviewPhotos } from '#features/reviews/tables.ts';
import { storedFiles } from './tables.ts';
import type { FileId } from './types.ts';

type Which = { readonly before: Date; readonly limit: number; readonly among?: readonly FileId[] };

/** How a list of pictures names this file: `[{ "fileId": … }]`. */
const named = sql`jsonb_build_array(jsonb_build_object('fileId', ${storedFiles.id}))`;

const inDraft = (reader: Reader) =>
  reader.select({ one: sql`1` }).from(productDrafts).where(sql`${productDrafts.fields} -> 'pictures' @> ${named}`);

/** An officer has yet to see it, or the seller to send it again. */
const inOpenChange = (reader: Reader) =>
  reader
    .select({ one: sql`1` })
    .from(changeItems)
    .innerJoin(changeSets, eq(changeSets.id, changeItems.setId))
    .where(
      and(
        inArray(changeSets.status, ['proposed', 'changes-requested']),
        eq(changeItems.field, 'pictures'),
        sql`${changeItems.after} @> ${named}`,
      ),
    );

/** Pictures sent before then that no product shows and nobody's draft, open change, return, complaint or review names. */
/** Pictures sent before then that no product shows and nobody's draft, open change, return, review or report names. */
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
        notExists(reader.select({ one: sql`1` }).from(returnPhotos).where(eq(returnPhotos.fileId, storedFiles.id))),
        notExists(reader.select({ one: sql`1` }).from(reviewPhotos).where(eq(reviewPhotos.fileId, storedFiles.id))),
        notExists(
          reader.select({ one: sql`1` }).from(complaintPhotos).where(eq(complaintPhotos.fileId, storedFiles.id)),
        ),
        notExists(
          reader.select({ one: sql`1` }).from(fieldReportPhotos).where(eq(fieldReportPhotos.fileId, storedFiles.id)),
        ),
        notExists(inDraft(reader)),
        notExists(inOpenChange(reader)),
      ),
    )
    .orderBy(asc(storedFiles.sentAt))
    .limit(limit);
