import { sql } from 'drizzle-orm';
import { afterCommit, type Db, preparedSql, type Tx } from './client.ts';
import type { Channel } from './signals.ts';

export type Bell = ReturnType<typeof createBell>;

/** So much later lists, search and partners may learn of a change while many buy; a list may be a second old anyway. */
const quietMs = 100;

const ring = preparedSql('bell', sql`select pg_notify(${sql.placeholder('channel')}, '')`);

/**
 * Keeps NOTIFY from growing with the number of orders: the server lets one notifying transaction commit at a time, and
 * each wakes every process that listens. The signal travels in its transaction when the channel was quiet; for those that
 * come within `quietMs` after it one is sent at the end of that time, after their commits, so that whoever wakes finds
 * the changes. A process that dies in between loses it, as a broken connection does: lists are read anew after a second,
 * and jobs are looked for every two.
 */
export function createBell(db: Db, channel: Channel) {
  let quietUntil = 0;
  let isDue = false;

  const sound = (): void => {
    isDue = false;
    quietUntil = performance.now() + quietMs;
    // The pool may be closed or the server away by now; then there is nobody to wake either.
    ring(db, { channel }).catch(() => {});
  };
  const soundLater = (): void => {
    if (isDue) return;
    isDue = true;
    setTimeout(sound, quietUntil - performance.now());
  };

  return {
    /** Whether `tx` itself is to send the signal; where not, it follows. */
    take: (tx: Tx): boolean => {
      const now = performance.now();
      if (quietUntil <= now) {
        quietUntil = now + quietMs;
        return true;
      }
      afterCommit(tx, soundLater);
      return false;
    },
  };
}
