import type { Clock } from '#core/clock.ts';

export type TestClock = {
  readonly now: Clock;
  /** Moves it on by so many milliseconds; it goes on running from there. */
  readonly advance: (ms: number) => void;
  /** Puts it to an instant. */
  readonly set: (at: Date) => void;
};

/** The real time, moved by hand. It runs, because a clock that stands still hides what depends on order. */
export function createClock(): TestClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance: (ms) => {
      offsetMs += ms;
    },
    set: (at) => {
      offsetMs = at.getTime() - Date.now();
    },
  };
}

export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
export const days = (count: number): number => hours(24 * count);
