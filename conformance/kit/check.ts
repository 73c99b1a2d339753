import type { Session } from './session.ts';

export const LEVELS = ['bronze', 'silver', 'gold'] as const;
export type Level = (typeof LEVELS)[number];
export const PROFILES = ['native', 'pull-only', 'feed'] as const;
export type Profile = (typeof PROFILES)[number];
/** What a check cannot do without: something that writes, something that ages the feed, a second pinned key. */
export type Need = 'driver' | 'ageing' | 'second-key';

type Words = readonly [vi: string, en: string];

export type Check = {
  /** `area.what-is-checked`; never renamed, for results are compared over the years. */
  readonly id: string;
  readonly area: string;
  readonly level: Level;
  readonly profiles: readonly Profile[];
  /** Where the rule stands: a heading of federation/README.md or an RFC. */
  readonly spec: string;
  readonly title: Words;
  /** What a developer should do when it fails. */
  readonly advice: Words;
  readonly needs: readonly Need[];
  /** Throws Failure when the target does otherwise. */
  readonly run: (t: Session) => Promise<void>;
};

export type Area = { readonly name: string; readonly profiles: readonly Profile[]; readonly spec: string };
type More = Partial<Pick<Check, 'needs' | 'profiles' | 'spec'>>;

/** Makes the checks of one area; `more` is for those that differ from their neighbours. */
export const checksOf =
  ({ name, profiles, spec }: Area) =>
  (what: string, level: Level, title: Words, advice: Words, run: Check['run'], more: More = {}): Check => ({
    id: `${name}.${what}`,
    area: name,
    level,
    profiles,
    spec,
    title,
    advice,
    needs: [],
    run,
    ...more,
  });

/** What was expected and what came instead. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly expected: string;
  readonly seen: string;
  constructor(expected: string, seen: unknown) {
    const text = typeof seen === 'string' ? seen : (JSON.stringify(seen) ?? String(seen));
    super(`expected ${expected}, saw ${text.slice(0, 300)}`);
    this.expected = expected;
    this.seen = text.slice(0, 2000);
  }
}

/** The driver cannot do what the check needs. */
export class Missing extends Error {
  override readonly name = 'Missing';
  readonly need: Need;
  constructor(need: Need) {
    super(need);
    this.need = need;
  }
}

export function must(isSo: boolean, expected: string, seen: unknown): asserts isSo {
  if (!isSo) throw new Failure(expected, seen);
}

/** Equal as JSON says it. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  must(a === b, `${what}: ${b?.slice(0, 300)}`, a ?? 'nothing');
}

/** Every one of them; names the first that is not. */
export function every<T>(items: readonly T[], isSo: (item: T) => boolean, expected: string): void {
  const wrong = items.find((item) => !isSo(item));
  must(wrong === undefined, expected, wrong);
}

/** A check that found nothing to look at has proved nothing. */
export function some<T>(items: readonly T[], what: string): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  must(first !== undefined, `at least one ${what}`, 'none');
  return [first, ...rest];
}
