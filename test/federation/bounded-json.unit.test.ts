import { describe, expect, test } from 'vitest';
import { parseBoundedJson } from '#federation/engine/bounded-json.ts';
import { observed } from './observed.ts';

describe("a peer's JSON", () => {
  test('is read', () => {
    expect(parseBoundedJson(Buffer.from('{"a":["]]{{\\"[["]}'))).toEqual({ a: [']]{{"[['] });
  });
  test.each([
    ['a page for people', '<html>'],
    ['a tower', '['.repeat(33) + ']'.repeat(33)],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['cut short', '{"a":"'],
  ])('%s is refused', (_what, text) => {
    expect(() => parseBoundedJson(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
  test.each([
    ['a tower of 500', '['.repeat(500) + ']'.repeat(500)],
    ['a million members', `{"items":[${'[],'.repeat(1_000_000)}[]]}`],
    ['a million names', `{${Array.from({ length: 1_000_000 }, (_, at) => `"${at}":1`).join(',')}}`],
  ])('row 23: %s is refused before anything is built of it', (what, text) => {
    const bytes = Buffer.from(text);
    const before = process.memoryUsage().heapUsed;
    expect(() => parseBoundedJson(bytes)).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(128 * 1_048_576);
    observed(23, `JSON, ${what}: malformed before it is parsed`);
  });
});
