import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createOnce } from '#config/files.ts';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';

/**
 * The key by which partners know this exchange, made at the first start. It must be kept with the backups: a node with
 * another key is a stranger to everyone. Throws what the file system throws, and Error when the file holds no Ed25519 key.
 */
export function loadNodeKey(file: string): NodeIdentity {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const there = readIfThere(file);
  if (there !== undefined) return readIdentity(there);
  createOnce(file, generatePem());
  return readIdentity(readFileSync(file, 'utf8'));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
