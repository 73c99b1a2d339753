import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { type Deps, heldSubjectOf, importSubjectOf, subjectOf, tellChanged } from './deps.ts';
import {
  lockCertificates,
  lockWaitingOf,
  type StoredCertificate,
  updateCertificate,
  verifySubmitted,
} from './queries.ts';
import { checkList, checkReason, checkRevocation, checkVerdict, type RevocationEntry } from './rules/life.ts';
import { checkScore } from './rules/submission.ts';
import { type CertificateId, CHECKLIST, certificateProblems, type ImportId } from './types.ts';
import { type Concerned, findImport, listConcerned } from './views.ts';

const refuse = refusals(certificateProblems);

/** Who decides: the account, and from where. */
export type Officer = { readonly actor: string; readonly address?: string | undefined };
export type Verification = {
  readonly checked: readonly string[];
  /** Points of the council in tenths; kept from everybody but certifiers. */
  readonly scoreTenths?: number | undefined;
};

async function lockOne(tx: Tx, id: CertificateId): Promise<StoredCertificate> {
  const [row] = await lockCertificates(tx, [id]);
  if (!row) throw refuse('certificate-not-found');
  return row;
}

/** Why, by the list of the law and in the officer's own words. */
type Said = { readonly reason?: string; readonly cause?: string };

/** What the business is told of its certificate, in words of the certificate itself. */
const noticeOf = (
  kind: string,
  { product, decisionNumber, code, kind: certificate, star }: Concerned,
  { reason = '', cause = '' }: Said = {},
) => ({
  kind,
  to: { businessId: product.businessId },
  values: { product: product.name, number: decisionNumber, certificate, star: star ?? 0, code, reason, cause },
  path: '/ban-hang/chung-nhan',
});

/** A list leaves the queue with the last of its certificates that waited. */
async function settleImport({ queues }: Deps, tx: Tx, { importId }: StoredCertificate): Promise<void> {
  if (importId && (await lockWaitingOf(tx, importId)).length === 0)
    await queues.settle(tx, importSubjectOf(importId), 'done');
}

/** What certifiers decide. Each is one transaction with its entry in the log, its notice and its events. */
export function createDeciding(deps: Deps) {
  const { db, audit, notices, queues, now } = deps;
  const tellBusiness = async (tx: Tx, kind: string, ids: readonly CertificateId[], said: Said = {}) =>
    notices.tell(tx, ...(await listConcerned(tx, ids)).map((one) => noticeOf(kind, one, said)));

  return {
    /** Verifies one that somebody else entered; the star shows from the commit on. */
    verify: ({ actor, address }: Officer, id: CertificateId, { checked, scoreTenths }: Verification): Promise<void> =>
      transact(db, actor, async (tx) => {
        const row = await lockOne(tx, id);
        checkVerdict(row, actor);
        await queues.requireClaim(tx, heldSubjectOf(row), actor);
        checkList(checked);
        if (scoreTenths !== undefined) {
          checkScore(row.star, scoreTenths);
          await updateCertificate(tx, id, { scoreTenths });
        }
        const verified = await verifySubmitted(tx, [id], {
          verifiedBy: actor,
          verifiedAt: now(),
          checklist: CHECKLIST,
        });
        await queues.settle(tx, subjectOf(id), 'approved');
        await settleImport(deps, tx, row);
        await audit.record(tx, {
          action: 'certificate.verified',
          subject: subjectOf(id),
          before: { status: 'submitted' },
          after: { status: 'verified', checked: CHECKLIST },
          address,
        });
        await tellBusiness(tx, 'certificate.verified', [id]);
        await tellChanged(deps, tx, verified);
      }),
    /** Ends a submission that was wrong; the same decision may then be sent again. */
    reject: ({ actor, address }: Officer, id: CertificateId, text: string): Promise<void> =>
      transact(db, actor, async (tx) => {
        const row = await lockOne(tx, id);
        checkVerdict(row, actor);
        await queues.requireClaim(tx, heldSubjectOf(row), actor);
        const reason = checkReason(text);
        const change = { status: 'rejected', rejectedBy: actor, rejectedAt: now(), rejectionReason: reason } as const;
        await updateCertificate(tx, id, change);
        await queues.settle(tx, subjectOf(id), 'rejected');
        await settleImport(deps, tx, row);
        await audit.record(tx, {
          action: 'certificate.rejected',
          subject: subjectOf(id),
          before: { status: 'submitted' },
          after: { status: 'rejected' },
          reason,
          address,
        });
        await tellBusiness(tx, 'certificate.rejected', [id], { reason });
      }),
    /** Takes one in force back; badge, facet and partners' copies go with it. */
    revoke: ({ actor, address }: Officer, id: CertificateId, entry: RevocationEntry): Promise<void> =>
      transact(db, actor, async (tx) => {
        const row = await lockOne(tx, id);
        const { cause, reason, decisionNumber, decidedOn } = checkRevocation(row, entry, now());
        await updateCertificate(tx, id, {
          status: 'revoked',
          revokedBy: actor,
          revokedAt: now(),
          revocationCause: cause,
          revocationReason: reason,
          revocationDecisionNumber: decisionNumber,
          revocationDecidedOn: decidedOn,
        });
        await audit.record(tx, {
          action: 'certificate.revoked',
          subject: subjectOf(id),
          before: { status: 'verified' },
          after: { status: 'revoked', cause, decisionNumber, decidedOn },
          reason,
          address,
        });
        await tellBusiness(tx, 'certificate.revoked', [id], { cause, reason });
        await tellChanged(deps, tx, [{ id, productId: row.productId }]);
      }),
  };
}

/** Verifies all of a list that still waits, in one act; how many. */
export const createVerifyingLists = (deps: Deps) => {
  const { db, audit, notices, queues, now } = deps;
  return {
    verifyImport: ({ actor, address }: Officer, id: ImportId, checked: readonly string[]): Promise<number> =>
      transact(db, actor, async (tx) => {
        const found = await findImport(tx, id);
        if (!found) throw refuse('certificate-import-not-found');
        if (!found.confirmedAt) throw refuse('certificate-import-not-confirmed');
        const rows = await lockWaitingOf(tx, id);
        if (rows.length === 0) throw refuse('certificate-not-submitted');
        for (const row of rows) checkVerdict(row, actor);
        await queues.requireClaim(tx, importSubjectOf(id), actor);
        checkList(checked);
        const ids = rows.map((row) => row.id);
        const verified = await verifySubmitted(tx, ids, { verifiedBy: actor, verifiedAt: now(), checklist: CHECKLIST });
        await queues.settle(tx, importSubjectOf(id), 'approved');
        const after = { verified: ids.length, decisionNumber: found.decisionNumber, checked: CHECKLIST };
        await audit.record(tx, { action: 'certificate-import.verified', subject: importSubjectOf(id), after, address });
        const concerned = await listConcerned(tx, ids);
        await notices.tell(tx, ...concerned.map((one) => noticeOf('certificate.verified', one)));
        await tellChanged(deps, tx, verified);
        return ids.length;
      }),
  };
};
