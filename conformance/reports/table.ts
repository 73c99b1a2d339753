import { LEVELS } from '../kit/check.ts';
import type { Report, Result } from '../kit/run.ts';
import { count, isReached, NEED } from './words.ts';

const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const;

/** A line of the table, and below a failure what to do. */
export function lineOf({ check, outcome, ms, missing, expected, seen, sent }: Result): string {
  const head = `${mark[outcome]}  ${check.level.padEnd(6)}  ${check.id.padEnd(34)} ${check.title[1]}`;
  if (missing) return `${head} - ${NEED[missing][1]}`;
  if (outcome === 'passed') return `${head} (${ms} ms)`;
  const request = sent?.split('\n')[0];
  return [
    head,
    `      sent      ${request}`,
    `      expected  ${expected}`,
    `      saw       ${seen?.slice(0, 400)}`,
    `      do        ${check.advice[1]}`,
    `                ${check.advice[0]}`,
    `      see       ${check.spec}`,
  ].join('\n');
}

/** What came out, level by level. */
export function summaryOf(report: Report): string {
  const { results, target, profile, asked, reached } = report;
  const byLevel = LEVELS.map((level) => {
    const of = results.filter(({ check }) => check.level === level);
    return of.length === 0
      ? ''
      : `${level}: ${count(of, 'passed')} of ${of.length} passed, ${count(of, 'failed')} failed, ${count(of, 'skipped')} skipped`;
  });
  const verdict = isReached(report) ? `${asked} reached` : `${asked} NOT reached; reached: ${reached ?? 'nothing'}`;
  return ['', `${target}  profile ${profile}`, ...byLevel.filter((line) => line !== ''), verdict].join('\n');
}
