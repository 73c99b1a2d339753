import { dayMs, localDate, startOfLocalDay } from '#core/clock.ts';
import { type Today, WITHIN_DAYS, type WithinDays } from './types.ts';

/** Whole days to the end of a paper's last day, as a calendar counts them: 0 on that day, less after it. */
export const daysTo = (endsOn: string, now: Date): number =>
  Math.round((startOfLocalDay(endsOn).getTime() - startOfLocalDay(localDate(now)).getTime()) / dayMs);

/** The narrowest of the distances that has begun; 0 once it is over. */
export function withinOf(daysLeft: number): WithinDays {
  if (daysLeft < 0) return 0;
  return WITHIN_DAYS.findLast((days) => days > 0 && daysLeft <= days) ?? 90;
}

/** Whether there is nothing to do: money that comes by itself and messages are no work. */
export const isDone = ({ confirm, pack, handOver, waiting, stock, papers }: Today): boolean =>
  confirm.count + pack.orders + handOver.parcels + waiting.count + stock.count + (papers?.count ?? 0) === 0;
