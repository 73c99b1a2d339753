import { expect, inject, test } from 'vitest';
import { runLab } from '#test/lab/run.ts';

test('two exchanges that live through faults, a kill and liars hold the same after healing', async () => {
  const report = await runLab({
    ...{ server: inject('postgresUrl'), seed: 11, nodes: 2, seconds: 4, steps: 30, patienceMs: 120_000 },
  });
  expect(report.violations).toEqual([]);
  // A lab in which nothing happens proves nothing.
  expect(report.compared).toBeGreaterThan(10);
  expect(Object.keys(report.acts).length).toBeGreaterThan(3);
  expect(Object.keys(report.faults).length).toBeGreaterThan(1);
}, 300_000);
