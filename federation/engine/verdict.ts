import type { FedRecord } from '../protocol/record.ts';

const VERDICTS = ['applied', 'duplicate', 'stale', 'rev-conflict', 'loop', 'origin-mismatch'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type StoredRecord = { readonly rev: number; readonly hash: string };

/**
 * What becomes of a record. The origin alone numbers its revisions, so there is nothing to merge: a higher revision
 * wins, an equal one with other content is the origin's fault and never overwrites the last good copy.
 * `trusted` is set for a snapshot or an audit, which are the truth of now: after a restore revisions may have gone back, and
 * a copy that kept its higher number would refuse the next change as a conflict.
 */
export function judge(
  record: FedRecord,
  stored: StoredRecord | undefined,
  { self, from, trusted }: { readonly self: string; readonly from: string; readonly trusted: boolean },
): Verdict {
  if (record.origin === self || record.via.includes(self)) return 'loop';
  if (record.origin !== from) return 'origin-mismatch';
  if (!stored) return 'applied';
  if (stored.hash === record.hash && stored.rev === record.rev) return 'duplicate';
  if (trusted || record.rev > stored.rev) return 'applied';
  return record.rev < stored.rev ? 'stale' : 'rev-conflict';
}
