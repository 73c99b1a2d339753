import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, transact } from '#db/client.ts';
import { findFile, insertFile, type StoredFileRow } from './queries.ts';
import { checkUpload } from './rules/uploads.ts';
import { type FileId, type FileKind, type FileStore, fileProblems, type StoredFile, type Upload } from './types.ts';

const refuse = refusals(fileProblems);
type Deps = { readonly db: Db; readonly store: FileStore; readonly now: Clock };

/** Whose file it is: a business's, or the exchange's own when there is none. */
type FileOwner = { readonly actor: string; readonly businessId?: Id<'Business'> | undefined };

const viewOf = ({ id, kind, mediaType, name, byteLength, sha256 }: StoredFileRow): StoredFile => ({
  fileId: id,
  kind,
  mediaType,
  name,
  byteLength,
  sha256,
});

export type Files = ReturnType<typeof createFiles>;

export const createFiles = ({ db, store, now }: Deps) => ({
  /** Keeps what somebody sent. The bytes are stored before the row, and no transaction is open meanwhile. 413, 415. */
  keep: async (kind: FileKind, { bytes, name }: Upload, { actor, businessId }: FileOwner): Promise<StoredFile> => {
    const mediaType = checkUpload(kind, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const id: FileId = newId();
    const row: StoredFileRow = {
      id,
      kind,
      key: `uploads/${id}`,
      mediaType,
      name: clean(name).slice(0, 200) || 'tap-tin',
      byteLength: bytes.length,
      sha256,
      businessId: businessId ?? null,
      sentBy: actor,
      sentAt: now(),
    };
    await store.write(row.key, bytes);
    await transact(db, actor, (tx) => insertFile(tx, row));
    return viewOf(row);
  },
  /** A file with its bytes, if it is one of these businesses'; staff pass no list and see all. 404 otherwise. */
  read: async (id: FileId, businessIds?: readonly Id<'Business'>[]) => {
    const row = await findFile(db, id);
    const own = row && (!businessIds || (row.businessId !== null && businessIds.includes(row.businessId)));
    const bytes = own ? await store.read(row.key) : undefined;
    if (!row || !bytes) throw refuse('file-not-found');
    return { ...viewOf(row), bytes };
  },
});
