import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '#core/ids.ts';
import { createOnce, isErrno } from './files.ts';

/** A key of the vault: 256 random bits. Ids sort by the time they were made, so the last one is the newest. */
export type VaultKey = { readonly id: string; readonly bytes: Buffer };

const keyFile = /^[0-9a-f]{16}$/;
/** Another process may have rotated: who seals looks for a newer key this often. */
const lookAgainMs = 30_000;

/**
 * The keys under `dataDir/secrets/vault`, one file each, readable by their owner only. The first is made on first use.
 * No key is ever deleted here: a backup that is restored may hold what any of them sealed.
 */
export function openVaultKeys(dataDir: string) {
  const folder = join(dataDir, 'secrets', 'vault');
  const held = new Map<string, VaultKey>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const read = (id: string): VaultKey | undefined => {
    try {
      const bytes = Buffer.from(readFileSync(join(folder, id), 'utf8').trim(), 'hex');
      if (bytes.length !== 32) throw new Error(`The key ${id} in ${folder} is damaged: restore it from a backup`);
      const key = { id, bytes };
      held.set(id, key);
      return key;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
  };
  const look = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const id of readdirSync(folder).filter((name) => keyFile.test(name))) if (!held.has(id)) read(id);
    lookedAt = performance.now();
  };
  /** A new key, with which everything is sealed from now on. */
  const rotate = (): VaultKey => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const id = newId().replaceAll('-', '').slice(0, 12) + randomBytes(2).toString('hex');
    createOnce(join(folder, id), `${randomBytes(32).toString('hex')}\n`);
    look();
    return newest();
  };
  const newest = (): VaultKey => {
    if (performance.now() - lookedAt > lookAgainMs) look();
    return [...held.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1) ?? rotate();
  };
  return {
    newest,
    rotate,
    /** The key of that id, also one that another process made a moment ago. */
    find: (id: string): VaultKey | undefined => held.get(id) ?? (keyFile.test(id) ? read(id) : undefined),
  };
}
