import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentUrl } from './documents.ts';
import { failuresText, findRowTests, isSeenBy, OBSERVED_FILE, ROW_TITLE, readObservations } from './failures.ts';

/** `npm run docs:failures`: runs the tests of the failure matrix, keeps what they saw, and writes the table anew. */
const folder = mkdtempSync(join(tmpdir(), 'cho-noi-failures-'));
try {
  const rows = join(folder, 'rows.jsonl');
  const files = [...new Set(findRowTests().map(({ file }) => file))];
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
