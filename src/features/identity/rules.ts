import { refusals } from '#core/problem.ts';
import type { KeyScope } from '#core/roles.ts';
import { clean, fold } from '#core/vietnamese.ts';
import { identityProblems } from './types.ts';

const refuse = refusals(identityProblems);
const minutes = (count: number): number => count * 60_000;
const days = (count: number): number => count * 86_400_000;

/** How long a session lasts unused, and at all (ASVS 7.3.1 and 7.3.2): staff sit at shared desks, shoppers at their phone. */
const sessionLimits = {
  staff: { idleMs: minutes(30), lifeMs: minutes(12 * 60) },
  others: { idleMs: days(14), lifeMs: days(90) },
} as const;
/** For who has given a password and still owes the second factor. */
export const HALFWAY_MS = minutes(15);
/** For how long a proof opens what needs a fresh one. */
export const FRESH_MS = minutes(10);
export const LONGEST_SESSION_MS = sessionLimits.others.lifeMs;

export type SessionFacts = {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly provedAt: Date | null;
  readonly factorAt: Date | null;
  readonly isStaff: boolean;
  /** The account has an app or a passkey. */
  readonly hasFactor: boolean;
  /** Staff and owners of businesses, where the exchange is not a demonstration. */
  readonly mustHaveFactor: boolean;
};

/** What a session still owes before it is one. */
export const needsOf = ({ factorAt, hasFactor, mustHaveFactor }: SessionFacts): 'factor' | 'enrolment' | null => {
  if (factorAt) return null;
  if (hasFactor) return 'factor';
  return mustHaveFactor ? 'enrolment' : null;
};

/** The role counts on each request: who becomes staff today has staff's limits today. */
export function isAlive(session: SessionFacts, now: Date): boolean {
  const { idleMs, lifeMs } = session.isStaff ? sessionLimits.staff : sessionLimits.others;
  const life = needsOf(session) === null ? lifeMs : Math.min(lifeMs, HALFWAY_MS);
  const since = (at: Date): number => now.getTime() - at.getTime();
  return since(session.createdAt) < life && since(session.lastSeenAt) < idleMs;
}

export const isFresh = ({ provedAt }: Pick<SessionFacts, 'provedAt'>, now: Date): boolean =>
  provedAt !== null && now.getTime() - provedAt.getTime() < FRESH_MS;

/** Staff's half hour needs a finer pencil than a shopper's fortnight, and a write on each request would be too much. */
export const touchEveryMs = (isStaff: boolean): number => minutes(isStaff ? 1 : 5);

const freeFailures = 10;
const firstDelayMs = 30_000;
const longestDelayMs = minutes(15);
/** Wrong guesses are forgotten after a day without any. */
export const FAILURES_KEPT_MS = days(1);

/** How long to wait after so many wrong guesses in a row: nothing for the first nine, then twice as long each time, never for ever. */
export const delayAfterMs = (failures: number): number =>
  failures < freeFailures ? 0 : Math.min(firstDelayMs * 2 ** Math.min(failures - freeFailures, 20), longestDelayMs);

/**
 * Counted in windows, over all replicas. `address`: what one house may guess wrong. `password`: one password tried on
 * account after account. `everywhere`: by browsers that nobody knows, over the whole exchange.
 */
export const SIGN_IN_LIMITS = {
  address: { max: 60, windowMs: minutes(15) },
  password: { max: 20, windowMs: minutes(60) },
  everywhere: { max: 600, windowMs: minutes(1) },
} as const;

/** One household's whole range of IPv6 counts as one address; they have 2^64 of them. */
export const addressGroup = (address: string): string => {
  if (!address.includes(':') || /^::ffff:\d/i.test(address)) return address;
  const [head = ''] = address.toLowerCase().split('%');
  const [left = '', right] = head.split('::');
  const start = left === '' ? [] : left.split(':');
  const end = right === undefined || right === '' ? [] : right.split(':');
  const missing = right === undefined ? 0 : Math.max(0, 8 - start.length - end.length);
  return [...start, ...Array<string>(missing).fill('0'), ...end].slice(0, 4).join(':');
};

const shortest = 8;
const longest = 1_000;
/** Words that a guesser of this house tries first. */
const houseWords = [
  'ocop',
  'chonoi',
  'soctrang',
  'cantho',
  'matkhau',
  'password',
  'admin',
  'quantri',
  'nguoiban',
  'sanchonoi',
];

const lettersOf = (text: string): string => fold(text).replace(/[^a-z]/g, '');

/** Whether nothing is left of `letters` once the words are taken out. */
function isMadeOf(letters: string, words: readonly string[]): boolean {
  const known = words.filter((word) => word.length >= 3).toSorted((a, b) => b.length - a.length);
  return letters !== '' && known.reduce((rest, word) => rest.replaceAll(word, ''), letters) === '';
}

export type PasswordContext = {
  /** Of the person, and of what they log in with. */
  readonly words: readonly string[];
  /** Whether it is on the list of those that were broken into elsewhere. */
  readonly isCommon: (password: string) => boolean;
};

/**
 * The rules are about guessing only: length, the list of what is tried first, and words that are known of the person or
 * the house. No digits or capitals are asked for (ASVS 6.2.5): people answer that with `Matkhau1!`.
 */
export function checkPassword(password: string, { words, isCommon }: PasswordContext): void {
  const characters = [...password.normalize('NFC')];
  if (characters.length > longest) throw refuse('password-too-long');
  if (characters.length < shortest || new Set(characters).size < 3) throw refuse('password-weak');
  const lower = password.normalize('NFC').toLowerCase();
  const stem = lower.replace(/[\d\W_]{1,4}$/u, '');
  if (isCommon(lower) || isCommon(fold(lower)) || (stem.length >= shortest && isCommon(stem)))
    throw refuse('password-weak');
  const context = [
    ...houseWords,
    ...words.flatMap((word) => [lettersOf(word), ...word.split(/[\s.@_+-]+/).map(lettersOf)]),
  ];
  if (isMadeOf(lettersOf(password), context)) throw refuse('password-weak');
  // A phone number or a birthday in digits alone is the first guess of whoever knows the person.
  if (/^\d+$/.test(password) && characters.length < 12) throw refuse('password-weak');
}

export const isEmail = (text: string): boolean => text.length <= 200 && /^[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}$/.test(text);

export function checkName(name: string): string {
  const cleaned = clean(name);
  if (cleaned === '' || cleaned.length > 200) throw refuse('account-name-missing');
  return cleaned;
}

const longestKeyMs = days(366);
export type KeyWish = { readonly name: string; readonly scopes: readonly KeyScope[]; readonly expiresAt: Date };

/** No key lives for ever: who forgot it should not have to remember it. */
export function checkKey({ name, scopes, expiresAt }: KeyWish, now: Date): KeyWish {
  const cleaned = clean(name);
  const life = expiresAt.getTime() - now.getTime();
  if (cleaned === '' || cleaned.length > 100 || scopes.length === 0 || !(life > 0 && life <= longestKeyMs))
    throw refuse('key-invalid');
  return { name: cleaned, scopes: [...new Set(scopes)], expiresAt };
}

/** From the most telling to the least: a phone with Android says Linux as well. */
const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS X', 'Linux'] as const;

/** What a list of sessions calls a browser; what it says of itself is long, and half of it untrue. */
export function deviceName(userAgent: string): string {
  const browser = /(Edg|OPR|SamsungBrowser|CriOS|FxiOS|Firefox|Chrome|Safari)/.exec(userAgent)?.[1];
  const system = systems.find((name) => userAgent.includes(name));
  const known: Readonly<Record<string, string>> = {
    Edg: 'Edge',
    OPR: 'Opera',
    CriOS: 'Chrome',
    FxiOS: 'Firefox',
    'Mac OS X': 'Mac',
  };
  const said = [browser, system].flatMap((word) => (word ? [known[word] ?? word] : []));
  return said.length > 0 ? said.join(' · ') : userAgent.slice(0, 40);
}
