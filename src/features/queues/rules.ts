import type { StaffRole } from '#core/roles.ts';
import { type Pace, QUEUE_ROLES, QUEUES, type Queue } from './types.ts';

/** How long an officer holds an item. Whoever closes the page forgets to give it back. */
export const CLAIM_MS = 15 * 60_000;

export const isQueue = (text: string): text is Queue => (QUEUES as readonly string[]).includes(text);

export const mayWork = (role: StaffRole | null, queue: Queue): boolean =>
  role !== null && (role === 'admin' || QUEUE_ROLES[queue].includes(role));

/** The queues of a role, in the order of the desk. */
export const queuesOf = (role: StaffRole | null): readonly Queue[] => QUEUES.filter((queue) => mayWork(role, queue));

/** An item is late after its limit and soon late in the last quarter of its time. */
export function paceOf(openedAt: Date, dueAt: Date | null, now: Date): Pace {
  if (!dueAt) return 'none';
  if (now >= dueAt) return 'late';
  const left = dueAt.getTime() - now.getTime();
  return left * 4 <= dueAt.getTime() - openedAt.getTime() ? 'soon' : 'calm';
}
