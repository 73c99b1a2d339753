import type { CertificateKind, RevocationCause } from '../types.ts';

/** What a statement says may be overtaken by a revocation; whoever relies on it asks again within a day. */
export const STATEMENT_LIFE_MS = 24 * 3_600_000;
/** The `typ` of RFC 8725: a token signed for another purpose is no statement. */
export const STATEMENT_TYPE = 'ocop-certificate+jwt';

export type Stated = {
  readonly code: string;
  readonly kind: CertificateKind;
  readonly status: 'verified' | 'expired' | 'revoked';
  readonly inForce: boolean;
  readonly star: number | null;
  readonly issuer: string;
  readonly decisionNumber: string;
  readonly issuedOn: string;
  readonly legalBasis: string;
  readonly validUntil: Date | null;
  readonly revokedAt: Date | null;
  readonly revocationCause: RevocationCause | null;
  readonly product: { readonly productId: string; readonly name: string };
  readonly business: { readonly businessId: string; readonly name: string };
};

const seconds = (atMs: number): number => Math.floor(atMs / 1_000);

/** The claims about one certificate. They end with the certificate itself, so that none outlives what it says. */
export function claimsOf(certificate: Stated, issuer: string, now: Date) {
  const { code, validUntil, revokedAt, revocationCause, product, business, inForce } = certificate;
  const endsMs = now.getTime() + STATEMENT_LIFE_MS;
  const lapsesMs = inForce && validUntil !== null ? validUntil.getTime() : endsMs;
  return {
    iss: issuer,
    sub: code,
    iat: seconds(now.getTime()),
    exp: seconds(Math.min(endsMs, lapsesMs)),
    certificate: {
      code,
      kind: certificate.kind,
      status: certificate.status,
      inForce,
      star: certificate.star,
      issuer: certificate.issuer,
      decisionNumber: certificate.decisionNumber,
      issuedOn: certificate.issuedOn,
      legalBasis: certificate.legalBasis,
      validUntil: validUntil?.toISOString() ?? null,
      revocation: revokedAt && { cause: revocationCause, revokedAt: revokedAt.toISOString() },
      product: { productId: product.productId, name: product.name },
      business: { businessId: business.businessId, name: business.name },
      url: `${issuer}/chung-nhan/${code}`,
    },
  };
}
