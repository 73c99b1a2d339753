import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURE_ROWS, FURTHER_CHECKS } from '#test/federation/failure-rows.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const OBSERVED_FILE = 'test/federation/observed.jsonl';

export type Observation = { readonly row: string; readonly fault: string; readonly observed: string };
type Found = { readonly row: string; readonly fault: string; readonly file: string };

/** What stands before the colon in the titles of the tests that the document gathers. */
export const ROW_TITLE = 'row \\d+|control \\d+|T1[12]';

/** Tests of the failure matrix and of the further checks, found by their titles. */
export function findRowTests(): readonly Found[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).toSorted();
  return files.flatMap((file) => {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const titles = text.matchAll(new RegExp(`\\(\\s*(['"\`])(${ROW_TITLE}): ((?:(?!\\1)[^\\\\\\n]|\\\\.)+)\\1`, 'g'));
    return [...titles].map(([, , row = '', fault = '']) => ({ row, fault, file }));
  });
}

/** Lines of observations, the last word of each test. */
export function readObservations(text: string): readonly Observation[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const items = lines.map((line): Observation => {
    const { row, ...saw } = JSON.parse(line);
    // Lines of an older form, which a merge brought.
    return { ...saw, row: typeof row === 'number' ? `row ${row}` : row };
  });
  const last = new Map(items.map((item) => [`${item.row} ${item.fault}`, item]));
  const number = ({ row }: Observation) => Number(/\d+/.exec(row)?.[0]);
  const kind = ({ row }: Observation) => row.replace(/\d+/, '');
  return [...last.values()].toSorted((a, b) => {
    if (kind(a) !== kind(b)) return kind(b) < kind(a) ? -1 : 1;
    return number(a) - number(b) || (a.fault < b.fault ? -1 : 1);
  });
}

/** Whether a test saw it: `%s` in a title stands for a case. */
export function isSeenBy({ row, fault }: Found, item: Observation): boolean {
  const cases = fault.split(/%\w/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return item.row === row && new RegExp(`^${cases.join('.+')}$`).test(item.fault);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
const plain = (text: string): string => text.replace(/[<>*_`[\]]/g, '\\$&');
export const testName = ({ fault, file }: Found): string =>
  `${plain(fault.replace(/%\w/g, '…'))} (\`${file.replace('test/', '')}\`)`;

type Section = {
  readonly row: string;
  readonly name: string;
  readonly required: string;
  readonly also?: readonly number[];
};

function sectionText(
  { row, name, required, also }: Section,
  tests: readonly Found[],
  seen: readonly Observation[],
): string {
  const own = tests.filter((test) => test.row === row);
  const lines = own.map((test) => {
    const saw = seen.filter((item) => isSeenBy(test, item)).map(({ observed }) => `  - ${plain(observed)}`);
    return [`- ${testName(test)}`, ...(saw.length > 0 ? saw : ['  - not recorded'])].join('\n');
  });
  const body = lines.length > 0 ? lines : ['Not built: no test provokes it yet.'];
  const more = also ? [`Its tests are those of rows ${also.join(', ')} as well.`, ''] : [];
  return [`## ${name}`, '', `Must be so: ${required}.`, '', ...more, ...body, ''].join('\n');
}

/** docs/federation-failures.md, from the rows, the titles of their tests, and what the last run of them saw. */
export function failuresText(): string {
  const tests = findRowTests();
  const seen = readObservations(readFileSync(`${root}${OBSERVED_FILE}`, 'utf8'));
  const countOf = (row: string): string => {
    const count = tests.filter((test) => test.row === row).length;
    return count === 0 ? 'not built' : String(count);
  };
  const rows = FAILURE_ROWS.map(({ fault, required }, index) => ({ row: `row ${index + 1}`, fault, required }));
  const covered = rows.filter(({ row }) => tests.some((test) => test.row === row)).length;
  const sections: readonly Section[] = [
    ...rows.map(({ row, fault, required }) => ({ row, name: `${row.slice(4)}. ${fault}`, required })),
    ...FURTHER_CHECKS.map(({ check, ...more }) => ({ ...more, name: `${more.row}. ${check}` })),
  ];
  return [
    '# What happens when a partner fails',
    '',
    `Written by \`npm run docs:write\` from the tests; \`npm run docs:failures\` runs them and records what they saw. Of ${FAILURE_ROWS.length} rows`,
    `${covered} have a test; "not built" means that nothing here proves the row yet. Below the table each test says what it saw.`,
    '',
    '| # | Fault | What must be so | Tests |',
    '|---|---|---|---|',
    ...rows.map(
      ({ row, fault, required }) => `| ${[row.slice(4), fault, required, countOf(row)].map(cell).join(' | ')} |`,
    ),
    ...FURTHER_CHECKS.map(
      ({ row, check, required }) => `| ${[row, check, required, countOf(row)].map(cell).join(' | ')} |`,
    ),
    '',
    ...sections.map((section) => sectionText(section, tests, seen)),
  ].join('\n');
}
