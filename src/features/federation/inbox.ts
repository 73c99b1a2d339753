import { refusals } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { applyPushed } from '#federation/engine/apply.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import type { InboxAnswer } from '#federation/protocol/documents.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { endpointOf } from './partners.ts';
import { findPartner } from './queries.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);
type Answer = InboxAnswer['results'][number];

/** What we already have, or have something newer of, is as good as taken. */
const good = new Set(['applied', 'duplicate', 'stale']);

/** Undefined for what names no lane: nothing of ours could hold it. */
function laneOf({ kind, of }: Readonly<Record<string, unknown>>): Lane | undefined {
  const about = kind === 'tombstone' ? of : kind;
  if (about === 'listing') return 'catalogue';
  return about === 'offer' ? 'offer' : undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 400) : '');

/** Records that a partner sends by itself, since they must not wait until we pull. */
export const createInbox = (db: Db, { store, self, adapterFor, now }: EngineDeps) => ({
  /** Judges each record as a pull would and says what became of it, in the order in which they were sent. */
  receive: async (partnerKey: string, records: readonly unknown[]): Promise<InboxAnswer> => {
    const row = await findPartner(db, partnerKey);
    const partner = row && endpointOf(row);
    if (!partner) throw refuse('partner-not-ready', { key: partnerKey });
    const sent = records.map((body, index) => ({ index, body, uri: textOf(Object(body).uri) }));
    const results = sent.map(({ uri }) => rejected(uri, 'unknown-kind'));
    for (const [lane, ofLane] of Map.groupBy(sent, ({ body }) => laneOf(Object(body)))) {
      if (!lane) continue;
      const taken = {
        partner,
        lane,
        adapter: adapterFor(partner),
        self,
        from: undefined,
        isAccepted: false,
        at: now(),
      };
      const sources = ofLane.map(({ uri, body }) => ({ id: uri, body }));
      const verdicts = await applyPushed(store, taken, sources);
      for (const [place, { index, uri }] of ofLane.entries()) results[index] = answerOf(uri, verdicts[place]);
    }
    return { results };
  },
});

const rejected = (uri: string, code: string): Answer => ({ uri, result: 'rejected', code });

function answerOf(uri: string, verdict: Awaited<ReturnType<typeof applyPushed>>[number] | undefined): Answer {
  if (typeof verdict === 'object') return { uri, result: 'quarantined', code: verdict.reason };
  if (verdict && good.has(verdict)) return { uri, result: verdict as 'applied' };
  return rejected(uri, verdict ?? 'unknown-kind');
}
