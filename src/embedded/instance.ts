import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnce, isErrno } from '#config/files.ts';
import { identify } from './process-identity.ts';
import { alreadyRunning } from './refusals.ts';

/** A process known by its number and the moment it started, because numbers are given out again. */
export type KnownProcess = { readonly pid: number; readonly startedAt: string };
export type Addresses = {
  readonly databaseUrl: string;
  readonly meili: { readonly url: string; readonly key: string } | { readonly absent: Absence };
};
/** Why there is no Meilisearch, for the start page. */
export type Absence = { readonly vi: string; readonly en: string };

/** What `instance.json` in the data folder says: who uses the folder, and once all runs, where the servers are. */
export type Instance = {
  readonly holder: KnownProcess;
  readonly servers: readonly KnownProcess[];
  readonly addresses?: Addresses;
};

const fileIn = (dataDir: string): string => join(dataDir, 'instance.json');
export const knownProcess = (pid: number): KnownProcess => ({ pid, startedAt: identify(pid)?.startedAt ?? '' });
export const isRunning = ({ pid, startedAt }: KnownProcess): boolean => identify(pid)?.startedAt === startedAt;

/** The instance that runs in `dataDir` now, if any; other commands use its servers. */
export function runningInstance(dataDir: string): Instance | undefined {
  const instance = readInstance(fileIn(dataDir));
  return instance && isRunning(instance.holder) ? instance : undefined;
}

/**
 * Takes `dataDir` for this process and returns what a dead process left written there, so that its servers can be
 * stopped. Throws CannotStart while another process holds the folder.
 */
export function claim(dataDir: string): Instance | undefined {
  const file = fileIn(dataDir);
  let previous: Instance | undefined;
  for (;;) {
    if (createOnce(file, JSON.stringify({ holder: knownProcess(process.pid), servers: [] }))) return previous;
    const other = readInstance(file);
    if (other && isRunning(other.holder)) throw alreadyRunning(dataDir, other.holder.pid);
    previous = setAside(file, other) ?? previous;
  }
}

/**
 * Removes the stale file. Two processes may find it stale together; the slower one would then remove what the faster
 * one has just claimed, so whoever moved it looks at what it moved and puts a living claim back.
 */
function setAside(file: string, stale: Instance | undefined): Instance | undefined {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  const moved = readInstance(aside);
  if (moved && isRunning(moved.holder)) renameSync(aside, file);
  else rmSync(aside, { force: true });
  return stale;
}

/** Replaces what the file says, as a whole. Only the holder calls it. */
export function record(dataDir: string, instance: Instance): void {
  const draft = `${fileIn(dataDir)}.new`;
  writeFileSync(draft, `${JSON.stringify(instance, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(dataDir));
}

export const release = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true });

function readInstance(file: string): Instance | undefined {
  try {
    // Only this module writes the file, whole; whoever edits it by hand loses what it said.
    return JSON.parse(readFileSync(file, 'utf8')) as Instance;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
