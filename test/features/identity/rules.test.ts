import { describe, expect, test } from 'vitest';
import { isCommon } from '#features/identity/password.ts';
import {
  addressGroup,
  checkKey,
  checkPassword,
  delayAfterMs,
  deviceName,
  isAlive,
  isFresh,
  needsOf,
  type SessionFacts,
} from '#features/identity/rules.ts';

const check = (password: string, words: readonly string[] = ['Nguyễn Thị Bé', 'be@thu.example']) =>
  checkPassword(password, { words, isCommon });

describe('a password', () => {
  test.each([
    'nước lớn chở đầy ghe',
    'x7!kQ2pw',
    'Bánh pía 4 trứng',
    'con cò bay lả',
    'a'.repeat(63).concat('bc'),
    `${'đ'.repeat(998)}ab`,
  ])('%s will do', (password) => expect(() => check(password)).not.toThrow());

  test('is not asked for digits, capitals or signs', () => expect(() => check('rau muống xào tỏi')).not.toThrow());

  test.each([
    ['seven characters', 'a1b2c3d'],
    ['seven characters that take more bytes', 'đđêêôôư'],
    ['tried first everywhere', 'password'],
    ['tried first everywhere, in capitals', 'QWERTYUIOP'],
    ['tried first here', 'matkhau123'],
    ['tried first here, with accents', 'mậtkhẩu123'],
    ['a common one with a tail', 'iloveyou2!'],
    ['one character over and over', 'aaaaaaaaaaaa'],
    ['two characters over and over', 'abababababab'],
    ['the name of the programme', 'OCOP2026!'],
    ['the name of the exchange and the province', 'ChoNoi-SocTrang-1'],
    ['the person', 'nguyenthibe90'],
    ['the mailbox', 'be.thu.example'],
    ['a telephone number', '0912345678'],
    ['a birthday', '19900101'],
  ])('%s is too easy: %s', (_why, password) =>
    expect(() => check(password, ['Nguyễn Thị Bé', 'be@thu.example', 'example'])).toThrow('password-weak'),
  );

  test('may be a thousand characters long and no longer', () => {
    expect(() => check(`${'rất dài '.repeat(125)}`.slice(0, 1_000))).not.toThrow();
    expect(() => check('rất dài '.repeat(126))).toThrow('password-too-long');
  });

  test('the list is long enough', () => {
    expect(['12345678', 'matkhau123', 'anhyeuem', 'password1', 'qwerty123'].filter((word) => !isCommon(word))).toEqual(
      [],
    );
  });
});

describe('waiting after wrong guesses', () => {
  test('begins with the tenth, doubles, and ends at a quarter of an hour', () => {
    expect([1, 9].map(delayAfterMs)).toEqual([0, 0]);
    expect([10, 11, 12, 13, 14, 15, 16, 1_000_000].map((failures) => delayAfterMs(failures) / 1_000)).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ['::1', '0:0:0:0'],
])('%s counts as %s', (address, group) => expect(addressGroup(address)).toBe(group));

const start = new Date('2026-11-27T01:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const minutes = (count: number) => count * 60_000;
const days = (count: number) => count * 86_400_000;
const session = (facts: Partial<SessionFacts> = {}): SessionFacts => ({
  createdAt: start,
  lastSeenAt: start,
  provedAt: start,
  factorAt: null,
  isStaff: false,
  hasFactor: false,
  mustHaveFactor: false,
  ...facts,
});

describe('a session', () => {
  test.each([
    ['a shopper unused for 13 days', {}, days(13), true],
    ['a shopper unused for 14 days', {}, days(14), false],
    ['a shopper on the 89th day', { lastSeenAt: later(days(89)) }, days(89), true],
    ['a shopper on the 90th day, however busy', { lastSeenAt: later(days(90)) }, days(90), false],
    ['staff unused for 29 minutes', { isStaff: true, factorAt: start }, minutes(29), true],
    ['staff unused for 30 minutes', { isStaff: true, factorAt: start }, minutes(30), false],
    [
      'staff after 12 hours, however busy',
      { isStaff: true, factorAt: start, lastSeenAt: later(minutes(719)) },
      minutes(720),
      false,
    ],
    ['half of one after 14 minutes', { hasFactor: true }, minutes(14), true],
    ['half of one after 15 minutes', { hasFactor: true }, minutes(15), false],
  ] as const)('%s', (_who, facts, ms, alive) => expect(isAlive(session(facts), later(ms))).toBe(alive));

  test.each([
    ['a shopper', {}, null],
    ['a shopper with an app', { hasFactor: true }, 'factor'],
    ['a shopper with an app who gave the code', { hasFactor: true, factorAt: start }, null],
    ['staff without a factor', { mustHaveFactor: true }, 'enrolment'],
    ['staff with one', { mustHaveFactor: true, hasFactor: true }, 'factor'],
    ['staff who gave it', { mustHaveFactor: true, hasFactor: true, factorAt: start }, null],
  ] as const)('of %s owes what it should', (_who, facts, needs) => expect(needsOf(session(facts))).toBe(needs));

  test('is fresh for ten minutes after a proof', () => {
    expect(isFresh({ provedAt: start }, later(minutes(10) - 1))).toBe(true);
    expect(isFresh({ provedAt: start }, later(minutes(10)))).toBe(false);
    expect(isFresh({ provedAt: null }, start)).toBe(false);
  });
});

describe('a key', () => {
  const wish = { name: ' Kho ', scopes: ['orders:read', 'orders:read'] as const, expiresAt: later(days(30)) };
  test('is trimmed to what it says', () =>
    expect(checkKey(wish, start)).toEqual({ name: 'Kho', scopes: ['orders:read'], expiresAt: wish.expiresAt }));
  test.each([
    ['no name', { name: ' ' }],
    ['no scope', { scopes: [] }],
    ['over already', { expiresAt: start }],
    ['for more than a year', { expiresAt: later(days(367)) }],
    ['for a time that is none', { expiresAt: new Date(Number.NaN) }],
  ])('with %s is refused', (_why, part) => expect(() => checkKey({ ...wish, ...part }, start)).toThrow('key-invalid'));
});

test.each([
  [
    'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36',
    'Chrome · Android',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/139 Mobile Safari/604.1', 'Chrome · iPhone'],
  ['Mozilla/5.0 (Windows NT 10.0) Edg/139.0', 'Edge · Windows'],
  ['curl/8.5', 'curl/8.5'],
  ['', ''],
])('%s is called %s', (said, name) => expect(deviceName(said)).toBe(name));
