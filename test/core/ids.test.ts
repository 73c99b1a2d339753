import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '#core/cursor.ts';
import { CODE_PATTERN, isId, newCode, newId, newSecret } from '#core/ids.ts';

test('a code has no letter that people misread, and 10,000 of them are 10,000', () => {
  const codes = Array.from({ length: 10_000 }, newCode);
  for (const code of codes) expect(code).toMatch(/^ST[0-9A-HJKMNP-TV-Z]{10}$/);
  for (const code of codes.slice(0, 100)) expect(code).toMatch(CODE_PATTERN);
  expect(new Set(codes).size).toBe(codes.length);
});

test('a secret is 128 random bits that fit into an address', () => {
  const secrets = Array.from({ length: 1_000 }, newSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{22}$/);
  expect(new Set(secrets).size).toBe(secrets.length);
});

test('ids sort by the time they were made', () => {
  const ids = Array.from({ length: 1_000 }, () => newId<'Order'>());
  expect(ids.every((id) => isId(id))).toBe(true);
  expect(ids.map((id) => id.slice(0, 8)).toSorted()).toEqual(ids.map((id) => id.slice(0, 8)));
  expect(['', 'x', `${ids[0]}0`, ids[0]?.toUpperCase() ?? ''].filter((text) => isId(text))).toEqual([]);
});

test('a cursor comes back as it went, and nothing else is one', () => {
  const cursor = { value: 'Bánh pía', id: newId<'Product'>() };
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  const made = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const text of ['', '***', made({}), made([]), made(['a']), made([1, 2]), made(['a', 'b', 'c']), made(null)])
    expect(decodeCursor(text)).toBeUndefined();
});
