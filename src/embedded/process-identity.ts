import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as the system sees it. `startedAt` tells it from a later one that was given the same number. */
export type ProcessIdentity = { readonly startedAt: string; readonly command: string };

/** The running process of that number; undefined when there is none, or only its unclaimed remains (a zombie). */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

/** Slim container images have no `ps`, so on Linux the kernel is asked directly. */
function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold spaces; what follows it is regular. Field 3 is the state, 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { startedAt: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [, state = '', startedAt = '', command = ''] =
      /^(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ?? [];
    return state && !state.startsWith('Z') ? { startedAt, command } : undefined;
  } catch {
    return undefined;
  }
}
