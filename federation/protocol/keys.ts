import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An Ed25519 public key as RFC 8037 writes it. */
export type PublicJwk = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** The key pair by which a node is known; `keyid` is its RFC 7638 thumbprint and is what agreements print. */
export type NodeIdentity = { readonly keyid: string; readonly jwk: PublicJwk; readonly privateKey: KeyObject };

/** RFC 7638 thumbprint: base64url SHA-256 of the required members in lexical order. */
export const thumbprint = (jwk: PublicJwk): string =>
  createHash('sha256')
    .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }))
    .digest('base64url');

/** Reads an Ed25519 private key in PKCS #8 PEM. Throws Error when the text holds another kind of key. */
export function readIdentity(pem: string): NodeIdentity {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('The federation key must be an Ed25519 private key');
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: String(x) };
  return { keyid: thumbprint(jwk), jwk, privateKey };
}

/** A fresh Ed25519 private key in PKCS #8 PEM. */
export const generatePem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The key to verify with. Throws Error when the JWK is not a point of Ed25519. */
export const publicKeyOf = (jwk: PublicJwk): KeyObject =>
  createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
