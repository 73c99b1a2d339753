import { describe, expect, test } from 'vitest';
import { afterTry, checkUrl } from '#features/webhooks/rules.ts';

const now = new Date('2026-11-23T05:00:00.000Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 3_600_000);

describe('a try', () => {
  test.each([200, 201, 204, 299])(
    'that is answered with %i is the last one, and the endpoint is well again',
    (status) => {
      expect(afterTry({ attempts: 3, failingSince: daysAgo(1), status }, now)).toEqual({
        state: 'delivered',
        deliveredAt: now,
        nextTryAt: null,
        failingSince: null,
        dead: false,
      });
    },
  );

  test.each([undefined, 301, 400, 404, 429, 500, 503])('that is answered with %s is made again', (status) => {
    const after = afterTry({ attempts: 1, failingSince: null, status }, now);
    expect(after).toMatchObject({ state: 'queued', failingSince: now, dead: false });
    expect(after.nextTryAt).toEqual(new Date(now.getTime() + 5_000));
  });

  test('comes later and later, and not for ever', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => {
      const { nextTryAt } = afterTry({ attempts, failingSince: now, status: 500 }, now);
      return nextTryAt && (nextTryAt.getTime() - now.getTime()) / 1_000;
    });
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, null]);
    expect(afterTry({ attempts: 8, failingSince: now, status: 500 }, now).state).toBe('failed');
  });

  test('that says 410, or is one more after five days, ends the endpoint', () => {
    expect(afterTry({ attempts: 1, failingSince: null, status: 410 }, now)).toMatchObject({
      state: 'failed',
      dead: true,
    });
    expect(afterTry({ attempts: 1, failingSince: daysAgo(5.1), status: 500 }, now).dead).toBe(true);
    expect(afterTry({ attempts: 1, failingSince: daysAgo(4.9), status: 500 }, now).dead).toBe(false);
  });
});

test.each([
  'http://nhan.example/',
  'https://a:b@nhan.example/',
  'ftp://nhan.example/',
  'javascript:alert(1)',
  '//nhan.example',
  'khong phai dia chi',
  '',
  `https://nhan.example/${'x'.repeat(600)}`,
  'http://127.0.0.1:3000/',
])('%s is no address to send to', (url) => {
  expect(() => checkUrl(url, false)).toThrow('webhook-url-refused');
});

test('this machine is an address only where one tries things out', () => {
  expect(checkUrl('http://127.0.0.1:3000/x', true)).toBe('http://127.0.0.1:3000/x');
});
