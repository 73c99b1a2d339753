import type { Report, Result } from '../kit/run.ts';
import { count, escaped, NEED } from './words.ts';

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

function caseOf({ check, outcome, ms, sent, expected, seen, missing }: Result): string {
  const head = `<testcase${attributes({ classname: `${check.level}.${check.area}`, name: check.id, time: ms / 1000 })}>`;
  const text = [
    check.title[1],
    `sent: ${sent}`,
    `expected: ${expected}`,
    `saw: ${seen}`,
    check.advice[1],
    check.spec,
  ].join('\n');
  const failure =
    outcome === 'failed' ? `<failure${attributes({ message: `expected ${expected}` })}>${escaped(text)}</failure>` : '';
  const skipped = missing ? `<skipped${attributes({ message: NEED[missing][1] })}/>` : '';
  return `    ${head}${failure}${skipped}</testcase>`;
}

/** JUnit XML, as build servers read it. */
export function junitOf({ results, target, profile, asked, startedAt }: Report): string {
  const numbers = { tests: results.length, failures: count(results, 'failed'), skipped: count(results, 'skipped') };
  const time = results.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const suite = attributes({ name: `${profile} ${asked} ${target}`, ...numbers, time, timestamp: startedAt });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(numbers)}>\n  <testsuite${suite}>\n${results.map(caseOf).join('\n')}\n  </testsuite>\n</testsuites>\n`;
}
