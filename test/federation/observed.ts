import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Says what a test of row `row` of the failure matrix saw, in words that are the same in every run that goes well. Kept
 * for docs/federation-failures.md when the run was asked for by `npm run docs:failures`; nothing happens otherwise.
 */
export function observed(row: number, seen: string): void {
  const file = process.env.FEDERATION_ROWS;
  const title = expect.getState().currentTestName ?? '';
  const fault = title.split(`row ${row}: `).at(-1) ?? '';
  if (file) appendFileSync(file, `${JSON.stringify({ row, fault, observed: seen })}\n`);
}
