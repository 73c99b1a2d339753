import { Compile } from 'typebox/compile';
import { parseBoundedJson } from '../../engine/bounded-json.ts';
import { PullFailure } from '../../engine/failure.ts';
import { askPeer } from '../../engine/peer.ts';
import { bucketRoot, rootHash } from '../../protocol/canonical.ts';
import { Audit, AuditBucket } from '../../protocol/documents.ts';
import type { Auditing, Ctx } from '../adapter.ts';
import { inWords } from '../json-rows.ts';

const mib = 1_048_576;
const contentType = 'application/json';
const checkAudit = Compile(Audit);
const checkBucket = Compile(AuditBucket);

const ask = async (ctx: Ctx, path: string, query: Readonly<Record<string, string>>, body?: object) => {
  const answer = await askPeer(ctx, path, query, { maxBytes: 16 * mib, contentType, ...(body ? { body } : {}) });
  return parseBoundedJson(answer.body);
};

/** A node that is older than audits has no such path. */
const isUnknownPath = (error: unknown): boolean => error instanceof PullFailure && error.status === 404;

/** What is said of a lane must agree with itself, or it proves nothing about ours. */
export const audit: Auditing = {
  hashes: async (ctx, lane) => {
    try {
      const said = await ask(ctx, '/federation/v1/audit', { lane });
      const isSound = checkAudit.Check(said) && said.lane === lane && bucketRoot(said.buckets) === said.root;
      if (!isSound) throw new PullFailure('malformed', 'the body is no audit.json');
      return said.buckets;
    } catch (error) {
      if (isUnknownPath(error)) return undefined;
      throw error;
    }
  },
  members: async (ctx, lane, bucket) => {
    const said = await ask(ctx, `/federation/v1/audit/${bucket}`, { lane });
    const isSound = checkBucket.Check(said) && said.bucket === bucket && rootHash(said.members) === said.hash;
    if (!isSound) throw new PullFailure('malformed', 'the body is no audit-bucket.json');
    return said.members;
  },
  fetch: async (ctx, uris) => {
    const said = await ask(ctx, '/federation/v1/records:batch', {}, { uris });
    const records: unknown = said && typeof said === 'object' && 'records' in said ? said.records : undefined;
    if (!Array.isArray(records)) throw new PullFailure('malformed', 'the body holds no records');
    return records.map((body: unknown) => ({ id: inWords(Object(body).uri ?? ''), body }));
  },
};
