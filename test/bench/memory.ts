import { readFileSync } from 'node:fs';

export type Memory = { readonly residentMb: number; readonly peakMb: number };

/** Of one process, without the servers that it started. Undefined where there is no /proc. */
export function readMemory(pid: number): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_024;
    return { residentMb: read('VmRSS'), peakMb: read('VmHWM') };
  } catch {
    return undefined;
  }
}
