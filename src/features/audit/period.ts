import { dayMs, startOfLocalDay } from '#core/clock.ts';
import { httpProblem } from '#http/problems.ts';
import type { LogFilter } from './types.ts';

function readDay(name: string, text: string | undefined): Date | undefined {
  if (!text) return undefined;
  try {
    return startOfLocalDay(text);
  } catch {
    throw httpProblem('invalid-request', { errors: [{ pointer: `/${name}`, detail: 'must be a day: YYYY-MM-DD' }] });
  }
}

/** Both days are meant, from the first one's beginning to the last one's end, in Vietnam. */
export function readPeriod(from: string | undefined, until: string | undefined): Pick<LogFilter, 'from' | 'until'> {
  const last = readDay('until', until);
  return { from: readDay('from', from), until: last && new Date(last.getTime() + dayMs) };
}
