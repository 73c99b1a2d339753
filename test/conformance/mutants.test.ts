import { appendFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '#conformance/checks/checks.ts';
import type { Check, Profile } from '#conformance/kit/check.ts';
import { newPem, readIdentity } from '#conformance/kit/keys.ts';
import { faultsOf, runKit } from './kit-run.ts';
import { DEFECTS, type Defect } from './reference/defects.ts';
import { startEndpoint } from './reference/endpoint.ts';

const [identity, other] = [readIdentity(newPem()), readIdentity(newPem())];
/** A defect of the reference shows at once, for it writes at once. */
const patienceMs = 150;

type Mutant = { readonly defect: Defect; readonly group: string; readonly what: string };
const mutants: readonly Mutant[] = Object.entries(DEFECTS).flatMap(([group, defects]) =>
  Object.entries(defects).map(([defect, what]) => ({ defect: defect as Defect, group, what })),
);
const near: Readonly<Record<string, readonly string[]>> = {
  snapshot: ['snapshot', 'audit'],
  hostile: ['hostile', 'health'],
};

/** The same checks, those that are likely to notice first. */
function ordered(group: string): readonly Check[] {
  const isNear = ({ area }: Check): boolean => (near[group] ?? [group]).includes(area);
  return [...CHECKS.filter(isNear), ...CHECKS.filter((check) => !isNear(check))];
}

const run = async (profile: Profile, defect?: Defect, checks = CHECKS, untilFailed = false) => {
  const endpoint = await startEndpoint([identity, other], defect);
  try {
    return await runKit({
      url: endpoint.url,
      identity,
      other,
      driver: endpoint.driver,
      profile,
      checks,
      patienceMs,
      untilFailed,
    });
  } finally {
    await endpoint.close();
  }
};

describe('the clean reference', () => {
  test.each<Profile>(['native', 'pull-only', 'feed'])('passes every check of the profile %s', async (profile) => {
    const report = await run(profile);
    expect(faultsOf(report)).toEqual([]);
    expect(report.reached).toBe('gold');
  });

  test('leaves no check out', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(120);
    for (const { title, advice, spec, id } of CHECKS)
      expect(
        [...title, ...advice, spec].every((words) => words.length > 3),
        id,
      ).toBe(true);
  });
});

describe('every mutant dies', () => {
  const table: string[] = [];

  test('there are enough of them', () => expect(mutants.length).toBeGreaterThanOrEqual(60));

  test.each(mutants.map((mutant) => [mutant.defect, mutant] as const))('%s', async (_name, { defect, group, what }) => {
    const report = await run(group === 'feed' ? 'feed' : 'native', defect, ordered(group), true);
    const killer = report.results.find(({ outcome }) => outcome === 'failed');
    table.push(`${defect.padEnd(26)} ${what.padEnd(66)} ${killer?.check.id ?? 'SURVIVED'}`);
    expect(killer?.check.id, `it ${what}, and no check noticed`).toBeDefined();
    expect(report.reached).not.toBe('gold');
  });

  test('the kill table', () => {
    const killed = table.filter((line) => !line.endsWith('SURVIVED')).length;
    console.log([...table, `${killed} of ${mutants.length} mutants killed`].join('\n'));
    const file = process.env.KILL_TABLE;
    if (file) appendFileSync(file, `${table.join('\n')}\n`);
    expect(killed).toBe(mutants.length);
  });
});
