import { type Static, Type } from 'typebox';
import type { NodeIdentity, publicKeyOf } from './keys.ts';
import { URI_PATTERN } from './uri.ts';

/** Of the address by which a shopper of ours arrives at the exchange that sells. */
export const REFERRAL_PARAMETER = 'ocop_ref';
const lifeSeconds = 24 * 3_600;
const skewSeconds = 60;
const algorithm = 'EdDSA';
/** Shorter than what a sane token takes, and long enough for the longest uri. */
const maxTokenLength = 2_000;
/** base64url of 128 random bits or more. */
export const JTI_PATTERN = '^[A-Za-z0-9_-]{16,64}$';
const jtiPattern = new RegExp(JTI_PATTERN);

/** Loaded when the first shopper comes or goes: a node that starts has no use for it. */
const loadJose = () => import('jose');

/** Who sent a shopper to whom for which goods, and nothing about the shopper. */
export type Referral = {
  /** Origin of the exchange that sends. */
  readonly iss: string;
  /** Origin of the exchange that sells. */
  readonly aud: string;
  /** The listing. */
  readonly sub: string;
  readonly jti: string;
};

/** The referral as a JWS, signed by the node's key and good for a day. */
export const signReferral = async (
  { iss, aud, sub, jti }: Referral,
  identity: NodeIdentity,
  now: Date,
): Promise<string> => {
  const { SignJWT } = await loadJose();
  const at = Math.floor(now.getTime() / 1000);
  return new SignJWT({ iss, aud, sub, jti, iat: at, exp: at + lifeSeconds })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: identity.keyid })
    .sign(identity.privateKey);
};

type Reading = {
  /** Our own origin. */
  readonly aud: string;
  readonly now: Date;
  /** The key of that name, if a partner of ours has it. */
  readonly keyFor: (keyid: string) => Promise<ReturnType<typeof publicKeyOf> | undefined>;
};

/**
 * What a token says, where it is whole: signed by a partner's key, for us, in its day, about goods of ours. Undefined for
 * anything else. That `iss` is the partner whose key it is, and that `jti` is new, is for the caller to see.
 */
export async function readReferral(token: string, { aud, now, keyFor }: Reading): Promise<Referral | undefined> {
  if (token.length > maxTokenLength) return undefined;
  const { errors, jwtVerify } = await loadJose();
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keyFor(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [algorithm],
        audience: aud,
        currentDate: now,
        clockTolerance: skewSeconds,
        // Also of one that claims a longer life than the protocol gives.
        maxTokenAge: lifeSeconds,
        requiredClaims: ['iss', 'sub', 'jti', 'exp'],
      },
    );
    const { iss = '', sub = '', jti = '' } = payload;
    const isSound = jtiPattern.test(jti) && sub.startsWith(`ocop://${aud}/`) && typeof payload.aud === 'string';
    return isSound ? { iss, aud, sub, jti } : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

const open = { additionalProperties: true } as const;

export const Conversion = Type.Object(
  {
    uri: Type.String({ pattern: URI_PATTERN, maxLength: 400, description: '`sub` of the token' }),
    at: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$',
      description: 'When the order was paid',
    }),
    goods: Type.Object(
      {
        amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
        currency: Type.Literal('VND'),
        taxIncluded: Type.Boolean(),
      },
      { ...open, description: 'What the buyer paid for goods of the order, without freight' },
    ),
  },
  {
    ...open,
    $id: 'conversion.json',
    title: 'A shopper who was sent has bought: to the exchange that sent, once per jti',
  },
);

export const ConversionAnswer = Type.Object(
  {
    jti: Type.String({ pattern: JTI_PATTERN }),
    result: Type.Enum(['recorded', 'duplicate'], { description: '`duplicate`: the first report stands' }),
  },
  { ...open, $id: 'conversion-answer.json', title: 'What became of a conversion' },
);

export type Conversion = Static<typeof Conversion>;
