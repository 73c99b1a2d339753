import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createOnce } from '#config/files.ts';
import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { STATEMENT_LIFE_MS } from './rules/statement.ts';
import { certificateProblems } from './types.ts';

const refuse = refusals(certificateProblems);
/** A new key is published so long before it signs: whoever keeps the key set has it by then. */
const announceMs = 3_600_000;
/** How soon a running process hears of a rotation. Less than the time between publishing and signing. */
const lookAgainMs = 60_000;

type Key = { readonly startsAt: number; readonly file: string; readonly identity: NodeIdentity };
export type StatementKeys = ReturnType<typeof createStatementKeys>;

/**
 * The keys that sign statements, apart from the one that partners know this exchange by: each may be renewed without the
 * other. They lie in one folder, a file each, named for the second from which it signs. The two newest are published.
 */
export function createStatementKeys({ folder, now }: { readonly folder: string; readonly now: Clock }) {
  let kept: { readonly readAt: number; readonly keys: readonly Key[] } | undefined;

  const readAll = (): readonly Key[] => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Two processes that start at once agree on the first key, because its name is fixed and it appears once.
    createOnceIfEmpty(folder);
    return readdirSync(folder)
      .filter((name) => /^\d+\.pem$/.test(name))
      .map((name) => {
        const file = join(folder, name);
        return {
          startsAt: Number.parseInt(name, 10) * 1_000,
          file,
          identity: readIdentity(readFileSync(file, 'utf8')),
        };
      })
      .sort((one, other) => other.startsAt - one.startsAt);
  };
  const all = (): readonly Key[] => {
    const at = now().getTime();
    if (!kept || Math.abs(at - kept.readAt) > lookAgainMs) kept = { readAt: at, keys: readAll() };
    return kept.keys;
  };

  return {
    /** The key that signs now. */
    signing: (): NodeIdentity => {
      const keys = all();
      const key = keys.find(({ startsAt }) => startsAt <= now().getTime()) ?? keys.at(-1);
      if (!key) throw new Error(`No key that signs statements lies in ${folder}`);
      return key.identity;
    },
    /** The newest two, as RFC 7517 writes a key set: the one that signs, and the one before or after it. */
    published: () =>
      all()
        .slice(0, 2)
        .map(({ identity: { jwk, keyid } }) => ({ ...jwk, kid: keyid, use: 'sig', alg: 'EdDSA' })),
    /** Makes a key that signs an hour from now on. 409 `keys-rotated-lately` while statements of the key before may still hold. */
    rotate: (): { readonly kid: string; readonly startsAt: Date } => {
      kept = undefined;
      const [newest, ...older] = all();
      const at = now().getTime();
      if (older.length > 0 && newest && at < newest.startsAt + STATEMENT_LIFE_MS) throw refuse('keys-rotated-lately');
      for (const { file } of older) rmSync(file);
      const startsAt = Math.ceil((at + announceMs) / 1_000);
      createOnce(join(folder, `${startsAt}.pem`), generatePem());
      kept = undefined;
      const [made] = all();
      return { kid: made?.identity.keyid ?? '', startsAt: new Date(startsAt * 1_000) };
    },
  };
}

function createOnceIfEmpty(folder: string): void {
  if (!readdirSync(folder).some((name) => name.endsWith('.pem'))) createOnce(join(folder, '0.pem'), generatePem());
}
