import { dayMs } from '#core/clock.ts';
import type { AdapterKind } from '#federation/adapters/adapter.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import type { PullFailureCode } from '#federation/engine/failure.ts';
import type { LaneOutcome } from '#federation/engine/store.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { READ_STATES } from './rules/states.ts';
import type { PartnerState } from './types.ts';

export type LaneFacts = {
  readonly lane: Lane;
  readonly outcome: LaneOutcome | null;
  readonly succeededAt: Date | null;
};
export type HealthFacts = {
  readonly state: PartnerState;
  /** Whether its address and key were entered. */
  readonly isIntroduced: boolean;
  readonly adapter: AdapterKind;
  readonly cadenceSeconds: number;
  readonly breaker: BreakerState | null;
  readonly pricesAsOf: Date | null;
  readonly lanes: readonly LaneFacts[];
  readonly quarantined: number;
  /** Since when its key is the pinned one. */
  readonly keySince: Date | null;
  /** When that key ends, if they said so, and from when its successor counts. */
  readonly keyUntil: Date | null;
  readonly nextKeyFrom: Date | null;
};

/** `good` goes by itself, `wait` should be looked at, `bad` needs somebody, `away` is not connected. */
export const TONES = ['good', 'wait', 'bad', 'away'] as const;
export type Tone = (typeof TONES)[number];
/** In the order of the types below. */
export const FINDING_CODES = [
  'not-introduced',
  'not-let-in',
  'suspended',
  'retired',
  'in-sandbox',
  'on-probation',
  'never-pulled',
  'breaker-open',
  'backing-off',
  'prices-stale',
  'lane-held',
  'lane-failed',
  'lane-late',
  'quarantined',
  'drifted',
  'not-theirs',
  'key-old',
  'key-ending',
] as const satisfies readonly Finding['code'][];
type Away = 'not-introduced' | 'not-let-in' | 'suspended' | 'retired';
/** One thing that an officer should know of a partner. */
export type Finding = { readonly tone: Tone } & (
  | { readonly code: Away | 'in-sandbox' | 'on-probation' | 'never-pulled' }
  | { readonly code: 'breaker-open' | 'backing-off' | 'prices-stale' | 'key-ending'; readonly at: Date }
  | { readonly code: 'lane-held' | 'lane-failed'; readonly lane: Lane; readonly failure: PullFailureCode }
  | { readonly code: 'lane-late'; readonly lane: Lane; readonly at: Date | null }
  | { readonly code: 'quarantined' | 'drifted' | 'not-theirs' | 'key-old'; readonly count: number }
);
export type Health = { readonly tone: Tone; readonly findings: readonly Finding[] };

const minute = 60_000;
const hour = 60 * minute;
const files: readonly AdapterKind[] = ['google-merchant', 'csv', 'json-ld'];

/** As long as a price of such a partner is believed (`priceStale` of the products says the same to shoppers). */
export function believedMs({ adapter, cadenceSeconds }: Pick<HealthFacts, 'adapter' | 'cadenceSeconds'>): number {
  const least = adapter === 'native' ? 15 * minute : files.includes(adapter) ? 24 * hour : 2 * hour;
  return Math.max(least, 3 * cadenceSeconds * 1000);
}

export const arePricesStale = (
  facts: Pick<HealthFacts, 'adapter' | 'cadenceSeconds' | 'pricesAsOf'>,
  now: Date,
): boolean => facts.pricesAsOf !== null && now.getTime() - facts.pricesAsOf.getTime() > believedMs(facts);

/** The peer only asks for time, or was not met by chance: it is tried again by itself. */
const passing: readonly PullFailureCode[] = ['unreachable', 'timed-out', 'throttled'];
/** A key that was used longer is worth changing, though nothing forces it. */
const oldKeyDays = 365;
/** A successor takes a week to count and people take longer to agree: a month before the end it is told, a week before it is urgent. */
const endingSoonMs = 30 * dayMs;
const endingNowMs = 7 * dayMs;
/** Refusing a partner's own goods or ours is right; a lane full of them is a mistake in their settings. */
const manyForeign = 5;

function findInLane({ lane, outcome, succeededAt }: LaneFacts, facts: HealthFacts, now: Date): readonly Finding[] {
  const found: Finding[] = [];
  const failure = outcome?.failure?.code;
  if (failure && outcome.state === 'held') found.push({ code: 'lane-held', tone: 'bad', lane, failure });
  if (failure && outcome.state === 'failed') {
    found.push({ code: 'lane-failed', tone: passing.includes(failure) ? 'wait' : 'bad', lane, failure });
  }
  const isTold = lane === 'offer' && arePricesStale(facts, now);
  if (outcome && !isTold && (!succeededAt || now.getTime() - succeededAt.getTime() > believedMs(facts))) {
    found.push({ code: 'lane-late', tone: 'wait', lane, at: succeededAt });
  }
  return found;
}

function findInCounts({ lanes, quarantined }: HealthFacts): readonly Finding[] {
  const sum = (name: keyof LaneOutcome['counts']): number =>
    lanes.reduce((all, { outcome }) => all + (outcome?.counts[name] ?? 0), 0);
  const [drifted, foreign] = [sum('drifted'), sum('loop') + sum('origin-mismatch')];
  const found: Finding[] = [];
  if (quarantined > 0) found.push({ code: 'quarantined', tone: 'wait', count: quarantined });
  if (drifted > 0) found.push({ code: 'drifted', tone: 'wait', count: drifted });
  if (foreign >= manyForeign) found.push({ code: 'not-theirs', tone: 'wait', count: foreign });
  return found;
}

/** An end that nobody has prepared for: no successor counts by then. */
function findInKeys({ keySince, keyUntil, nextKeyFrom }: HealthFacts, now: Date): readonly Finding[] {
  const found: Finding[] = [];
  const leftMs = keyUntil ? keyUntil.getTime() - now.getTime() : Number.POSITIVE_INFINITY;
  const isFollowed = keyUntil !== null && nextKeyFrom !== null && nextKeyFrom <= keyUntil;
  if (keyUntil && !isFollowed && leftMs <= endingSoonMs)
    found.push({ code: 'key-ending', tone: leftMs <= endingNowMs ? 'bad' : 'wait', at: keyUntil });
  const days = keySince ? Math.floor((now.getTime() - keySince.getTime()) / dayMs) : 0;
  if (days > oldKeyDays) found.push({ code: 'key-old', tone: 'wait', count: days });
  return found;
}

function findInBreaker({ breaker }: HealthFacts, now: Date): readonly Finding[] {
  if (!breaker || breaker.nextAttemptAt <= now.getTime()) return [];
  const at = new Date(breaker.nextAttemptAt);
  return [breaker.isOpen ? { code: 'breaker-open', tone: 'bad', at } : { code: 'backing-off', tone: 'wait', at }];
}

const order: readonly Tone[] = ['bad', 'wait', 'good', 'away'];

/** Why nothing is read of it. */
function awayOf({ isIntroduced, state }: HealthFacts): Away | undefined {
  if (!isIntroduced) return 'not-introduced';
  if (READ_STATES.includes(state)) return undefined;
  return state === 'suspended' || state === 'retired' ? state : 'not-let-in';
}

/** What there is to say of a partner, the worst first, and the tone of the whole. */
export function healthOf(facts: HealthFacts, now: Date): Health {
  const away = awayOf(facts);
  if (away) return { tone: 'away', findings: [{ code: away, tone: 'away' }] };
  const found: Finding[] = [
    ...findInBreaker(facts, now),
    ...facts.lanes.flatMap((lane) => findInLane(lane, facts, now)),
    ...findInCounts(facts),
  ];
  if (!facts.lanes.some(({ outcome }) => outcome)) found.push({ code: 'never-pulled', tone: 'wait' });
  const { pricesAsOf } = facts;
  if (pricesAsOf && arePricesStale(facts, now)) found.push({ code: 'prices-stale', tone: 'bad', at: pricesAsOf });
  found.push(...findInKeys(facts, now));
  if (facts.state === 'sandbox') found.push({ code: 'in-sandbox', tone: 'wait' });
  if (facts.state === 'probation') found.push({ code: 'on-probation', tone: 'good' });
  const findings = found.toSorted((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
  return { tone: findings[0]?.tone ?? 'good', findings };
}

/** Findings that do not pass by themselves. */
const forPersons = ({ findings }: Health): number =>
  findings.filter(({ code, tone }) => code === 'lane-held' || (code === 'lane-failed' && tone === 'bad')).length;

/** The worst first, what waits for a person before what passes by itself; then those that go well; then the unconnected. */
export const worstFirst = (a: Health, b: Health): number =>
  order.indexOf(a.tone) - order.indexOf(b.tone) ||
  forPersons(b) - forPersons(a) ||
  b.findings.length - a.findings.length;
