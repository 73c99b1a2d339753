const dayMs = 86_400_000;
/** So long a key is announced before it counts: a host that was broken into is noticed within a week. */
const announcedMs = 7 * dayMs;

/** From when a key counts that was first seen at `now` and says `nbf`, in seconds since 1970. */
export const countsFrom = (nbf: number, now: Date): Date => new Date(Math.max(nbf * 1000, now.getTime() + announcedMs));

type Keys = {
  readonly keyid: string | null;
  readonly keyUntil: Date | null;
  readonly nextKeyid: string | null;
  readonly nextKeyFrom: Date | null;
};

/** Whether a key of the partner counts now. */
export function countsNow({ keyid, keyUntil, nextKeyid, nextKeyFrom }: Keys, asked: string, now: Date): boolean {
  if (asked === keyid) return keyUntil === null || now < keyUntil;
  return asked === nextKeyid && nextKeyFrom !== null && nextKeyFrom <= now;
}

/** Whether the next key takes the place of the present one: it counts, and that one has ended or is published no more. */
export const isTurn = (keys: Keys, published: readonly string[], now: Date): boolean => {
  const { keyid, keyUntil, nextKeyFrom } = keys;
  const isOver = keyid === null || !published.includes(keyid) || (keyUntil !== null && keyUntil <= now);
  return nextKeyFrom !== null && nextKeyFrom <= now && isOver;
};
