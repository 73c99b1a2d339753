import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createOnce, isErrno } from './files.ts';

const shown = '[secret]';

/** A value that must not reach a log: printing, JSON and inspection all show `[secret]`. `reveal()` is easy to search for. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return shown;
  }
  toJSON(): string {
    return shown;
  }
  [inspect.custom](): string {
    return shown;
  }
}

/**
 * The secret called `name` under `dataDir`, made up on first use: 32 hexadecimal digits (128 random bits), readable by
 * its owner only. Two processes that start at once agree on it, because the file appears whole or not at all.
 * Throws what the file system throws.
 */
export function keptSecret(dataDir: string, name: string): string {
  const folder = join(dataDir, 'secrets');
  const file = join(folder, name);
  const known = readIfThere(file);
  if (known) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  createOnce(file, `${randomBytes(16).toString('hex')}\n`);
  return readFileSync(file, 'utf8').trim();
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
