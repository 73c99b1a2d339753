import type { Clock } from '#core/clock.ts';

import { type Cursor, decodeCursor } from '#core/cursor.ts';
import { newId } from '#core/ids.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Anchors } from './anchors.ts';
import { type Anchor, type Chain, type Finding, judge, judgeAnchor, START } from './chain.ts';
import { findHead, insertEntries, listPlaces, listUnlinked } from './queries.ts';
import type { Act, ExportFormat, LogFilter } from './types.ts';
import { type LogEntry, listEntries } from './views.ts';

export type Audit = ReturnType<typeof createAudit>;
type Deps = { readonly db: Db; readonly anchors: Anchors; readonly now: Clock };

const readAtOnce = 5_000;
/** A log that is broken throughout says so with the first of them. */
const findingsKept = 100;

export type Verification = {
  readonly findings: readonly Finding[];
  readonly entryCount: number;
  readonly anchorCount: number;
  readonly head: Chain;
};

const record = ({ now }: Deps, tx: Tx, acts: readonly Act[]): Promise<void> =>
  insertEntries(
    tx,
    acts.map(({ action, subject, before, after, reason, onBehalfOf, address }) => ({
      id: newId<'AuditEntry'>(),
      happenedAt: now(),
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: before ?? null,
      after: after ?? null,
      reason: reason ?? null,
      onBehalfOf: onBehalfOf ?? null,
      address: address ?? null,
    })),
  );

/** Walks the whole chain, a few thousand acts at a time, and compares it with every head that was noted. */
async function verify({ db, anchors }: Deps, noted: readonly Anchor[]): Promise<Verification> {
  const heads = [...(await anchors.read()), ...noted];
  const wanted = new Set(heads.map(({ seq }) => seq));
  const found = new Map<number, string>();
  const findings: Finding[] = [];
  let last: Chain = START;
  let entryCount = 0;
  for (;;) {
    const places = await listPlaces(db, last.seq, readAtOnce);
    if (places.length === 0) break;
    for (const place of places) {
      findings.push(...judge(last, place));
      if (wanted.has(place.seq)) found.set(place.seq, place.hash);
      last = place;
    }
    entryCount += places.length;
  }
  const unlinked = (await listUnlinked(db, findingsKept)).map(
    (entryId): Finding => ({
      kind: 'unlinked',
      seq: null,
      entryId,
      detail: `The act ${entryId} is in no link: it was put into the table by hand`,
    }),
  );
  const broken = heads.flatMap((anchor) => judgeAnchor(anchor, found.get(anchor.seq), last));
  return {
    findings: [...findings, ...unlinked, ...broken].slice(0, findingsKept),
    entryCount,
    anchorCount: heads.length,
    head: { seq: last.seq, hash: last.hash },
  };
}

export const createAudit = (deps: Deps) => {
  const { db, anchors, now } = deps;
  return {
    /** Writes acts into the log in the transaction that does them; who did them is the transaction's actor. */
    record: (tx: Tx, ...acts: readonly Act[]): Promise<void> => record(deps, tx, acts),
    list: (filter: LogFilter, page: { readonly limit: number; readonly cursor?: Cursor | undefined }) =>
      listEntries(db, { filter, ...page }),
    /** Acts by the filter, newest first, some hundreds at a time. That somebody took them away is an act itself. */
    takeAway: async function* (
      { actor, address }: { readonly actor: string; readonly address: string },
      filter: LogFilter,
      format: ExportFormat,
    ): AsyncGenerator<readonly LogEntry[]> {
      const subject = { kind: 'audit-log', id: format };
      await transact(db, actor, (tx) =>
        record(deps, tx, [{ action: 'audit-log.exported', subject, after: filter, address }]),
      );
      let cursor: Cursor | undefined;
      do {
        const page = await listEntries(db, { filter, limit: 500, cursor });
        yield page.items;
        cursor = page.nextCursor === null ? undefined : decodeCursor(page.nextCursor);
      } while (cursor);
    },
    /** Proves the log from its first act to its last. `noted`: heads that somebody wrote down elsewhere. */
    verify: (noted: readonly Anchor[] = []): Promise<Verification> => verify(deps, noted),
    /** Notes outside the database how far the log has come. Run by a job, hourly. */
    anchor: async (): Promise<void> => {
      const head = await findHead(db);
      const known = (await anchors.read()).at(-1);
      if (head && head.seq !== known?.seq) await anchors.append({ ...head, at: now().toISOString() });
    },
  };
};
