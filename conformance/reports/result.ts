import { createHash, sign, verify } from 'node:crypto';
import { canonical } from '../kit/canonical.ts';
import { type Identity, type Jwk, publicKey, thumbprint } from '../kit/keys.ts';
import type { Report } from '../kit/run.ts';
import { VERSION } from '../kit/session.ts';

/** The report as data; what was sent is left out, for it holds signatures. */
export const jsonOf = ({ results, ...head }: Report) => ({
  kit: 'ocop-fed-conformance/1.0.0',
  protocol: VERSION,
  ...head,
  results: results.map(({ check, outcome, ms, expected, seen, missing }) => ({
    id: check.id,
    level: check.level,
    title: { vi: check.title[0], en: check.title[1] },
    outcome,
    ms,
    ...(expected !== undefined && { expected, seen }),
    ...(outcome === 'failed' && { advice: { vi: check.advice[0], en: check.advice[1] }, spec: check.spec }),
    ...(missing && { missing }),
  })),
});

type Signed = {
  readonly payload: unknown;
  readonly signature: { readonly jwk: Jwk; readonly keyid: string; readonly value: string };
};

/** What a registry keeps: who found what, provable without asking anybody. Signed is the RFC 8785 form of the payload. */
export function signedResult(report: Report, { jwk, keyid, privateKey }: Identity, junit: string): Signed {
  const payload = { ...jsonOf(report), junitSha256: createHash('sha256').update(junit).digest('hex') };
  const value = sign(null, Buffer.from(canonical(payload)), privateKey).toString('base64');
  return { payload, signature: { jwk, keyid, value } };
}

/** Whether `signed` was signed by the key of this fingerprint. */
export function isGenuine({ payload, signature }: Signed, fingerprint: string): boolean {
  const { jwk, value } = signature;
  if (thumbprint(jwk) !== fingerprint) return false;
  return verify(null, Buffer.from(canonical(payload)), publicKey(jwk), Buffer.from(value, 'base64'));
}
