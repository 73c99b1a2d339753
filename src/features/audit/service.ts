import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Tx } from '#db/client.ts';
import { insertEntries } from './queries.ts';
import type { Act } from './types.ts';

export type Audit = ReturnType<typeof createAudit>;

export const createAudit = ({ now }: { readonly now: Clock }) => ({
  /** Writes acts into the log in the transaction that does them; who did them is the transaction's actor. */
  record: (tx: Tx, ...acts: readonly Act[]): Promise<void> =>
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
    ),
});
