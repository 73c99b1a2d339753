import { createHash } from 'node:crypto';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { csvOf } from '#core/spreadsheet.ts';
import { type Reader, type Tx, transact } from '#db/client.ts';
import type { Upload } from '#features/files/types.ts';
import { openSheet } from '#features/imports/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Officer } from './deciding.ts';
import { type Deps, importPath, importSubjectOf } from './deps.ts';
import { confirmImport, insertImport, lockImport, type StoredImport, saveChoices } from './queries.ts';
import { type JudgedRow, judgeRows, type RowOutcome } from './rules/matching.ts';
import { readHeadings, readRow, type SheetRow, TEMPLATE_HEADINGS } from './rules/sheet.ts';
import { checkSubmission } from './rules/submission.ts';
import { recordEntries } from './submitting.ts';
import { certificateProblems, type ImportId } from './types.ts';
import { findImport, listCandidates, listImports, listOfImport, listRecorded } from './views.ts';

const refuse = refusals(certificateProblems);
/** A province recognises some hundreds a year. */
const maxRows = 2_000;
/** The title and the heading of a decision stand above its table. */
const headingLines = 20;
const shownImports = 20;

export type DecisionEntry = { readonly issuer: string; readonly decisionNumber: string; readonly issuedOn: string };

const textOf = (cell: unknown): string => {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return cell === null || cell === undefined ? '' : String(cell);
};

type Line = { readonly line: number; readonly cells: readonly string[] };

async function readLines(bytes: Buffer): Promise<readonly Line[]> {
  const sheet = await openSheet(bytes);
  const lines: Line[] = [];
  for await (const record of sheet.records()) {
    lines.push({ line: lines.length + 1, cells: record.map(textOf) });
    if (lines.length > maxRows + headingLines) throw refuse('decision-sheet-too-long', { maxRows });
  }
  return lines;
}

/** The rows of the table, wherever in the sheet it begins. 422 `decision-sheet-unreadable`, `decision-sheet-too-long`. */
async function readSheet(bytes: Buffer): Promise<SheetRow[]> {
  const lines = await readLines(bytes);
  const at = lines.slice(0, headingLines).findIndex(({ cells }) => readHeadings(cells) !== undefined);
  const columns = readHeadings(lines[at]?.cells ?? []);
  const rows = columns ? lines.slice(at + 1).flatMap(({ line, cells }) => readRow(line, cells, columns) ?? []) : [];
  if (rows.length === 0) throw refuse('decision-sheet-unreadable', { headings: TEMPLATE_HEADINGS });
  return rows;
}

/** What its lines would do now: the register may have changed since the last look. */
async function judge(reader: Reader, found: StoredImport): Promise<readonly JudgedRow[]> {
  const candidates = await listCandidates(reader, found.rows);
  const recorded = new Set(await listRecorded(reader, found));
  return judgeRows(found.rows, { decision: found, candidates, recorded, choices: found.choices });
}

const words: Readonly<Record<RowOutcome, string>> = {
  new: 'Ghi nhận, chờ thẩm tra / Recorded, waits for verification',
  recorded: 'Đã ghi từ trước / Recorded before',
  unknown: 'Không tìm thấy sản phẩm / Unknown product',
  ambiguous: 'Hợp với nhiều sản phẩm, chưa chọn / Fits several products, none chosen',
  contradiction: 'Mã thuộc cơ sở khác / The code belongs to another business',
  twice: 'Trùng dòng khác / Same product as another line',
  'wrong-star': 'Hạng sao không hợp lệ với cơ quan ký / Stars not valid for this authority',
  'wrong-score': 'Điểm không khớp hạng sao / Score does not fit the stars',
};

const resultRow = ({ row, outcome, product }: JudgedRow, isConfirmed: boolean) => [
  row.line,
  // Once confirmed, what was new is what is recorded.
  isConfirmed && outcome === 'recorded' ? words.new : words[outcome],
  row.sku,
  row.gtin,
  row.name,
  row.business,
  row.taxCode,
  row.star,
  row.score,
  product?.sku ?? '',
  product?.name ?? '',
];

async function writeDown(deps: Deps, tx: Tx, officer: Officer, found: StoredImport): Promise<number> {
  const { audit, queues, now } = deps;
  const { id, issuer, decisionNumber, issuedOn, evidenceFileId: fileId, evidenceSha256: sha256 } = found;
  const rows = (await judge(tx, found)).filter(({ outcome }) => outcome === 'new');
  if (rows.length === 0) throw refuse('decision-nothing-new');
  const decision = { kind: 'ocop', issuer, decisionNumber, issuedOn, expiresOn: null } as const;
  const entries = rows.map(({ product, star, scoreTenths }) => ({
    ...decision,
    star: star ?? null,
    productId: (product?.productId ?? '') as ProductId,
    scoreTenths,
    evidence: { fileId, sha256 },
    importId: id,
  }));
  await recordEntries(deps, tx, officer.actor, entries);
  await confirmImport(tx, id, { confirmedAt: now(), recordedCount: entries.length });
  await queues.put(tx, {
    queue: 'certificates',
    subject: importSubjectOf(id),
    title: `${decisionNumber} (${entries.length})`,
    path: importPath(id),
    facts: { kind: 'ocop', number: decisionNumber, issuer },
  });
  await audit.record(tx, {
    action: 'certificate-import.confirmed',
    subject: importSubjectOf(id),
    after: { issuer, decisionNumber, issuedOn, recorded: entries.length },
    address: officer.address,
  });
  return entries.length;
}

/** A decision of an authority with the list of its products: looked at, confirmed, then verified by somebody else. */
export function createImporting(deps: Deps) {
  const { db, files, now } = deps;
  const get = async (id: ImportId): Promise<StoredImport> => {
    const found = await findImport(db, id);
    if (!found) throw refuse('certificate-import-not-found');
    return found;
  };
  const lock = async (tx: Tx, id: ImportId): Promise<StoredImport> => {
    const found = await lockImport(tx, id);
    if (!found) throw refuse('certificate-import-not-found');
    if (found.confirmedAt) throw refuse('certificate-import-confirmed');
    return found;
  };
  return {
    listImports: () => listImports(db, shownImports),
    /** Reads a list; nothing of it is recorded before it is confirmed. 413, 415 or 422 for what is no such list. */
    startImport: async (
      officer: Officer,
      entry: DecisionEntry,
      list: Upload | undefined,
      copy: Upload | undefined,
    ): Promise<ImportId> => {
      // The stars of each line are looked at later; three fits every authority that may sign a list.
      const star = /^Bộ /.test(entry.issuer.trim()) ? 5 : 3;
      const checked = checkSubmission({ kind: 'ocop', ...entry, star, expiresOn: null }, now());
      if (checked.validUntil !== null && checked.validUntil <= now()) throw refuse('certificate-lapsed');
      if (!list || list.bytes.length === 0) throw refuse('decision-sheet-required');
      if (!copy || copy.bytes.length === 0) throw refuse('evidence-required');
      const rows = await readSheet(list.bytes);
      const { fileId, sha256 } = await files.keep('document', copy, { actor: officer.actor });
      const { issuer, decisionNumber, issuedOn } = checked;
      const id: ImportId = newId();
      await transact(db, officer.actor, (tx) =>
        insertImport(tx, {
          id,
          issuer,
          decisionNumber,
          issuedOn,
          fileName: list.name.slice(0, 200),
          sha256: createHash('sha256').update(list.bytes).digest('hex'),
          evidenceFileId: fileId,
          evidenceSha256: sha256,
          rows,
          createdBy: officer.actor,
          createdAt: now(),
        }),
      );
      return id;
    },
    getImport: async (id: ImportId) => {
      const found = await get(id);
      const claim = await deps.queues.findClaim(importSubjectOf(id));
      return { found, rows: await judge(db, found), certificates: await listOfImport(db, id), claim };
    },
    /** Keeps which product an officer meant by a line that fits several. 409 once it is confirmed. */
    choose: (officer: Officer, id: ImportId, choices: Readonly<Record<string, string>>): Promise<void> =>
      transact(db, officer.actor, async (tx) => {
        const found = await lock(tx, id);
        await saveChoices(tx, id, { ...found.choices, ...choices });
      }),
    /** Records every line that is new, all or none; how many. They wait for another certifier. */
    confirmImport: (officer: Officer, id: ImportId): Promise<number> =>
      transact(db, officer.actor, async (tx) => writeDown(deps, tx, officer, await lock(tx, id))),
    /** The list with what became of each line, guarded against formulas. */
    resultOf: async (id: ImportId): Promise<Buffer> => {
      const found = await get(id);
      const rows = await judge(db, found);
      const head = ['Dòng', 'Kết quả / Result', ...TEMPLATE_HEADINGS, 'Mã hàng tìm thấy', 'Sản phẩm tìm thấy'];
      return csvOf([head, ...rows.map((row) => resultRow(row, found.confirmedAt !== null))]);
    },
    template: (): Buffer =>
      csvOf([
        [...TEMPLATE_HEADINGS],
        ['ST-0002', '', 'Hành tím để chùm nguyên tép', 'HTX Hành tím Bãi Giồng', '', '3 sao', '62,5'],
        ['', '', 'Tên sản phẩm như trên sàn', 'Tên cơ sở như trên sàn', '', '4', ''],
      ]),
  };
}
