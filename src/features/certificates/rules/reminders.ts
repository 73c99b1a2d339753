import { dayMs } from '#core/clock.ts';

/** Days before the end at which business and certifiers are told. */
export const REMINDER_DAYS = [180, 90, 30, 7] as const;
export type ReminderDays = (typeof REMINDER_DAYS)[number];

/**
 * The reminder that is due: the narrowest of the four that has begun. After a week without the job, or for one that was
 * verified late, that one is told and the wider ones, which would say less, are left out.
 */
export function reminderDue(validUntil: Date, now: Date): ReminderDays | undefined {
  const leftMs = validUntil.getTime() - now.getTime();
  if (leftMs <= 0) return undefined;
  return REMINDER_DAYS.findLast((days) => leftMs <= days * dayMs);
}

/** Whole days left, the last day counted as one. */
export const daysLeft = (validUntil: Date, now: Date): number =>
  Math.max(0, Math.ceil((validUntil.getTime() - now.getTime()) / dayMs));
