import { growInSmallSteps } from '#core/heap.ts';

/**
 * V8's threads and libuv's each take memory from an arena of their own, of which glibc gives nothing back: after an
 * import of 20,000 products 260 MB were held for 60.
 */
const environment = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '262144' };
const flags = ['--max-semi-space-size=4'];

/** A child that talks to its parent, as under `node --watch`, would lose the way to it. */
const canBeginAnew = (): boolean =>
  process.platform === 'linux' && process.execve !== undefined && process.send === undefined;

/**
 * Keeps the process small. To be called first of all: an allocator reads its settings only once, so this program is begun
 * anew in the same process, unless they are set by an operator or by the first round, or a process cannot be replaced.
 */
export function staySmall(env: Readonly<Record<string, string | undefined>>): void {
  if (canBeginAnew() && env.MALLOC_ARENA_MAX === undefined) {
    const args = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
    process.execve?.(process.execPath, args, { ...env, ...environment });
  }
  // Given as a flag of the command line it would also shrink the nursery to a megabyte.
  growInSmallSteps();
}
