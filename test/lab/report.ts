import type { LabReport } from './run.ts';

const row = (name: string, value: number | string): string => `  ${name.padEnd(24)} ${String(value).padStart(9)}`;

/** What a run did and what was left, as a person reads it. */
export function linesOf(report: LabReport): readonly string[] {
  const { acts, faults, lies, quarantined, roots, memoryMb, usage, violations } = report;
  const counts = Object.entries({ acts, faults, lies, quarantined }).flatMap(([title, numbers]) => [
    '',
    title,
    ...Object.entries(numbers)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => row(name, count)),
  ]);
  const left = [
    row('roots equal', `${roots.equal} of ${roots.of}`),
    row('copies compared', report.compared),
    row('drift', report.drift),
    row('own goods back', report.selfImports),
    row('shown though withdrawn', report.resurrected.length),
    row('untold', report.untold),
    row('lies believed', report.believed.length),
    row('lanes stuck', report.stuck.length),
    row('held, let go by officer', report.released.length),
    row('equal after', `${report.healedSeconds} s`),
    row('by the', report.healedBy),
  ];
  const { sagas } = report;
  const bought = [
    ...Object.entries(sagas.states)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([state, count]) => row(`legs ${state}`, count)),
    row('đồng taken', sagas.taken),
    row('đồng given back', sagas.givenBack),
    row('đồng owed by origins', sagas.sold),
    row('double captures', sagas.doubleCaptures),
    row('orphan holds', sagas.orphanHolds),
    row('legs not ended', sagas.notEnded),
    row('legs found by money', sagas.recovered),
    row('days settled equal', `${sagas.settledDays.equal} of ${sagas.settledDays.of}`),
    ...Object.entries(sagas.provider).map(([name, count]) => row(`provider ${name}`, count)),
    ...sagas.explained.map((one) => `  found by settlement    ${one}`),
  ];
  const parts = usage ? (Object.keys(usage.peakMb) as (keyof typeof usage.peakMb)[]) : [];
  const machine = usage
    ? parts.map((part) => row(part, `${usage.peakMb[part]} MB, ${usage.cpuSeconds[part]} s of CPU`))
    : [row('all but PostgreSQL', `${memoryMb.all} MB`)];
  return [
    ...counts,
    ...['', 'after healing', ...left],
    ...['', 'orders between exchanges', ...bought],
    ...['', 'machine', ...machine],
    ...['', ...violations.map((one) => `VIOLATION ${one}`)],
    violations.length === 0 ? 'Nothing was violated.' : `${violations.length} violations.`,
  ];
}
