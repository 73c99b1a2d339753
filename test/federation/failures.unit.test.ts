import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRowTests, isSeenBy, OBSERVED_FILE, readObservations, testName } from '#test/support/failures.ts';
import { FAILURE_ROWS, FURTHER_CHECKS } from './failure-rows.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const document = read('docs/federation-failures.md');
const tests = findRowTests();
const known = [...FAILURE_ROWS.map((_row, at) => `row ${at + 1}`), ...FURTHER_CHECKS.map(({ row }) => row)];
const lines = document.split('\n').filter((line) => /^\| (\d|control|T\d)/.test(line));

test('the table has each row once, in order, and says which have no test', () => {
  const named = lines.map((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? '');
  expect(named.map((name) => (/^\d/.test(name) ? `row ${name}` : name))).toEqual(known);
  for (const [at, line] of lines.entries()) {
    const count = tests.filter(({ row }) => row === known[at]).length;
    expect(line).toMatch(count === 0 ? / not built \|$/ : new RegExp(` ${count} \\|$`));
  }
});

test('every test that is called after a row stands in the document, and no row is called that does not exist', () => {
  for (const found of tests) expect(document).toContain(`- ${testName(found)}\n`);
  expect([...new Set(tests.map(({ row }) => row))].filter((row) => !known.includes(row))).toEqual([]);
});

test('nothing is kept that no test saw', () => {
  const kept = readObservations(read(OBSERVED_FILE));
  expect(kept.filter((item) => !tests.some((found) => isSeenBy(found, item)))).toEqual([]);
});
