import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRowTests } from '#test/support/failures.ts';
import { FAILURE_ROWS } from './failure-rows.ts';

const table = readFileSync(new URL('../../docs/federation-failures.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line));

test('the table has each row once, names every test of it, and says which have none', () => {
  expect(table.map((line) => Number(/^\| (\d+) \|/.exec(line)?.[1]))).toEqual(FAILURE_ROWS.map((_row, at) => at + 1));
  const tests = findRowTests();
  for (const [at, line] of table.entries()) {
    const own = tests.filter(({ row }) => row === at + 1);
    for (const { fault } of own) expect(line).toContain(fault.replace(/%\w/g, '…'));
    expect(line.includes('| not built |'), line).toBe(own.length === 0);
  }
});
