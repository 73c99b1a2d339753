import { createHash } from 'node:crypto';
import { type Clock, dayMs } from '#core/clock.ts';
import { isId, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { FileStore, Upload } from '#features/files/types.ts';
import { applyImport } from './applying.ts';
import {
  countOutcomes,
  deleteImport,
  findImport,
  findOpenImport,
  type ImportRow,
  insertImport,
  listForgettable,
  listImports,
  listRows,
  lockImport,
  saveMapping,
  saveOutcomes,
  updateImport,
} from './queries.ts';
import { mappingKey, type OnProgress, type ReadingDeps, readImport } from './reading.ts';
import { createResult } from './result.ts';
import { isMapping } from './rules/headings.ts';
import { maxSheetBytes } from './sheets.ts';
import { type ImportId, importProblems, type Mapping, type Mode, type Verdict } from './types.ts';
import { listAgreedDays, listBusinessNames } from './views.ts';
import type { Goods } from './writing.ts';

const refuse = refusals(importProblems);
export const IMPORT_QUEUES = { read: 'imports.read', apply: 'imports.apply' } as const;

type Deps = Omit<ReadingDeps, 'store'> & {
  readonly db: Db;
  readonly store: FileStore;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly goods: Goods;
  readonly audit: Audit;
  readonly now: Clock;
};
export type Imports = ReturnType<typeof createImports>;
/** Who acts, and for which businesses they may. */
export type Importer = {
  readonly actor: string;
  readonly businessIds: readonly BusinessId[];
  /** The business when an assistant acts for it. */
  readonly onBehalfOf?: (businessId: BusinessId) => BusinessId | undefined;
  readonly address?: string;
};
export type Import = ImportRow & { readonly written: Readonly<Record<string, number>> };

type StartOptions = {
  /** An officer answers for it: what is new is for sale at once. */
  readonly listsAtOnce?: boolean;
  /** The caller reads it, and no worker is to. */
  readonly readsItself?: boolean;
};

const keptDays = 90;
const agreedAtOnce = 2_000;

/** An import of one of these businesses; another's does not exist. */
const own = (found: ImportRow | undefined, { businessIds }: Importer): ImportRow => {
  if (!found || !businessIds.includes(found.businessId)) throw refuse('import-not-found');
  return found;
};

/** What an assistant does with a household's sheet is written down with both names. */
const recordAssisted =
  ({ audit }: Deps) =>
  async (
    tx: Tx,
    { onBehalfOf, address }: Importer,
    { id, businessId }: Pick<ImportRow, 'id' | 'businessId'>,
    action: string,
    after: unknown,
  ): Promise<boolean> => {
    const household = onBehalfOf?.(businessId);
    if (household === undefined) return false;
    await audit.record(tx, { action, subject: { kind: 'import', id }, after, onBehalfOf: household, address });
    return true;
  };

function createSteps(deps: Deps) {
  const { db, jobs, store, now } = deps;
  const record = recordAssisted(deps);
  /** Locks an import at one of these steps, whose preview is the one that the caller has seen. */
  const lockAt = async (
    tx: Tx,
    importer: Importer,
    id: ImportId,
    states: readonly ImportRow['state'][],
    version?: number,
  ) => {
    const found = own(await lockImport(tx, id), importer);
    if (!states.includes(found.state)) throw refuse('import-state-refused', { state: found.state });
    if (version !== undefined && found.version !== version) throw refuse('import-outdated', { version: found.version });
    return found;
  };
  const start = async (
    importer: Importer,
    businessId: BusinessId,
    file: Upload,
    { listsAtOnce, readsItself }: StartOptions,
  ) => {
    const { actor, businessIds } = importer;
    if (!businessIds.includes(businessId)) throw refuse('import-business-unclear');
    if (file.bytes.length === 0) throw refuse('sheet-missing');
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const findOpen = () => readAsSeller(db, businessIds, (reader) => findOpenImport(reader, businessId, sha256));
    const open = await findOpen();
    if (open) return open.id;
    const id: ImportId = newId();
    const key = `imports/${id}`;
    // Before the row: whoever finds the row finds the bytes.
    await store.write(key, file.bytes);
    const row = {
      id,
      businessId,
      fileName: clean(file.name).slice(0, 200) || 'bang-hang',
      byteLength: file.bytes.length,
      sha256,
      key,
      sentBy: actor,
      createdAt: now(),
      state: 'reading' as const,
      listsAtOnce: listsAtOnce ?? false,
    };
    const isFirst = await transactAsSeller(db, importer, async (tx) => {
      if (!(await insertImport(tx, row))) return false;
      await record(tx, importer, row, 'import.sent', { fileName: row.fileName });
      if (!readsItself) await jobs.add(tx, IMPORT_QUEUES.read, [{ importId: id }]);
      return true;
    });
    if (isFirst) return id;
    await store.remove(key);
    const other = await findOpen();
    return other?.id ?? id;
  };
  return { lockAt, start };
}

/** What nobody asks for: it is done from time to time. */
const createUpkeep = ({ db, store, goods, now }: Deps) => ({
  /** Goods that an officer has let in by now get the batches of the days that their rows said. */
  addAgreedDays: (): Promise<void> =>
    transact(db, 'system:imports', async (tx) => {
      const agreed = await listAgreedDays(tx, agreedAtOnce);
      await goods.addDays(tx, agreed);
      const byImport = Map.groupBy(agreed, ({ importId }) => importId);
      for (const [id, rows] of byImport)
        await saveOutcomes(
          tx,
          id,
          rows.map(({ row }) => row),
          'written',
        );
    }),
  /** Forgets imports of long ago, with their files; what they wrote has its own journals. */
  forgetOld: async (): Promise<void> => {
    for (const found of await listForgettable(db, new Date(now().getTime() - keptDays * dayMs), 200)) {
      await transact(db, 'system:imports', (tx) => deleteImport(tx, found.id));
      await store.remove(found.key);
    }
  },
});

export const createImports = (deps: Deps) => {
  const { db, jobs, now } = deps;
  const { lockAt, start } = createSteps(deps);
  const record = recordAssisted(deps);
  const readAgain = (tx: Tx, id: ImportId): Promise<void> => jobs.add(tx, IMPORT_QUEUES.read, [{ importId: id }]);
  const get = async (importer: Importer, id: string): Promise<Import> => {
    if (!isId<'Import'>(id)) throw refuse('import-not-found');
    return readAsSeller(db, importer.businessIds, async (reader) => {
      const found = own(await findImport(reader, id), importer);
      return { ...found, written: await countOutcomes(reader, found.id) };
    });
  };

  return {
    maxBytes: maxSheetBytes,
    /** Keeps a sheet and has it read; the import, or the one that is open for the same bytes already. */
    start: (importer: Importer, businessId: BusinessId, file: Upload, options: StartOptions = {}): Promise<ImportId> =>
      start(importer, businessId, file, options),
    get,
    list: ({ businessIds }: Importer) =>
      readAsSeller(db, businessIds, (reader) => listImports(reader, businessIds, 50)),
    listBusinesses: ({ businessIds }: Importer) =>
      readAsSeller(db, businessIds, (reader) => listBusinessNames(reader, businessIds)),
    /** Rows of a preview, from a row on. */
    rows: async (
      importer: Importer,
      id: string,
      { verdict, after = 0, limit }: { verdict?: Verdict | undefined; after?: number; limit: number },
    ) => {
      const found = await get(importer, id);
      const rows = await readAsSeller(db, importer.businessIds, (reader) =>
        listRows(reader, found.id, verdict, after, limit + 1),
      );
      return { items: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.row ?? null) : null };
    },
    /** Says what the columns mean, for this sheet and the next with the same headings, and has it read again. */
    setMapping: (importer: Importer, id: ImportId, version: number, mapping: Mapping) =>
      transactAsSeller(db, importer, async (tx) => {
        const found = await lockAt(tx, importer, id, ['mapping', 'ready'], version);
        const headings = found.facts?.headings ?? [];
        if (!isMapping(mapping, headings.length)) throw refuse('import-mapping-invalid');
        const { businessId } = found;
        await saveMapping(tx, { businessId, fingerprint: mappingKey(headings), mapping, savedAt: now() });
        await updateImport(tx, id, [found.state], {
          state: 'reading',
          mapping,
          done: 0,
          counts: null,
          outdated: false,
        });
        await record(tx, importer, found, 'import.mapped', { mapping });
        await readAgain(tx, id);
      }),
    /** Has a preview written. A second confirmation of the same preview finds it done and changes nothing. */
    confirm: (importer: Importer, id: ImportId, version: number, mode: Mode, { writesItself = false } = {}) =>
      transactAsSeller(db, importer, async (tx) => {
        const found = own(await lockImport(tx, id), importer);
        const again = ['applying', 'done'].includes(found.state) && found.version === version && found.mode === mode;
        if (again) return;
        await lockAt(tx, importer, id, ['ready'], version);
        if (mode === 'all' && (found.counts?.blocking ?? 0) > 0)
          throw refuse('import-has-errors', { rows: found.counts?.blocking });
        const { counts, fileName } = found;
        const said = { fileName, mode, new: counts?.new, changed: counts?.changed };
        const assisted = await record(tx, importer, found, 'import.confirmed', said);
        await updateImport(tx, id, ['ready'], { state: 'applying', mode, done: 0, sentBy: importer.actor, assisted });
        if (!writesItself) await jobs.add(tx, IMPORT_QUEUES.apply, [{ importId: id }]);
      }),
    /** Calls an import off. What a piece has written before stays written, and the result says which rows. */
    cancel: (importer: Importer, id: ImportId) =>
      transactAsSeller(db, importer, async (tx) => {
        // Without a lock: the writing of all rows at once holds nothing that would make this wait for its end.
        const found = own(await findImport(tx, id), importer);
        const states = ['reading', 'mapping', 'ready', 'applying'] as const;
        if (!(await updateImport(tx, id, states, { state: 'cancelled', finishedAt: now() })))
          throw refuse('import-state-refused');
        await record(tx, importer, found, 'import.cancelled', { fileName: found.fileName });
      }),
    result: async (importer: Importer, id: string, kind: 'csv' | 'xlsx') =>
      createResult(deps, await get(importer, id), kind),
    /** Does what the jobs do, at once: for a command, whose terminal watches. */
    readNow: (id: ImportId, onProgress?: OnProgress) => readImport(deps, id, onProgress),
    applyNow: (id: ImportId, onProgress?: OnProgress) => applyImport({ ...deps, readAgain }, id, onProgress),
    ...createUpkeep(deps),
  };
};
