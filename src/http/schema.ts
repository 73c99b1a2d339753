import { type Static, type TSchema, Type } from '@fastify/type-provider-typebox';
import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import type { ProblemCatalogue, ProblemEntry } from '#core/problem.ts';

const exampleId = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b';

export const IdOf = <Kind extends string>(_kind: Kind, description: string) =>
  Type.Unsafe<Id<Kind>>(Type.String({ format: 'uuid', description, examples: [exampleId] }));

export const Money = (description: string) =>
  Type.Unsafe<Vnd>(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: `${description}, in whole đồng`,
      examples: [125_000],
    }),
  );

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-23T07:00:00.000Z'] });
export const Text = (description: string, maxLength: number, example: string) =>
  Type.String({ description, maxLength, examples: [example] });
/** Pieces, years, grams: a whole number from 0 on, or from another `minimum`. */
export const Count = (description: string, example: number, minimum = 0) =>
  Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

/** The schema's value or null. A list of types says it more simply than a union, to readers, generators and the serialiser. */
export const Nullable = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>(
    'type' in schema ? { ...schema, type: [schema.type, 'null'] } : Type.Union([schema, Type.Null()]),
  );

export const Code = (description: string) =>
  Type.String({ pattern: '^ST[0-9A-HJKMNP-TV-Z]{10}$', description, examples: ['ST7K3M9Q2XAB'] });

export const Limit = Type.Integer({
  minimum: 1,
  maximum: 100,
  default: 24,
  description: 'How many entries a page holds',
  examples: [24],
});
export const CursorText = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'nextCursor of the page before',
  examples: ['WyIyMDI2Il0'],
});

/** Of any form: what is wrong with it is nothing to the buyer, so it refuses no order. */
export const ReferralToken = Type.String({
  maxLength: 2_000,
  description:
    'The `ocop_ref` with which a partner exchange sent the buyer here, for the ledger of affiliate marketing',
  examples: ['eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJzYW4uZXhhbXBsZSJ9.c2lnbmF0dXJl'],
});

/** `additionalProperties: true`, or the serialiser strips `errors`, `instance` and every extension. */
export const ProblemDoc = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'Address of the page that explains this problem', maxLength: 300 }),
    title: Type.String({ description: 'What is wrong, in one sentence', maxLength: 300 }),
    status: Type.Integer({ description: 'The HTTP status', minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String({ description: 'What to do about it', maxLength: 1000 })),
    code: Type.Optional(Type.String({ description: 'Stable name of the problem', maxLength: 100 })),
    instance: Type.Optional(Type.String({ description: 'The request, for a report', maxLength: 200 })),
  },
  {
    additionalProperties: true,
    $id: 'Problem',
    title: 'Problem',
    description: 'RFC 9457 problem document; `messages` says it in Vietnamese and English',
    examples: [
      {
        type: 'https://ocop.example/problems/cart-not-found',
        title: 'There is no such cart',
        status: 404,
        detail: 'Open a new one with POST /v1/carts.',
        code: 'cart-not-found',
        instance: 'urn:request:req-1',
      },
    ],
  },
);

/** A problem document as an answer would hold it, in English. */
const problemExample = (code: string, { status, vi, en }: ProblemEntry) => ({
  summary: `${status} ${code}`,
  value: {
    type: `https://san.soctrang.example/problems/${code}`,
    title: en[0],
    status,
    detail: en[1],
    code,
    instance: 'urn:request:req-1',
    messages: { vi: vi.join('. '), en: en.join('. ') },
  },
});
export const problemExamples = (catalogue: ProblemCatalogue) =>
  Object.fromEntries(Object.entries(catalogue).map(([code, entry]) => [code, problemExample(code, entry)]));

/**
 * What a route may say no with, for its `response` schema. Refusals that follow from how the route is declared (its
 * input, its access, its Idempotency-Key) are added by the API document itself.
 */
export const refuses = <C extends ProblemCatalogue>(catalogue: C, ...codes: readonly (keyof C & string)[]) =>
  ({
    '4xx': {
      description: 'The request was refused, and nothing was changed',
      content: {
        'application/problem+json': {
          schema: Type.Ref('Problem'),
          examples: problemExamples(Object.fromEntries(codes.map((code) => [code, catalogue[code] as ProblemEntry]))),
        },
      },
    },
  }) as const;

/** For routes that refuse only what every route refuses. */
export const refused = refuses({});
