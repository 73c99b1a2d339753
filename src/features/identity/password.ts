import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
/** OWASP's minimum for argon2id with one lane: 19 MiB and two passes; 22 ms on two cores. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagLength = 32;

/** Hashing runs on libuv's four threads, which files and DNS need too: no more than this many at once. */
const maxAtOnce = 3;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

const tagOf = (password: string, salt: Buffer): Promise<Buffer> =>
  inTurn(async () =>
    Buffer.from(
      await derive('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce: salt, tagLength, ...cost }),
    ),
  );

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** PHC string of argon2id. The password is taken whole, diacritics, spaces and all, in NFC. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await tagOf(password, salt);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`;
}

export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const [, , , , salt = '', tag = ''] = phc.split('$');
  const expected = Buffer.from(tag, 'base64');
  const actual = await tagOf(password, Buffer.from(salt, 'base64'));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Verified when there is no such account, so that an unknown login takes as long as a wrong password. */
export const decoyHash = await hashPassword(randomBytes(16).toString('hex'));

/** The passwords that are tried first everywhere, and words of this house. */
const common = new Set([
  'password',
  'passw0rd',
  '12345678',
  '123456789',
  '1234567890',
  'qwertyuiop',
  'iloveyou',
  '11111111',
  '00000000',
  'abc12345',
  'matkhau123',
  'matkhau1',
  'anhyeuem',
  'emyeuanh',
  'soctrang',
  'ocop2025',
  'ocop2026',
  'chonoi123',
]);
export const isWeak = (password: string): boolean =>
  [...password].length < 8 || common.has(password.toLowerCase()) || /^(.)\1+$/.test(password);
