import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

export type Jwk = { readonly kty: string; readonly crv: string; readonly x: string };
export type Identity = { readonly keyid: string; readonly jwk: Jwk; readonly privateKey: KeyObject };

/** RFC 7638. */
export const thumbprint = ({ crv, kty, x }: Jwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');

/** Throws Error when the text is no Ed25519 private key in PEM. */
export function readIdentity(pem: string): Identity {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('The key is no Ed25519 key');
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: String(x) };
  return { keyid: thumbprint(jwk), jwk, privateKey };
}

export const newPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const publicKey = ({ kty, crv, x }: Jwk): KeyObject => createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
