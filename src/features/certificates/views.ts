import { eq } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { products } from '#features/products/tables.ts';
import { certificates } from './tables.ts';

/** What anybody may know of a certificate. Submitted ones are nobody's business yet. */
export async function findPublicCertificate(reader: Reader, code: string, now: Date) {
  const [row] = await reader
    .select({
      code: certificates.code,
      kind: certificates.kind,
      issuer: certificates.issuer,
      decisionNumber: certificates.decisionNumber,
      issuedOn: certificates.issuedOn,
      legalBasis: certificates.legalBasis,
      star: certificates.star,
      validUntil: certificates.validUntil,
      status: certificates.status,
      revocationReason: certificates.revocationReason,
      product: { productId: products.id, slug: products.slug, name: products.nameVi },
      business: { businessId: businesses.id, slug: businesses.slug, name: businesses.name },
    })
    .from(certificates)
    .innerJoin(products, eq(products.id, certificates.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(eq(certificates.code, code));
  if (!row || row.status === 'submitted') return undefined;
  // The job marks lapsed rows soon after midnight; the answer is right at midnight.
  const status = row.status === 'verified' && row.validUntil <= now ? ('expired' as const) : row.status;
  return { ...row, status, inForce: status === 'verified' };
}
export type PublicCertificate = NonNullable<Awaited<ReturnType<typeof findPublicCertificate>>>;
