import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { folderClosed, noUnprivilegedUser } from './refusals.ts';

/** The user of the operating system that the servers run as. */
export type Owner = { readonly name: string; readonly uid: number; readonly gid: number };

/**
 * The user that runs the servers: ourselves, unless we are root, whom PostgreSQL refuses. Then whoever owns the existing
 * data (`cluster`), else `postgres`, else `nobody`. No account is created: that is the administrator's to do.
 */
export function findOwner(cluster: string): Owner {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { name: String(uid), uid, gid };
  const known = statSync(cluster, { throwIfNoEntry: false });
  if (known && known.uid !== 0) return { name: nameOf(known.uid), uid: known.uid, gid: known.gid };
  const owner = lookUp('postgres') ?? lookUp('nobody');
  if (!owner) throw noUnprivilegedUser();
  return owner;
}

const ask = (option: string, user: string): string =>
  execFileSync('id', [option, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

function lookUp(name: string): Owner | undefined {
  try {
    return { name, uid: Number(ask('-u', name)), gid: Number(ask('-g', name)) };
  } catch {
    return undefined;
  }
}

function nameOf(uid: number): string {
  try {
    return ask('-un', String(uid));
  } catch {
    return String(uid);
  }
}

/**
 * Makes `dataDir` traversable for `owner`, and throws CannotStart naming the first folder above it that is not ours to
 * open. Reading stays forbidden: what lies in the folders keeps its own permissions.
 */
export function openPath(dataDir: string, owner: Owner): void {
  const { mode, uid } = statSync(dataDir);
  const mayOpen = uid === process.getuid?.();
  if (mayOpen && owner.uid !== uid && (mode & 0o011) !== 0o011) chmodSync(dataDir, (mode & 0o7777) | 0o011);
  const closed = ancestors(dataDir).find((folder) => !letsThrough(folder, owner));
  if (closed) throw folderClosed(closed, owner.name, dataDir);
}

const ancestors = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [...ancestors(dirname(folder)), folder];

function letsThrough(folder: string, { uid, gid }: Owner): boolean {
  const stat = statSync(folder);
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
  return (stat.mode & bit) !== 0;
}
