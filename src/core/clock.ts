/** The time, injected so that a test can move it. Only this file calls `new Date()` for the present. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

export const hourMs = 3_600_000;
/** A day that nothing shifts: Vietnam keeps no daylight saving. */
export const dayMs = 24 * hourMs;

/** Vietnam has kept UTC+7 without daylight saving since 1975, so a fixed offset is exact for every legal deadline here. */
const offsetMs = 7 * hourMs;
export const TIME_ZONE = 'Asia/Ho_Chi_Minh';

/** `YYYY-MM-DD` of the instant, as a calendar in Vietnam shows it. */
export const localDate = (at: Date): string => new Date(at.getTime() + offsetMs).toISOString().slice(0, 10);

/** The instant at which the given local day begins. `date` is `YYYY-MM-DD`; anything else is a RangeError. */
export function startOfLocalDay(date: string): Date {
  const at = new Date(`${date}T00:00:00+07:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(at.getTime()) || localDate(at) !== date) {
    throw new RangeError(`${date} is not a calendar day`);
  }
  return at;
}

/** The local day `months` after `date`; the 31st falls back to the last day of a shorter month. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last)))
    .toISOString()
    .slice(0, 10);
}
