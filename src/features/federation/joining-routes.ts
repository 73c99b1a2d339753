import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { Instant, refuses, Text } from '#http/schema.ts';
import { answering } from './peer-auth.ts';
import type { Federation } from './service.ts';
import { CONFORMANCE_LEVELS, federationProblems, type SignedResult } from './types.ts';

const open = { compress: false, exposeHeadRoute: false, config: { access: 'partner' } } as const;
const tags = ['federation'];
const maxResultBytes = 1_048_576;

const nonce = Type.String({
  pattern: '^[A-Za-z0-9_-]{22,128}$',
  description: 'Fresh randomness of who asks',
  examples: ['9m1oYq0PZk3b9vDqf2wqkM0h2mJrC1b0y6y1iY1Yt3A'],
});
const origin = Text('Who answers', 255, 'soctrang.example');
const JoinRequest = Type.Object({
  code: Type.String({
    minLength: 8,
    maxLength: 80,
    description: 'Of the invitation, however it is typed',
    examples: ['ABCD-EFGH-2345-JKLM-NPQR-STUV'],
  }),
  challenge: nonce,
});
const JoinedDocument = Type.Object(
  {
    origin,
    partner: Text('The name under which you are known here', 60, 'an-giang'),
    state: Text('How far you have come', 20, 'proved'),
    challenge: nonce,
  },
  { title: 'Joined' },
);
const ChallengeRequest = Type.Object({ challenge: nonce });
const ChallengeDocument = Type.Object({ challenge: nonce, origin }, { title: 'ChallengeAnswer' });
const signature = Type.Object(
  {
    jwk: Type.Object(
      {
        kty: Type.Literal('OKP', { description: 'Kind of key' }),
        crv: Type.Literal('Ed25519', { description: 'Its curve' }),
        x: Type.String({
          maxLength: 43,
          description: 'The public key',
          examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
        }),
      },
      { description: 'As the kit wrote it', additionalProperties: false },
    ),
    keyid: Type.String({
      maxLength: 43,
      description: 'Its fingerprint',
      examples: ['kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'],
    }),
    value: Type.String({
      maxLength: 100,
      description: 'Base64 of the signature over the RFC 8785 form of the payload',
      examples: ['bm90IGEgc2lnbmF0dXJl'],
    }),
  },
  { description: 'Whose result it is', additionalProperties: false },
);
/** `result.signed.json` of the kit, with the JUnit file whose hash it names if that is to be kept. */
export const ConformanceUpload = Type.Object(
  {
    payload: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'What the kit found',
        examples: [{ kit: 'ocop-fed-conformance/1.0.0', reached: 'gold' }],
      },
    ),
    signature,
    junit: Type.Optional(
      Type.String({ maxLength: 500_000, description: 'junit.xml of the same run', examples: ['<testsuites/>'] }),
    ),
  },
  { description: 'A signed result of the kit' },
);
export const ConformanceTaken = Type.Object(
  {
    level: Type.Enum([...CONFORMANCE_LEVELS], { description: 'What was reached', examples: ['gold'] }),
    profile: Text('Which checks were run', 40, 'native'),
    ranAt: Instant('When the kit ran'),
  },
  { title: 'ConformanceTaken' },
);
type Upload = { readonly payload: object; readonly signature: SignedResult['signature']; readonly junit?: string };
export const signedIn = ({ payload, signature: signed }: Upload): SignedResult => ({
  payload: payload as SignedResult['payload'],
  signature: signed,
});

type Options = { readonly federation: Federation };

const partnerOf = (key: string | null): string => {
  if (!key) throw httpProblem('partner-signature-required');
  return key;
};

const provingRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.post(
    '/federation/v1/join',
    {
      ...open,
      schema: {
        operationId: 'joinFederation',
        tags,
        summary: 'Redeem an invitation',
        description:
          'Signed by the key whose fingerprint the agreement prints. Before we answer we read your profile and ask `/federation/v1/challenge` of you; only then is the code used up. Our answer repeats your challenge, signed.',
        body: JoinRequest,
        response: {
          200: JoinedDocument,
          ...refuses(
            federationProblems,
            'bad-signature',
            'replayed',
            'clock-skew',
            'invitation-unknown',
            'invitation-expired',
            'invitation-used',
            'partner-fingerprint-mismatch',
            'partner-state-forbids',
            'challenge-failed',
          ),
        },
      },
    },
    (request) => answering(() => federation.join(partnerOf(request.partnerKey), request.body)),
  );
};

const sandboxRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.post(
    '/federation/v1/challenge',
    {
      ...open,
      schema: {
        operationId: 'answerFederationChallenge',
        tags,
        summary: 'Prove that you are who you were',
        description: 'We repeat the challenge under our signature. Open to whoever has an agreement with us.',
        body: ChallengeRequest,
        response: {
          200: ChallengeDocument,
          ...refuses(federationProblems, 'bad-signature', 'replayed', 'clock-skew'),
        },
      },
    },
    async (request) => ({ challenge: request.body.challenge, origin: federation.authority }),
  );

  app.post(
    '/federation/v1/conformance-results',
    {
      ...open,
      bodyLimit: maxResultBytes,
      schema: {
        operationId: 'sendConformanceResult',
        tags,
        summary: 'Show what the kit found at you',
        description:
          '`result.signed.json` of the kit, signed by your key, not older than 30 days, about your own address. With it who has proved its key enters the sandbox.',
        body: ConformanceUpload,
        response: {
          200: ConformanceTaken,
          ...refuses(
            federationProblems,
            'bad-signature',
            'replayed',
            'clock-skew',
            'conformance-not-genuine',
            'conformance-not-reached',
          ),
        },
      },
    },
    (request) =>
      answering(async () => {
        const key = partnerOf(request.partnerKey);
        const { junit } = request.body;
        const { ranAt, ...taken } = await federation.takeConformance(
          `partner:${key}`,
          key,
          signedIn(request.body),
          junit,
        );
        return { ...taken, ranAt: ranAt.toISOString() };
      }),
  );
};

/** How an exchange joins: it proves its key, and later shows what the kit found at it. Registered beside the other signed routes. */
export const joiningRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  await app.register(provingRoutes, options);
  await app.register(sandboxRoutes, options);
};
