import type { Clock } from '#core/clock.ts';
import { type Id, newId, readCode } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import { type Db, transact } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Files } from '#features/files/index.ts';
import type { FileId, Upload } from '#features/files/types.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';
import type { Queues } from '#features/queues/index.ts';
import type { Takedowns } from '#features/takedowns/index.ts';
import { addPhotos, insertReport, lockReport, saveReport } from './queries.ts';
import { checkWords, coarse, dueAtOf, maxPhotos, takesPhotos } from './rules.ts';
import { type FieldReportId, type ReportKind, type ReportOutcome, reportProblems } from './types.ts';
import { findReport, findSubject, findWhole, listReports, type ReportScope, type WholeReport } from './views.ts';

const refuse = refusals(reportProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly codes: Codes;
  readonly files: Files;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  readonly takedowns: Pick<Takedowns, 'request'>;
  /** So many an hour from one place. 429 `too-many-attempts`. */
  readonly atMost: (key: string, max: number) => Promise<unknown>;
  readonly exchangeName: string;
};
export type FieldReports = ReturnType<typeof createFieldReports>;

/** Who reports. Without an account there is a phone number, so that an officer can ask back. */
export type Reporter = {
  readonly actor: string;
  readonly address: string;
  readonly accountId: Id<'Account'> | undefined;
  readonly phone?: string | undefined;
};
export type Told = {
  readonly of: { readonly product: string } | { readonly business: string };
  readonly kind: ReportKind;
  readonly text: string;
  readonly wardCode?: string | undefined;
  readonly position?: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly photos?: readonly Upload[];
};
type Officer = { readonly actor: string; readonly address: string };
type Verdict = { readonly outcome: ReportOutcome; readonly reason: string };
const reportsAnHour = 10;
const subjectOf = (id: FieldReportId) => ({ kind: 'field-report', id }) as const;
const full = () => refuse('report-photos-full', { pointer: '/photos', errors: [{ pointer: '/photos' }] });

/** A number that can be called, or nothing for those who are signed in. */
function contactOf({ phone = '', accountId }: Reporter): string | null {
  const read = readPhone(phone);
  if (read) return read;
  if (accountId && phone === '') return null;
  throw refuse('report-contact-missing', { pointer: '/phone', errors: [{ pointer: '/phone' }] });
}

const createTelling = ({ db, now, codes, files, queues, atMost }: Deps) => {
  const keepPhotos = async ({ actor }: Reporter, photos: readonly Upload[]): Promise<FileId[]> => {
    if (photos.length > maxPhotos) throw full();
    const kept: FileId[] = [];
    // The exchange's own: no business is offered what was sent as it is, with the place where it was taken.
    for (const photo of photos) kept.push((await files.keep('picture', photo, { actor })).fileId);
    return kept;
  };
  return {
    findSubject: (of: Told['of']) => findSubject(db, of),
    /** Takes a report down, and puts it before the officers with its clock. */
    report: async (reporter: Reporter, told: Told) => {
      const text = checkWords(told.text, '/text');
      const phone = contactOf(reporter);
      const subject = await findSubject(db, told.of);
      if (!subject) throw refuse('report-not-found');
      await atMost(`field-report:${reporter.address}`, reportsAnHour);
      const kept = await keepPhotos(reporter, told.photos ?? []);
      const { position } = told;
      return transact(db, reporter.actor, async (tx) => {
        const [code = ''] = await codes.take(tx, 'field-report', 1);
        const createdAt = now();
        const row = {
          id: newId<'FieldReport'>(),
          code,
          businessId: subject.businessId,
          productId: subject.productId,
          kind: told.kind,
          dueAt: dueAtOf(createdAt),
          createdAt,
          outcome: null,
          reason: null,
          decidedAt: null,
        };
        await insertReport(tx, row, {
          reportId: row.id,
          text,
          phone,
          accountId: reporter.accountId ?? null,
          wardCode: told.wardCode || null,
          latitude: position ? coarse(position.latitude) : null,
          longitude: position ? coarse(position.longitude) : null,
        });
        await addPhotos(tx, row.id, kept);
        await queues.put(tx, {
          queue: 'field-reports',
          subject: subjectOf(row.id),
          title: subject.name,
          path: `/quan-tri/phan-anh/${code}`,
          businessId: subject.businessId,
          dueAt: row.dueAt,
          facts: { code, kind: told.kind },
        });
        return row;
      });
    },
    /** One photo more, by whoever holds the code, within the first hour. */
    addPhoto: async (reporter: Reporter, typed: string, photo: Upload): Promise<void> => {
      const code = readCode(typed);
      const known = await findReport(db, code);
      if (!known) throw refuse('report-not-found');
      if (!takesPhotos(known.createdAt, now())) throw full();
      const kept = await keepPhotos(reporter, [photo]);
      await transact(db, reporter.actor, async (tx) => {
        const row = await lockReport(tx, code);
        if (row && (await addPhotos(tx, row.id, kept)) > maxPhotos) throw full();
      });
    },
  };
};

/** What officers find out and decide. */
const createDeciding = ({ db, now, queues, audit, notices, takedowns, exchangeName }: Deps) => {
  const getWhole = async (code: string): Promise<WholeReport> => {
    const report = await findWhole(db, readCode(code));
    if (!report) throw refuse('report-not-found');
    return report;
  };
  /** By the way that every takedown goes, with this report as its paper. Asked for twice it is there already. */
  const askTakedown = async (officer: Officer, { code, productId }: WholeReport, reason: string): Promise<void> => {
    if (!productId) throw refuse('report-of-no-product');
    const request = { requestNumber: code, authority: exchangeName, reason, receivedAt: now() };
    await takedowns.request(officer, productId, request).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'takedown-already-requested') throw error;
    });
  };
  /** The reporter hears what came of it; the business hears what was found, and never of whom. */
  const noticesOf = (known: WholeReport, { outcome, reason }: Verdict) => {
    const { code, businessId, businessName, productName, accountId, phone } = known;
    const values = { code, about: productName ?? businessName, reason };
    const contact = accountId ? { accountId } : phone ? { phone } : undefined;
    const told = {
      kind: `field-report.${outcome}`,
      path: `/phan-anh/${code}`,
      values,
      key: `field-report:${known.id}`,
    };
    const business = { to: { businessId }, path: '/ban-hang/phan-anh', values };
    return [
      ...(contact ? [{ ...told, to: contact }] : []),
      ...(outcome === 'warned'
        ? [{ kind: 'field-report.warning', ...business, key: `field-report-warning:${known.id}` }]
        : []),
    ];
  };
  return {
    getWhole,
    findClaim: ({ id }: Pick<WholeReport, 'id'>) => queues.findClaim(subjectOf(id)),
    listReports: (scope: ReportScope) => listReports(db, scope),
    decide: async (officer: Officer, typed: string, { outcome, reason: words }: Verdict): Promise<void> => {
      const reason = checkWords(words, '/reason');
      const known = await getWhole(typed);
      if (known.outcome) throw refuse('report-decided');
      await transact(db, officer.actor, (tx) => queues.requireClaim(tx, subjectOf(known.id), officer.actor));
      if (outcome === 'takedown') await askTakedown(officer, known, reason);
      await transact(db, officer.actor, async (tx) => {
        const row = await lockReport(tx, known.code);
        if (row?.outcome !== null) throw refuse('report-decided');
        await queues.requireClaim(tx, subjectOf(row.id), officer.actor);
        await saveReport(tx, row.id, { outcome, reason, decidedAt: now() });
        await queues.settle(tx, subjectOf(row.id), outcome === 'no-finding' ? 'rejected' : 'approved');
        await audit.record(tx, {
          action: 'field-report.decided',
          subject: subjectOf(row.id),
          after: { outcome, code: row.code },
          reason,
          address: officer.address,
        });
        await notices.tell(tx, ...noticesOf(known, { outcome, reason }));
      });
    },
  };
};

export const createFieldReports = (deps: Deps) => ({
  ...createTelling(deps),
  ...createDeciding(deps),
  /** What the code alone opens: what it is of, its clock and what came of it. */
  getState: async (code: string) => {
    const report = await findReport(deps.db, readCode(code));
    if (!report) throw refuse('report-not-found');
    return report;
  },
  /** What the business is told, once it is decided: the matter and the officer's words. */
  listOwn: (businessIds: readonly BusinessId[], page: Pick<ReportScope, 'limit' | 'cursor'>) =>
    readAsSeller(deps.db, businessIds, (reader) => listReports(reader, { ...page, businessIds, open: false })),
});
