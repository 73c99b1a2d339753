import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURE_ROWS } from '#test/federation/failure-rows.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const OBSERVED_FILE = 'test/federation/observed.jsonl';

export type Observation = { readonly row: number; readonly fault: string; readonly observed: string };
type Found = { readonly row: number; readonly fault: string; readonly file: string };

/** Tests of the failure matrix, found by their titles. */
export function findRowTests(): readonly Found[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).toSorted();
  return files.flatMap((file) => {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const titles = text.matchAll(/\(\s*(['"`])row (\d+): ((?:(?!\1)[^\\\n]|\\.)+)\1/g);
    return [...titles].map(([, , row, fault = '']) => ({ row: Number(row), fault, file }));
  });
}

/** Lines of observations, the last word of each test. */
export function readObservations(text: string): readonly Observation[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const items = lines.map((line) => JSON.parse(line) as Observation);
  const last = new Map(items.map((item) => [`${item.row} ${item.fault}`, item]));
  return [...last.values()].toSorted((a, b) => a.row - b.row || (a.fault < b.fault ? -1 : 1));
}

/** Whether a test saw it: `%s` in a title stands for a case. */
export function isSeenBy({ row, fault }: Found, item: Observation): boolean {
  const cases = fault.split(/%\w/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return item.row === row && new RegExp(`^${cases.join('.+')}$`).test(item.fault);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** docs/federation-failures.md, from the rows, the titles of their tests, and what the last run of them saw. */
export function failuresText(): string {
  const tests = findRowTests();
  const seen = readObservations(readFileSync(`${root}${OBSERVED_FILE}`, 'utf8'));
  const rows = FAILURE_ROWS.map(({ fault, required }, index) => {
    const row = index + 1;
    const own = tests.filter((test) => test.row === row);
    const proofs = own.map((test) => `${test.fault.replace(/%\w/g, '…')} (\`${test.file.replace('test/', '')}\`)`);
    const saw = own.flatMap((test) => seen.filter((item) => isSeenBy(test, item)));
    const words = saw.map(({ observed }) => observed);
    const built = own.length > 0 ? proofs : ['not built'];
    const observed = own.length > 0 && words.length === 0 ? ['not recorded'] : words;
    return `| ${[String(row), fault, required, built.join('; '), observed.join('; ')].map(cell).join(' | ')} |`;
  });
  const covered = new Set(tests.map(({ row }) => row)).size;
  return [
    '# What happens when a partner fails',
    '',
    `Written by \`npm run docs:write\` from the tests; \`npm run docs:failures\` runs them and records what they saw. Of ${FAILURE_ROWS.length} rows`,
    `${covered} have a test; "not built" means that nothing here proves the row yet.`,
    '',
    '| # | Fault | What must be so | Test | Observed |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
