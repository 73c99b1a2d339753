import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Says what a test of row `row` of the failure matrix saw (or of a further check, by its name), in words that are the same
 * in every run that goes well. Kept for docs/federation-failures.md when the run was asked for by `npm run docs:failures`;
 * nothing happens otherwise.
 */
export function observed(row: number | string, seen: string): void {
  const file = process.env.FEDERATION_ROWS;
  const mark = `${typeof row === 'number' ? `row ${row}` : row}: `;
  const title = expect.getState().currentTestName ?? '';
  const at = title.lastIndexOf(mark);
  const found = { row: mark.slice(0, -2), fault: title.slice(at + mark.length), observed: seen };
  // The document says "not recorded" of a test whose title and row differ.
  if (file && at !== -1) appendFileSync(file, `${JSON.stringify(found)}\n`);
}
