import { createHash } from 'node:crypto';

/** One place of the chain: the link, and what is found of the act that it was made of. */
export type Place = {
  readonly seq: number;
  /** As the link holds it, in hexadecimal. */
  readonly hash: string;
  readonly entryId: string;
  /** The act as it stands today, in the form that was hashed; null when it is gone. */
  readonly canonical: string | null;
  readonly happenedAt: string | null;
  readonly action: string | null;
};

/** How far the log had come at some time, noted where whoever owns the database cannot reach. */
export type Anchor = { readonly seq: number; readonly hash: string; readonly at: string };

export type Finding = {
  readonly kind: 'changed' | 'gone' | 'link-missing' | 'unlinked' | 'cut' | 'replaced';
  readonly seq: number | null;
  readonly entryId: string | null;
  /** What is wrong, for a person. */
  readonly detail: string;
};

export const hashOf = (before: string, canonical: string): string =>
  createHash('sha256').update(Buffer.from(before, 'hex')).update(canonical).digest('hex');

export type Chain = { readonly seq: number; readonly hash: string };
export const START: Chain = { seq: 0, hash: '' };

function missingBetween(last: Chain, { seq }: Place): Finding[] {
  if (seq === last.seq + 1) return [];
  const from = last.seq + 1;
  const which = from === seq - 1 ? `Link ${from} is` : `Links ${from} to ${seq - 1} are`;
  return [
    {
      kind: 'link-missing',
      seq: from,
      entryId: null,
      detail: `${which} missing: whoever took them took acts with them`,
    },
  ];
}

/** What is wrong with one place, after the one before it. Each is judged by the hash that the one before holds. */
export function judge(last: Chain, place: Place): readonly Finding[] {
  const { seq, entryId, canonical, hash, action, happenedAt } = place;
  const missing = missingBetween(last, place);
  if (canonical === null)
    return [...missing, { kind: 'gone', seq, entryId, detail: `The act ${entryId} of link ${seq} was deleted` }];
  // After a gap nothing is known of the hash before, so that the gap alone is told.
  if (missing.length > 0 || hashOf(last.hash, canonical) === hash) return missing;
  const detail = `The act ${entryId} (${action}, ${happenedAt}) is not what was written at place ${seq}, or stands at another's place`;
  return [{ kind: 'changed', seq, entryId, detail }];
}

/** Compares the chain with what had been noted of it. `found` gives the hash that the chain holds at a place today. */
export function judgeAnchor({ seq, hash, at }: Anchor, found: string | undefined, last: Chain): readonly Finding[] {
  if (found === hash) return [];
  if (seq > last.seq) {
    const detail = `The log ends at ${last.seq}, and at ${at} it had come to ${seq}: its end was cut off`;
    return [{ kind: 'cut', seq, entryId: null, detail }];
  }
  return [
    { kind: 'replaced', seq, entryId: null, detail: `At ${at} link ${seq} had another hash: the chain was made anew` },
  ];
}
