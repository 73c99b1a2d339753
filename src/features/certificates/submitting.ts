import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Reader, type Tx, violatedConstraint } from '#db/client.ts';
import { asExchange, readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Upload } from '#features/files/types.ts';
import { type ProductId, productProblems } from '#features/products/types.ts';
import { type Deps, reviewPath, subjectOf } from './deps.ts';
import { type CertificateRow, insertCertificates } from './queries.ts';
import { checkNotLapsed, checkScore, checkSubmission } from './rules/submission.ts';
import { type CertificateId, certificateProblems, type ImportId, type Submission } from './types.ts';
import { findOwnProduct } from './views.ts';

const refuse = refusals(certificateProblems);
const refuseProduct = refusals(productProblems);
/** A certifier looks at a submission within so many days; the exchange's own promise, no law. */
const reviewMs = 3 * 86_400_000;

export type Entry = Submission & {
  readonly productId: ProductId;
  readonly scoreTenths?: number | undefined;
  readonly importId?: ImportId | undefined;
  readonly evidence?: { readonly fileId: NonNullable<CertificateRow['evidenceFileId']>; readonly sha256: string };
};

/** Records certificates to be verified by somebody else; their ids in the order given. 409 `decision-already-recorded`. */
export async function recordEntries(
  { codes, now }: Deps,
  tx: Tx,
  submittedBy: string,
  entries: readonly Entry[],
): Promise<CertificateId[]> {
  const at = now();
  const fresh = await codes.take(tx, 'certificate', entries.length);
  const rows = entries.map(({ productId, scoreTenths, evidence, importId, ...submission }, index): CertificateRow => {
    const { kind, issuer, decisionNumber, issuedOn, star, legalBasis, validUntil } = checkSubmission(submission, at);
    if (scoreTenths !== undefined) checkScore(star, scoreTenths);
    return {
      id: newId(),
      code: fresh[index] ?? '',
      kind,
      productId,
      issuer,
      decisionNumber,
      issuedOn,
      legalBasis,
      star,
      validUntil,
      scoreTenths: scoreTenths ?? null,
      evidenceFileId: evidence?.fileId ?? null,
      evidenceSha256: evidence?.sha256 ?? null,
      importId: importId ?? null,
      status: 'submitted',
      submittedBy,
      submittedAt: at,
    };
  });
  await insertCertificates(tx, rows).catch((error: unknown) => {
    throw violatedConstraint(error) === 'certificates_decision' ? refuse('decision-already-recorded') : error;
  });
  return rows.map((row) => row.id);
}

export type OwnSubmission = Submission & { readonly productId: ProductId };
export type Sender = {
  readonly actor: string;
  readonly businessIds: readonly BusinessId[];
  /** The household for which an assistant sends it. */
  readonly onBehalfOf?: (businessId: BusinessId) => BusinessId | undefined;
  readonly address?: string | undefined;
};
type Own = NonNullable<Awaited<ReturnType<typeof findOwnProduct>>>;

/** Written down, and put before a certifier. */
async function announce(
  { audit, queues, now }: Deps,
  tx: Tx,
  id: CertificateId,
  { sender, product, entry }: { readonly sender: Sender; readonly product: Own; readonly entry: Entry },
): Promise<void> {
  const { businessId } = product;
  const { evidence, ...submission } = entry;
  await audit.record(tx, {
    action: 'certificate.submitted',
    subject: subjectOf(id),
    after: { ...submission, evidenceSha256: evidence?.sha256 },
    onBehalfOf: sender.onBehalfOf?.(businessId),
    address: sender.address,
  });
  await queues.put(tx, {
    queue: 'certificates',
    subject: subjectOf(id),
    title: product.name,
    path: reviewPath(id),
    businessId,
    dueAt: new Date(now().getTime() + reviewMs),
    facts: { kind: entry.kind, number: entry.decisionNumber, issuer: entry.issuer },
  });
}

/** A business sends a certificate of a product of its own with a copy of the paper. */
export function createSubmitting(deps: Deps) {
  const { db, files, now } = deps;
  return async (
    sender: Sender,
    { productId, ...submission }: OwnSubmission,
    copy: Upload | undefined,
  ): Promise<CertificateId> => {
    const { actor, businessIds } = sender;
    const find = async (reader: Reader): Promise<Own> => {
      const product = await findOwnProduct(reader, productId, businessIds);
      if (!product) throw refuseProduct('product-not-found');
      return product;
    };
    const { businessId } = await readAsSeller(db, businessIds, find);
    // Looked at before the copy is kept: a refusal leaves nothing behind.
    checkNotLapsed(checkSubmission(submission, now()), now());
    if (!copy || copy.bytes.length === 0) throw refuse('evidence-required');
    const { fileId, sha256 } = await files.keep('document', copy, { actor, businessId });
    const entry = { ...submission, productId, evidence: { fileId, sha256 } };
    return transactAsSeller(db, sender, async (tx) => {
      const product = await find(tx);
      return asExchange(tx, async () => {
        const [id] = await recordEntries(deps, tx, actor, [entry]);
        if (!id) throw new Error('A certificate was recorded without an id');
        await announce(deps, tx, id, { sender, product, entry });
        return id;
      });
    });
  };
}
