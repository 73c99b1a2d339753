import { readdirSync, readFileSync } from 'node:fs';

/** What a run took of the machine, told apart by what the processes are. */
export type Usage = {
  /** The most at one time; shared pages count once. */
  readonly peakMb: Readonly<Record<Part, number>>;
  readonly cpuSeconds: Readonly<Record<Part, number>>;
};
type Part = 'exchanges' | 'postgres' | 'driver';
const parts: readonly Part[] = ['exchanges', 'postgres', 'driver'];
/** Linux counts a process's time in hundredths of a second wherever Node runs. */
const ticksPerSecond = 100;
const everyMs = 3_000;

type Seen = { readonly pid: number; readonly parent: number; readonly part: Part; readonly ticks: number };

/** The process `pid`, or undefined when it is gone. */
function look(pid: number): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces, so numbers are counted from behind it: state, parent, …, utime, stime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const part = command.includes('exchange-process') ? 'exchanges' : /postgres/.test(command) ? 'postgres' : 'driver';
    return { pid, parent: Number(fields[1]), part, ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

function pssMb(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** This process and whatever descends from it. */
function family(): readonly Seen[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []));
  const ours = new Set([process.pid]);
  for (let before = 0; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => ours.has(pid));
}

const none = (): Record<Part, number> => ({ exchanges: 0, postgres: 0, driver: 0 });

/** Looks every few seconds until `stop`; what a process did after the last look before its end is not known. */
export function watchUsage() {
  const ticks = new Map<number, Seen>();
  const peakMb = none();
  const sample = (): void => {
    const now = none();
    for (const seen of family()) {
      ticks.set(seen.pid, seen);
      now[seen.part] += pssMb(seen.pid);
    }
    for (const part of parts) peakMb[part] = Math.max(peakMb[part], Math.round(now[part]));
  };
  const isLinux = process.platform === 'linux';
  const timer = isLinux ? setInterval(sample, everyMs) : undefined;
  return {
    /** Undefined where there is no /proc to read. */
    stop: (): Usage | undefined => {
      clearInterval(timer);
      if (!isLinux) return undefined;
      sample();
      const cpuSeconds = none();
      for (const { part, ticks: used } of ticks.values()) cpuSeconds[part] += used / ticksPerSecond;
      for (const part of parts) cpuSeconds[part] = Math.round(cpuSeconds[part]);
      return { peakMb, cpuSeconds };
    },
  };
}
