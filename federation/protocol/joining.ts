import { sign, verify } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { canonicalForm } from './canonical.ts';
import { type NodeIdentity, type PublicJwk, publicKeyOf } from './keys.ts';
import { ORIGIN_PATTERN } from './uri.ts';

const open = { additionalProperties: true } as const;
const nonce = Type.String({
  pattern: '^[A-Za-z0-9_-]{22,128}$',
  description: 'Fresh randomness of who asks, in base64url',
});

export const Challenge = Type.Object(
  { challenge: nonce },
  { ...open, $id: 'challenge.json', title: 'Prove now that you hold your key' },
);
export const ChallengeAnswer = Type.Object(
  { challenge: nonce, origin: Type.String({ pattern: ORIGIN_PATTERN, description: 'Who answers' }) },
  { ...open, $id: 'challenge-answer.json', title: 'The challenge again, under the signature of who was asked' },
);
export const Join = Type.Object(
  {
    code: Type.String({ minLength: 8, maxLength: 80, description: 'Of the invitation' }),
    challenge: nonce,
  },
  { ...open, $id: 'join.json', title: 'An invitation is redeemed, signed by the key of the agreement' },
);
export const Joined = Type.Object(
  {
    origin: Type.String({ pattern: ORIGIN_PATTERN }),
    partner: Type.String({ maxLength: 60, description: 'The name under which you are known there' }),
    state: Type.String({ maxLength: 20, description: 'How far you have come' }),
    challenge: nonce,
  },
  { ...open, $id: 'joined.json', title: 'The invitation was redeemed; the challenge proves who says so' },
);
export type Joined = Static<typeof Joined>;

/** The key that is to follow, as a profile names it. */
export type NextKey = { readonly kid: string; readonly x: string; readonly nbf: number };

/** What the present key signs: that this key of this exchange follows it, from then on. */
const statementOf = (origin: string, by: string, { kid, x, nbf }: NextKey): Buffer =>
  Buffer.from(canonicalForm({ statement: 'ocop-fed/1 next key', origin, by, kid, x, nbf }));

/** Signs that `next` follows the key of `by`, for the key's `endorsement` in the profile. */
export const endorse = (origin: string, by: NodeIdentity, next: NextKey) => ({
  by: by.keyid,
  signature: sign(null, statementOf(origin, by.keyid, next), by.privateKey).toString('base64'),
});

/** Whether the key `by` says that `next` follows it. */
export function isEndorsed(
  origin: string,
  by: { readonly keyid: string; readonly jwk: PublicJwk },
  next: NextKey,
  endorsement: { readonly by: string; readonly signature: string } | undefined,
): boolean {
  if (endorsement?.by !== by.keyid) return false;
  const statement = statementOf(origin, by.keyid, next);
  return verify(null, statement, publicKeyOf(by.jwk), Buffer.from(endorsement.signature, 'base64'));
}
