import { Type } from '@fastify/type-provider-typebox';
import { MAX_CHANGES } from '#federation/protocol/documents.ts';
import { LANES } from '#federation/protocol/record.ts';
import { URI_PATTERN } from '#federation/protocol/uri.ts';

const lane = Type.Enum([...LANES], {
  description: '`catalogue` holds listings, `offer` their prices and stock',
  examples: ['offer'],
});

export const ChangesQuery = Type.Object({
  lane,
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: '`next` of the page before, or cursorAtStart of a snapshot; from the beginning without it',
      examples: ['WyJhbi1naWFuZyJd.c2VhbA'],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_CHANGES,
      default: MAX_CHANGES,
      description: 'How many changes a page holds',
      examples: [500],
    }),
  ),
});
export const SnapshotQuery = Type.Object({ lane });
export const RecordParams = Type.Object({
  uri: Type.String({
    pattern: URI_PATTERN,
    maxLength: 400,
    description: 'Address of the record, percent-encoded',
    examples: ['ocop://soctrang.example/listing/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'],
  }),
});
export const RecordsRequest = Type.Object({
  uris: Type.Array(Type.String({ pattern: URI_PATTERN, maxLength: 400 }), {
    minItems: 1,
    maxItems: 100,
    description: 'Addresses of records',
  }),
});

/** Answers are described by federation/schemas, which are the protocol's own; here any object passes as it is. */
export const PeerDocument = Type.Object(
  {},
  { additionalProperties: true, description: 'As federation/schemas describes it' },
);
export const Health = Type.Object({
  status: Type.Literal('ok', { description: 'This node serves partners' }),
  time: Type.String({
    format: 'date-time',
    description: 'Our clock, to measure the skew',
    examples: ['2026-11-23T07:00:00.000Z'],
  }),
  versions: Type.Array(Type.String(), { maxItems: 20, description: 'Versions of the protocol' }),
  partner: Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
    description: 'The name under which we know you, when your signature was right',
  }),
});
