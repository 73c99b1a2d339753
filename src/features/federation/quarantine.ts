import { refusals } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { applyAgain } from '#federation/engine/apply.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { endpointOf } from './partners.ts';
import { findQuarantined, listQuarantined } from './queries/desk.ts';
import { findPartner } from './queries.ts';
import { READ_STATES } from './rules/states.ts';
import { federationProblems, type QuarantineId } from './types.ts';

const refuse = refusals(federationProblems);

const parsed = (payload: string): unknown => {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
};

/** Records that could not be taken, and a second try once the mapping, the adapter or a person's judgement has changed. */
export const createQuarantine = (db: Db, engine: EngineDeps) => ({
  /** The latest first. */
  listQuarantined: (partnerKey: string) => listQuarantined(db, partnerKey),
  /**
   * Reads the kept payload anew, as if it came now, and applies it when it is good. A person asked for it, so a price that
   * jumped is believed. Gives the verdict, or why it stays where it is.
   */
  replay: async (id: QuarantineId) => {
    const row = await findQuarantined(db, id);
    if (!row) throw refuse('quarantine-not-found', { id });
    const partner = await findPartner(db, row.partnerKey);
    const endpoint = partner && READ_STATES.includes(partner.state) ? endpointOf(partner) : undefined;
    if (!endpoint) throw refuse('partner-not-ready', { key: row.partnerKey });
    const body = parsed(row.payload);
    if (body === undefined) throw refuse('quarantine-cut', { id });
    const { store, self, adapterFor, now } = engine;
    const of = { partner: endpoint, lane: row.lane, adapter: adapterFor(endpoint), self };
    const result = await applyAgain(
      store,
      { ...of, from: undefined, isAccepted: true, at: now() },
      { id: row.sourceId, body },
    );
    return typeof result === 'string'
      ? { verdict: result }
      : { verdict: 'quarantined' as const, reason: result.reason, detail: result.detail };
  },
});
