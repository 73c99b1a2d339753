import type { TSchema } from 'typebox';
import { canonicalForm, sha256Hex } from '../protocol/canonical.ts';
import {
  Audit,
  AuditBucket,
  ChangesPage,
  Inbox,
  InboxAnswer,
  Nudge,
  Profile,
  SnapshotHeader,
  SnapshotTrailer,
} from '../protocol/documents.ts';
import { Challenge, ChallengeAnswer, Join, Joined } from '../protocol/joining.ts';
import {
  OrderCancel,
  OrderChanges,
  OrderConfirm,
  OrderRequest,
  Quote,
  QuoteRequest,
  RemoteOrder,
  Settlement,
} from '../protocol/ordering.ts';
import { Listing, Offer, Tombstone } from '../protocol/record.ts';
import { Conversion, ConversionAnswer } from '../protocol/referral.ts';

const published: readonly TSchema[] = [
  Listing,
  Offer,
  Tombstone,
  Profile,
  ChangesPage,
  SnapshotHeader,
  SnapshotTrailer,
  Audit,
  AuditBucket,
  Inbox,
  InboxAnswer,
  Nudge,
  Join,
  Joined,
  Challenge,
  ChallengeAnswer,
  QuoteRequest,
  Quote,
  OrderRequest,
  RemoteOrder,
  OrderConfirm,
  OrderCancel,
  OrderChanges,
  Settlement,
  Conversion,
  ConversionAnswer,
];

/** The JSON Schemas of the protocol by file name: what is checked in beside this file, and what partners validate with. */
export const SCHEMAS: ReadonlyMap<string, object> = new Map(
  published.map((schema) => {
    const plain: { readonly $id?: string } = JSON.parse(JSON.stringify(schema));
    return [String(plain.$id), { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain }];
  }),
);

/** SHA-256 of the canonical form of each schema, by file name, for the profile: two nodes see at once if theirs differ. */
export const schemaDigests = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(SCHEMAS, ([file, schema]) => [file, sha256Hex(canonicalForm(schema))]));

/** The text of a schema's file. */
export const schemaText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
