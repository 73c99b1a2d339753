import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VERDICT_REASONS } from '#features/changes/types.ts';
import { awakeAt, masked, planDeliveries, type Reachable, retryDelayMs, wordsOf } from '#features/notices/rules.ts';
import { noticeKinds, templateOf } from '#features/notices/templates/all.ts';
import { defaultSettings, LANGUAGES, type Template } from '#features/notices/types.ts';
import { noticeWords } from '#features/notices/words.ts';

const noon = new Date('2026-11-23T05:00:00.000Z');
const midnight = new Date('2026-11-23T17:30:00.000Z');
const seven = new Date('2026-11-24T00:00:00.000Z');

const words = ['Tin {{name}}', 'Chào {{name}}, hạn {{day}}.'] as const;
const template: Template = { channels: ['in-app', 'zalo', 'sms', 'email'], vi: words, en: words, km: words };
const person: Reachable = {
  accountId: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' as Reachable['accountId'],
  phone: '+84912345678',
  email: 'be@thu.example',
  settings: defaultSettings,
};
const waysOf = (planned: ReturnType<typeof planDeliveries>): string[] => planned.map(({ channel }) => channel);

describe('the ways to a person', () => {
  test('in the app, and by the first other way that reaches them', () => {
    expect(waysOf(planDeliveries(template, person, noon))).toEqual(['in-app', 'zalo']);
    expect(waysOf(planDeliveries(template, { ...person, phone: null }, noon))).toEqual(['in-app', 'email']);
    expect(waysOf(planDeliveries(template, { ...person, accountId: null }, noon))).toEqual(['zalo']);
  });

  test('not by one that they switched off, unless it is urgent', () => {
    const quiet = { ...person, settings: { ...defaultSettings, channels: ['in-app', 'email'] as const } };
    expect(waysOf(planDeliveries(template, quiet, noon))).toEqual(['in-app', 'email']);
    expect(waysOf(planDeliveries({ ...template, urgent: true }, quiet, noon))).toEqual(['in-app', 'zalo']);
  });

  test('by one that this exchange has; with none of them the first stands in the log as failed', () => {
    expect(waysOf(planDeliveries(template, person, noon, ['email']))).toEqual(['in-app', 'email']);
    expect(waysOf(planDeliveries(template, person, noon, []))).toEqual(['in-app', 'zalo']);
  });

  test('a telephone stays silent at night, a letter does not wait, and what is urgent wakes', () => {
    const at = (one: Template) => planDeliveries(one, person, midnight).map(({ notBefore }) => notBefore);
    expect(at(template)).toEqual([midnight, seven]);
    expect(at({ ...template, channels: ['email'] })).toEqual([midnight]);
    expect(at({ ...template, urgent: true })).toEqual([midnight, midnight]);
  });
});

test.each([
  ['2026-11-23T13:59:59.000Z', '2026-11-23T13:59:59.000Z'],
  ['2026-11-23T14:00:00.000Z', '2026-11-24T00:00:00.000Z'],
  ['2026-11-23T23:59:59.000Z', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
])('quiet from 21 to 7 in Vietnam: what is told at %s rings at %s', (now, rings) => {
  expect(awakeAt(new Date(now), defaultSettings).toISOString()).toBe(rings);
});

test('quiet hours within a day', () => {
  const settings = { ...defaultSettings, quietFrom: 11, quietUntil: 14 };
  expect(awakeAt(noon, settings).toISOString()).toBe('2026-11-23T07:00:00.000Z');
  expect(awakeAt(midnight, settings)).toBe(midnight);
});

test('words are filled in, days as people read them, and a subject stays on one line', () => {
  expect(wordsOf(template, 'vi', { name: 'Bé\r\nBcc: x', day: '2026-11-23T17:00:00.000Z' })).toEqual([
    'Tin Bé Bcc: x',
    'Chào Bé\r\nBcc: x, hạn 24/11/2026.',
  ]);
  expect(wordsOf(template, 'vi', {})[0]).toBe('Tin ');
});

test('tries come at longer and longer intervals, and never further apart than six hours', () => {
  expect([1, 2, 3, 20].map(retryDelayMs)).toEqual([60_000, 120_000, 240_000, 21_600_000]);
});

test('an officer sees enough of an address to recognise it', () => {
  expect([masked('+84912345678'), masked('nga.tran@thu.example')]).toEqual(['+84…678', 'nga…@thu.example']);
});

describe('templates', () => {
  const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();

  test.each(noticeKinds)('%s has the same holes in each language, and no markup', (kind) => {
    const one = templateOf(kind);
    for (const language of LANGUAGES) {
      expect(new Set(holes(one[language].join(' ')))).toEqual(new Set(holes(one.vi.join(' '))));
      expect(one[language].join(' ')).not.toMatch(/<\w|&\w+;/);
    }
    expect(one.channels.length).toBeGreaterThan(0);
    if (one.secret) expect(one.channels).not.toContain('in-app');
  });

  test('there is one for every kind that a slice tells', () => {
    const root = new URL('../../../src/features/', import.meta.url);
    const told = globSync('**/*.ts', { cwd: root })
      .filter((file) => !file.startsWith('notices'))
      .map((file) => readFileSync(new URL(file, root), 'utf8'))
      .filter((text) => /notices\.tell\(|: Notice\b/.test(text))
      .flatMap((text) => [...text.matchAll(/kind: '([a-z-]+\.[a-z-]+)'/g)].map(([, kind = '']) => kind));
    expect(told.length).toBeGreaterThan(2);
    expect(told.filter((kind) => !noticeKinds.includes(kind))).toEqual([]);
  });
});

describe('what was picked from a list', () => {
  test.each(VERDICT_REASONS.filter((reason) => reason !== 'other'))(
    '%s is told in the words of its reader',
    (reason) => {
      const told = LANGUAGES.map(
        (language) => noticeWords('change.rejected', language, { product: 'Bánh pía', reason, more: '' })[1],
      );
      for (const body of told) expect(body).not.toContain(reason);
      expect(new Set(told).size).toBe(LANGUAGES.length);
    },
  );

  test('is told before the officer’s own words, which stay as they are', () => {
    const values = { product: 'Bánh pía', reason: 'unclear-picture', more: '. Chụp lại ngoài trời.' };
    expect(noticeWords('change.changes-requested', 'vi', values)[1]).toBe(
      'Bản đã nhập vẫn còn nguyên. Cán bộ cần bạn sửa: Ảnh mờ hoặc không cho thấy sản phẩm. Chụp lại ngoài trời.',
    );
    expect(noticeWords('change.rejected', 'vi', { product: 'x', reason: 'Hình của người khác', more: '' })[1]).toBe(
      'Lý do: Hình của người khác',
    );
  });

  test('names papers, measures and causes as people do', () => {
    expect(noticeWords('paper.expiring', 'vi', { paper: 'food-safety', days: 30, expiresOn: '2026-12-01' })[0]).toBe(
      'Giấy đủ điều kiện an toàn thực phẩm còn 30 ngày',
    );
    const revoked = { product: 'Bánh pía', number: '1/QĐ', cause: 'criteria-lost', reason: 'Kiểm tra' };
    expect(noticeWords('certificate.revoked', 'en', revoked)[1]).toContain('The criteria are no longer met, Kiểm tra');
    expect(noticeWords('business.measure-announced', 'en', { business: 'A', measure: 'closure' })[0]).toBe(
      'A: notice of Closure on the exchange',
    );
  });
});
