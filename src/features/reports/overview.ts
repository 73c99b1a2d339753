import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import { type Overview, readOverview } from './views/overview.ts';

/** Officers open it together in the morning: a process reads it once a minute, and the page says of when it is. */
const keptMs = 60_000;
type Kept = { readonly at: Date; readonly value: Promise<Overview> };
export type Overviews = ReturnType<typeof createOverviews>;

export function createOverviews({ db, now }: { readonly db: Db; readonly now: Clock }) {
  let kept: Kept | undefined;
  return {
    read: async (): Promise<{ readonly at: Date; readonly overview: Overview }> => {
      const at = now();
      const age = kept ? at.getTime() - kept.at.getTime() : Number.POSITIVE_INFINITY;
      if (!kept || age >= keptMs || age < 0) {
        const reading: Kept = { at, value: readOverview(db, at) };
        kept = reading;
        reading.value.catch(() => {
          if (kept === reading) kept = undefined;
        });
      }
      return { at: kept.at, overview: await kept.value };
    },
  };
}
