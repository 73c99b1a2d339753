import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentUrl } from './documents.ts';
import { failuresText, findRowTests, isSeenBy, OBSERVED_FILE, ROW_TITLE, readObservations } from './failures.ts';

/**
 * `npm run docs:failures [-- files]`: runs the tests of the failure matrix, or those of some files, keeps what they saw, and
 * writes the document anew.
 */
const folder = mkdtempSync(join(tmpdir(), 'cho-noi-failures-'));
try {
  const rows = join(folder, 'rows.jsonl');
  const asked = process.argv.slice(2);
  const files = [...new Set(findRowTests().map(({ file }) => file))].filter(
    (file) => asked.length === 0 || asked.includes(file),
  );
  const env = { ...process.env, FEDERATION_ROWS: rows, FAULTS: 'long' };
  const run = spawnSync('npx', ['vitest', 'run', '-t', `(${ROW_TITLE}): `, ...files], { env, stdio: 'inherit' });
  const fresh = existsSync(rows) ? readFileSync(rows, 'utf8') : '';
  const tests = findRowTests();
  const kept = readObservations(readFileSync(documentUrl(OBSERVED_FILE), 'utf8') + fresh);
  const lines = kept
    .filter((item) => tests.some((test) => isSeenBy(test, item)))
    .map((item) => `${JSON.stringify(item)}\n`);
  writeFileSync(documentUrl(OBSERVED_FILE), lines.join(''));
  writeFileSync(documentUrl('docs/federation-failures.md'), failuresText());
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
