import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { httpProblem } from '#http/problems.ts';

const derive = promisify(argon2);
/** OWASP's minimum for argon2id with one lane: 19 MiB and two passes; 22 ms on two cores. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagLength = 32;

/** Hashing runs on libuv's four threads, which files and DNS need too: no more than this many at once. */
const maxAtOnce = 3;
/** Behind these stands half a minute of hashing: whoever comes later is told to come again. */
const maxWaiting = 200;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= maxWaiting) throw httpProblem('temporarily-unavailable', { retryAfterSeconds: 5 });
  if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };
const tagOf = (password: string, salt: Buffer, by: Cost = cost): Promise<Buffer> =>
  inTurn(async () =>
    Buffer.from(
      await derive('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce: salt, tagLength, ...by }),
    ),
  );

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** PHC string of argon2id. The password is taken whole, diacritics, spaces and all, in NFC. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await tagOf(password, salt);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** The parts of a PHC string. Only what we wrote ourselves comes here: the cost is bounded by our own past choices. */
function readHash(phc: string): { readonly by: Cost; readonly salt: Buffer; readonly tag: Buffer } | undefined {
  const [, m, t, p, salt = '', tag = ''] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(phc) ?? [];
  if (m === undefined) return undefined;
  const by = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  return { by, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const held = readHash(phc);
  if (!held) return false;
  const actual = await tagOf(password, held.salt, held.by);
  return held.tag.length === actual.length && timingSafeEqual(held.tag, actual);
}

/** Hashed at another cost than today's: to be hashed again the next time its owner types it. */
export function isOutdated(phc: string): boolean {
  const by = readHash(phc)?.by;
  return !by || by.memory !== cost.memory || by.passes !== cost.passes || by.parallelism !== cost.parallelism;
}

/** Verified when there is no such account, so that an unknown login takes as long as a wrong password. */
export const decoyHash = await hashPassword(randomBytes(16).toString('hex'));

let common: ReadonlySet<string> | undefined;
/** Whether `password` (lower case) is among the 13,000 that are tried first everywhere. Read when the first is chosen. */
export function isCommon(password: string): boolean {
  common ??= new Set(readFileSync(new URL('./data/common-passwords.txt', import.meta.url), 'utf8').split('\n'));
  return password !== '' && common.has(password);
}
