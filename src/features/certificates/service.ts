import type { Clock } from '#core/clock.ts';
import { newId, readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Codes } from '#features/orders/index.ts';
import type { ProductId } from '#features/products/types.ts';
import { type CertificateRow, expireDue, insertCertificates, verifySubmitted } from './queries.ts';
import { checkSubmission, legalBasisOn, ocopValidUntil, type Submission } from './rules.ts';
import { type CertificateId, certificateProblems } from './types.ts';
import { findPublicCertificate } from './views.ts';

const refuse = refusals(certificateProblems);
type Deps = { readonly db: Db; readonly events: Events; readonly codes: Codes; readonly now: Clock };
export type Certificates = ReturnType<typeof createCertificates>;
export type OcopSubmission = Submission & { readonly productId: ProductId };

export const createCertificates = ({ db, events, codes, now }: Deps) => {
  const changed = (tx: Tx, rows: readonly { readonly id: CertificateId; readonly productId: ProductId }[]) =>
    events.add(
      tx,
      ...rows.flatMap(({ id, productId }) => [
        { type: 'certificate.changed' as const, certificateId: id },
        { type: 'product.changed' as const, productId },
      ]),
    );

  return {
    /** Records OCOP decisions for products, to be verified by somebody else. 409 `decision-already-recorded`. */
    submit: async (tx: Tx, submittedBy: string, submissions: readonly OcopSubmission[]): Promise<CertificateId[]> => {
      const at = now();
      const fresh = await codes.take(tx, 'certificate', submissions.length);
      const rows = submissions.map((submission, index): CertificateRow => {
        const { decisionNumber, issuer, issuedOn, star } = checkSubmission(submission, at);
        const dates = {
          issuedOn,
          legalBasis: legalBasisOn(issuedOn),
          validUntil: ocopValidUntil(issuedOn),
          submittedAt: at,
        };
        return {
          id: newId(),
          code: fresh[index] ?? '',
          kind: 'ocop',
          productId: submission.productId,
          issuer,
          decisionNumber,
          star,
          ...dates,
          status: 'submitted',
          submittedBy,
        };
      });
      await insertCertificates(tx, rows).catch((error: unknown) => {
        throw violatedConstraint(error) === 'certificates_decision' ? refuse('decision-already-recorded') : error;
      });
      return rows.map((row) => row.id);
    },
    /** A certifier confirms decisions that somebody else entered; the star shows from the commit on. */
    verify: async (tx: Tx, verifiedBy: string, ids: readonly CertificateId[]): Promise<void> => {
      const verified = await verifySubmitted(tx, ids, verifiedBy, now());
      if (verified.length !== ids.length) throw refuse('certificate-not-submitted');
      await changed(tx, verified);
    },
    /** Marks what has lapsed and tells everyone who shows it. Runs after each midnight and is safe to run at any time. */
    expireDue: () =>
      transact(db, 'system:certificates', async (tx) => {
        const lapsed = await expireDue(tx, now());
        await changed(tx, lapsed);
        return lapsed.length;
      }),
    getCertificate: async (code: string) => {
      const certificate = await findPublicCertificate(db, readCode(code), now());
      if (!certificate) throw refuse('certificate-not-found');
      return certificate;
    },
  };
};
