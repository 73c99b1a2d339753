import { expect, test } from 'vitest';
import { redOf, reportOf, type SeedRun, tableOf } from './report.ts';

const file = 'test/faults/one.test.ts';
const run = (seed: number, more: Partial<SeedRun> = {}): SeedRun => ({
  seed,
  counted: [{ target: 'T8', file, counts: { runs: 1_667 }, measured: { 'runs/s': seed } }],
  files: [{ file, ms: 30_000, red: [] }],
  broken: undefined,
  ...more,
});
const wants = { T8: { runs: 5_000 } };

test('what seeds have counted is summed, and what cannot be summed is shown from the least to the most', () => {
  const rows = reportOf([run(1), run(2), run(3)], true, wants);
  expect(rows).toEqual([
    {
      ...{ target: 'T8', what: 'runs', perSeed: ['1,667', '1,667', '1,667'], whole: '5,001', wanted: '≥ 5,000' },
      ...{ end: 'reached', minutes: '1.5' },
    },
    { target: 'T8', what: 'runs/s', perSeed: ['1', '2', '3'], whole: '1 to 3', wanted: '', end: '', minutes: '1.5' },
  ]);
  expect(tableOf(rows, [1, 2, 3]).split('\n')[1]).toMatch(/^T8 +runs +1,667 .* 5,001 +≥ 5,000 +reached +1\.5$/);
});

test('a target that was not reached, or not even tried, is short, and one with a failed test is red', () => {
  const red = run(2, { files: [{ file, ms: 0, red: ['a test'] }], broken: 'it ended with 7, and no test says why' });
  const ends = (runs: readonly SeedRun[], isWhole = true) => reportOf(runs, isWhole, wants).map(({ end }) => end);
  expect(ends([run(1), run(2)])).toEqual(['short', '']);
  expect(ends([run(1, { counted: [] })])).toEqual(['short']);
  expect(ends([run(1, { counted: [] })], false)).toEqual([]);
  expect(ends([run(1), red, run(3)])).toEqual(['red', '']);
  expect(redOf([run(1), red])).toEqual([`seed 2, ${file}: a test`, 'seed 2: it ended with 7, and no test says why']);
});
