import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { Clock } from '#core/clock.ts';
import '#http/access.ts';
import type { FastifyRequest } from 'fastify';
import { canonicalForm, sha256Hex } from '#federation/protocol/canonical.ts';
import { MAX_CHANGES, PROTOCOL_VERSION, WELL_KNOWN_PATH } from '#federation/protocol/documents.ts';
import { isHeld } from '#http/etag.ts';
import { httpProblem } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import { goodsFeedRoutes } from './goods-routes.ts';
import { joiningRoutes } from './joining-routes.ts';
import { answering, peerAuthentication } from './peer-auth.ts';
import {
  AuditBucketDocument,
  AuditDocument,
  AuditParams,
  AuditQuery,
  ChangesDocument,
  ChangesQuery,
  ConversionRequest,
  ConversionTaken,
  Health,
  InboxAnswerDocument,
  InboxRequest,
  NudgeRequest,
  NudgeTaken,
  ProfileDocument,
  RecordDocument,
  RecordParams,
  RecordsDocument,
  RecordsRequest,
  ReferralParams,
  SnapshotLines,
  SnapshotQuery,
} from './schemas.ts';
import type { Federation } from './service.ts';
import { federationProblems } from './types.ts';

/** Our answers are signed over their very bytes, so nothing may compress them on the way, and HEAD has no bytes to sign. */
const signed = { compress: false, exposeHeadRoute: false } as const;
const toReaders = { ...signed, config: { access: 'partner', verb: 'pull' } } as const;
/** No verb of its own: we keep a report of whoever we have sent a shopper to, and of nobody else. */
const partnerOnly = { ...signed, config: { access: 'partner' } } as const;
const toSenders = { ...signed, config: { access: 'partner', verb: 'push' } } as const;
const open = { ...signed, config: { access: 'public' } } as const;
const tags = ['federation'];
const maxInboxBytes = 1_048_576;

const partnerOf = (request: FastifyRequest): string => {
  if (!request.partnerKey) throw httpProblem('partner-signature-required');
  return request.partnerKey;
};

const unchanged = Type.Null({ description: 'You have it already: If-None-Match named its ETag' });

type Options = { readonly federation: Federation; readonly now: Clock };

/** What anybody may ask: who we are and how we are. */
const openRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation, now }) => {
  // It says the same until the next start.
  const tag = `"${sha256Hex(canonicalForm(federation.profile())).slice(0, 32)}"`;
  app.get(
    WELL_KNOWN_PATH,
    {
      ...open,
      schema: {
        operationId: 'getFederationProfile',
        tags,
        summary: 'What this exchange says about itself to partners',
        description:
          'Protocol versions, endpoints and public keys. A key is trusted only by its fingerprint in an agreement.',
        response: { 200: ProfileDocument, 304: unchanged, ...refused },
      },
    },
    (request, reply) => {
      void reply.headers({ 'cache-control': 'public, max-age=300', etag: tag });
      return isHeld(request, tag) ? reply.code(304).send(null) : reply.send(federation.profile());
    },
  );

  app.get(
    '/federation/v1/health',
    {
      ...open,
      schema: {
        operationId: 'getFederationHealth',
        tags,
        summary: 'Our clock, and whether your signature is right',
        description: 'Open to all; a signed question gets a signed answer that names you.',
        response: { 200: Health, ...refused },
      },
    },
    async (request) => ({
      status: 'ok' as const,
      time: now().toISOString(),
      versions: [PROTOCOL_VERSION],
      partner: request.partnerKey,
    }),
  );
};

/** The change feed of our own listings. */
const feedRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.get(
    '/federation/v1/changes',
    {
      ...toReaders,
      schema: {
        operationId: 'listFederationChanges',
        tags,
        summary: 'What changed after a cursor',
        description: 'A log-compacted feed of one lane: the last state of every record, withdrawn ones as tombstones.',
        querystring: ChangesQuery,
        response: {
          200: ChangesDocument,
          ...refuses(federationProblems, 'bad-signature', 'replayed', 'clock-skew', 'foreign-cursor', 'cursor-expired'),
        },
      },
    },
    (request) => {
      const { lane, cursor, limit = MAX_CHANGES } = request.query;
      return answering(() => federation.readChanges(partnerOf(request), lane, cursor, limit));
    },
  );

  app.get(
    '/federation/v1/snapshot',
    {
      ...toReaders,
      schema: {
        operationId: 'getFederationSnapshot',
        tags,
        summary: 'A whole lane',
        description:
          'NDJSON, gzipped: a header with the cursor to go on from, the records, a trailer with count and root hash.',
        querystring: SnapshotQuery,
        produces: ['application/x-ndjson'],
        response: { 200: SnapshotLines, ...refuses(federationProblems, 'bad-signature', 'replayed', 'clock-skew') },
      },
    },
    async (request, reply) => {
      const bytes = await federation.readSnapshot(partnerOf(request), request.query.lane);
      return reply.type('application/x-ndjson').header('content-encoding', 'gzip').send(bytes);
    },
  );
};

/** The feed as hashes, to find what a partner holds otherwise. */
const auditRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.get(
    '/federation/v1/audit',
    {
      ...toReaders,
      schema: {
        operationId: 'getFederationAudit',
        tags,
        summary: 'A whole lane as 256 hashes',
        description: 'Compare with the hashes of your copies; where a bucket differs, ask for its members.',
        querystring: AuditQuery,
        response: { 200: AuditDocument, ...refuses(federationProblems, 'bad-signature', 'replayed', 'clock-skew') },
      },
    },
    (request) => federation.audit(request.query.lane),
  );

  app.get(
    '/federation/v1/audit/:bucket',
    {
      ...toReaders,
      schema: {
        operationId: 'getFederationAuditBucket',
        tags,
        summary: 'The records of one bucket by name, revision and hash',
        description: 'Fetch those that differ by `records:batch`; withdraw your copies of those that are not named.',
        params: AuditParams,
        querystring: AuditQuery,
        response: {
          200: AuditBucketDocument,
          ...refuses(federationProblems, 'bad-signature', 'replayed', 'clock-skew'),
        },
      },
    },
    (request) => federation.auditBucket(request.query.lane, request.params.bucket),
  );
};

/** Single records, by their addresses. */
const recordRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.get(
    '/federation/v1/records/:uri',
    {
      ...toReaders,
      schema: {
        operationId: 'getFederationRecord',
        tags,
        summary: 'One record',
        description: '410 with its tombstone when it was withdrawn. ETag is the hash of the record.',
        params: RecordParams,
        response: {
          200: RecordDocument,
          304: unchanged,
          ...refuses(federationProblems, 'bad-signature', 'unknown-record', 'record-withdrawn'),
        },
      },
    },
    async (request, reply) => {
      const record = await federation.getRecord(request.params.uri);
      const tag = `"${record.hash}"`;
      void reply.header('etag', tag);
      return isHeld(request, tag) ? reply.code(304).send(null) : reply.send(record);
    },
  );

  app.post(
    '/federation/v1/records::batch',
    {
      ...toReaders,
      schema: {
        operationId: 'listFederationRecords',
        tags,
        summary: 'Records by their addresses',
        description: 'Up to 100; those that we never had are left out.',
        body: RecordsRequest,
        response: {
          200: RecordsDocument,
          ...refuses(federationProblems, 'bad-signature', 'digest-mismatch', 'replayed'),
        },
      },
    },
    async (request) => ({ records: await federation.listRecords(request.body.uris) }),
  );
};

/** What partners send us by themselves. */
const inboxRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.post(
    '/federation/v1/inbox',
    {
      ...toSenders,
      bodyLimit: maxInboxBytes,
      schema: {
        operationId: 'receiveFederationRecords',
        tags,
        summary: 'Records that must not wait until we pull',
        description:
          'Up to 100 of your own records or 1 MiB, such as the tombstones of a recall. Each is judged by itself: applied, duplicate and stale mean that we have it or something newer. A pull brings the same later, which changes nothing.',
        body: InboxRequest,
        response: {
          200: InboxAnswerDocument,
          ...refuses(federationProblems, 'bad-signature', 'digest-mismatch', 'replayed', 'clock-skew'),
        },
      },
    },
    (request) => federation.receive(partnerOf(request), request.body.records),
  );

  app.post(
    '/federation/v1/nudge',
    {
      ...toSenders,
      schema: {
        operationId: 'receiveFederationNudge',
        tags,
        summary: 'A hint that you have news',
        description:
          'We pull at once, or once more after the pull that is going on; about once a second at most. For the lane `orders` we read what became of the orders that our shoppers have with you.',
        body: NudgeRequest,
        response: { 200: NudgeTaken, ...refuses(federationProblems, 'bad-signature', 'digest-mismatch', 'replayed') },
      },
    },
    async (request) => {
      await federation.nudged(partnerOf(request), request.body.lanes);
      return { taken: true };
    },
  );
};

/** What partners tell of shoppers whom we sent to them. */
const referralRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { federation }) => {
  app.post(
    '/federation/v1/referrals/:jti/conversion',
    {
      ...partnerOnly,
      schema: {
        operationId: 'reportFederationConversion',
        tags,
        summary: 'A shopper whom we sent to you has bought',
        description:
          'For the ledger of affiliate marketing (tiếp thị liên kết) on both sides. Once per token, however often it is sent; nothing about the shopper.',
        params: ReferralParams,
        body: ConversionRequest,
        response: {
          200: ConversionTaken,
          ...refuses(federationProblems, 'bad-signature', 'digest-mismatch', 'replayed', 'unknown-referral'),
        },
      },
    },
    async (request) => {
      const { jti } = request.params;
      return { jti, result: await federation.recordConversion(partnerOf(request), jti, request.body) };
    },
  );
};

export const federationRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  // Files for everybody: outside of what partners sign, so that they are streamed and packed.
  await app.register(goodsFeedRoutes, options);
  peerAuthentication(app, options.federation, options.now);
  const all = [openRoutes, joiningRoutes, feedRoutes, auditRoutes, recordRoutes, inboxRoutes, referralRoutes];
  for (const routes of all) await app.register(routes, options);
};
