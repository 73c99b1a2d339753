import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import { deleteFile, findFile, insertFile, lockFile, type StoredFileRow, updateFile } from './queries.ts';
import { checkPicture, checkUpload, readableName } from './rules/uploads.ts';
import { fittingRendition, formatFor, placeholder, readOrMiss } from './showing.ts';
import {
  type FileId,
  type FileKind,
  type FileStore,
  fileProblems,
  type Imaging,
  type ShownPicture,
  type StoredFile,
  type Upload,
} from './types.ts';
import { createFileWork, RENDER_QUEUE } from './work.ts';

const refuse = refusals(fileProblems);
type Deps = {
  readonly db: Db;
  readonly store: FileStore;
  readonly imaging: Imaging;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly audit: Audit;
  readonly now: Clock;
};
export type Files = ReturnType<typeof createFiles>;

/** Whose file it is: a business's, or the exchange's own when there is none. */
type FileOwner = { readonly actor: string; readonly businessId?: Id<'Business'> | undefined };

const pictureOf = ({ width, height, colour }: StoredFileRow) =>
  width !== null && height !== null && colour !== null ? { width, height, colour } : null;

const viewOf = (row: StoredFileRow): StoredFile => ({
  fileId: row.id,
  kind: row.kind,
  mediaType: row.mediaType,
  name: row.name,
  byteLength: row.byteLength,
  sha256: row.sha256,
  picture: pictureOf(row),
});

/** Nobody's but these businesses'; staff pass no list and see all. */
const isOwn = ({ businessId }: StoredFileRow, businessIds?: readonly Id<'Business'>[]): boolean =>
  !businessIds || (businessId !== null && businessIds.includes(businessId));

/** What is a business's own is written as its sellers do, who see no other's files. */
const transactOn = <T>(db: Db, { sentBy, businessId }: StoredFileRow, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessId === null
    ? transact(db, sentBy, work)
    : transactAsSeller(db, { actor: sentBy, businessIds: [businessId] }, work);

/** Bytes first or row first, a crash between leaves one without the other: the row tells what was meant. */
async function writeBytes({ db, store, jobs }: Deps, row: StoredFileRow, bytes: Buffer): Promise<void> {
  await transactOn(db, row, (tx) => insertFile(tx, row));
  try {
    await store.write(row.key, bytes);
    await transactOn(db, row, async (tx) => {
      await updateFile(tx, row.id, { state: 'kept' });
      if (row.width !== null) await jobs.add(tx, RENDER_QUEUE, [{ fileId: row.id }]);
    });
  } catch (error) {
    // Where this fails as well, the row stays `sending` and the sweep comes for both.
    await store.remove(row.key).then(
      () => transactOn(db, row, (tx) => deleteFile(tx, row.id)),
      () => undefined,
    );
    throw Object.assign(refuse('storage-unavailable', { retryAfterSeconds: 60 }), { cause: error });
  }
}

export const createFiles = (deps: Deps) => {
  const { db, store, now, audit } = deps;
  const show = async (row: StoredFileRow, width: number, accept: string): Promise<ShownPicture> => {
    const chosen = fittingRendition(row.renditions, formatFor(accept), width);
    const bytes = chosen && (await readOrMiss(store, chosen.key));
    return bytes ? { type: `image/${chosen.format}`, bytes, final: true } : placeholder(row);
  };
  const find = async (id: FileId, businessIds?: readonly Id<'Business'>[]): Promise<StoredFileRow> => {
    const row = await findFile(db, id);
    if (!row || !isOwn(row, businessIds)) throw refuse('file-not-found');
    return row;
  };

  const read = async (id: FileId, businessIds?: readonly Id<'Business'>[]) => {
    const row = await find(id, businessIds);
    const bytes = await store.read(row.key).catch((error: unknown) => {
      throw Object.assign(refuse('storage-unavailable', { retryAfterSeconds: 60 }), { cause: error });
    });
    if (!bytes) throw refuse('file-not-found');
    return { ...viewOf(row), bytes };
  };
  return {
    ...createFileWork(deps),
    /**
     * Keeps what somebody sent, if it is what it should be: 413 `file-too-large`, 415 `file-type-refused`, 422 for what is
     * empty, damaged, moving or too large to decode. Sizes of pictures are made by a job. Call it outside a transaction.
     */
    keep: async (kind: FileKind, { bytes, name }: Upload, { actor, businessId }: FileOwner): Promise<StoredFile> => {
      const mediaType = checkUpload(kind, bytes);
      const isPicture = mediaType.startsWith('image/');
      const facts = isPicture
        ? checkPicture(mediaType, await deps.imaging.look(bytes))
        : { width: null, height: null, colour: null };
      const id: FileId = newId();
      const row: StoredFileRow = {
        id,
        kind,
        state: 'sending',
        key: `uploads/${id}`,
        mediaType,
        name: readableName(name),
        byteLength: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        ...facts,
        renditions: [],
        businessId: businessId ?? null,
        sentBy: actor,
        sentAt: now(),
      };
      await writeBytes(deps, row, bytes);
      return viewOf(row);
    },
    /** What is known of a file, if it is one of these businesses'; staff pass no list and see all. 404 otherwise. */
    find: async (id: FileId, businessIds?: readonly Id<'Business'>[]): Promise<StoredFile> =>
      viewOf(await find(id, businessIds)),
    /** The same with its bytes, to be offered for keeping and never shown. */
    read,
    /** For an officer: that they read it is written down, since papers name people. */
    readForOfficer: async (id: FileId, actor: string, address: string) => {
      const file = await read(id);
      const { name, sha256 } = file;
      const act = { action: 'file.read', subject: { kind: 'file', id }, after: { name, sha256 }, address } as const;
      await transact(db, actor, (tx) => audit.record(tx, act));
      return file;
    },
    /** A picture in one of its sizes for those who may see the file; undefined where it is no picture. 404 as `read`. */
    show: async (id: FileId, width: number, accept: string, businessIds?: readonly Id<'Business'>[]) => {
      const row = await find(id, businessIds);
      return row.width === null ? undefined : show(row, width, accept);
    },
    /** The same for a picture that is published, whoever asks. */
    showPublished: async (id: FileId, width: number, accept: string): Promise<ShownPicture | undefined> => {
      const row = await findFile(db, id);
      return row && show(row, width, accept);
    },
    /** A picture of this business, which `tx` is to show with a product; 404 for any other file. */
    lockPicture: async (tx: Tx, id: FileId, businessId: Id<'Business'>) => {
      const row = await lockFile(tx, id);
      const facts = row?.kind === 'picture' && isOwn(row, [businessId]) ? pictureOf(row) : null;
      if (!row || !facts) throw refuse('file-not-found');
      return { ...facts, key: row.key };
    },
  };
};
