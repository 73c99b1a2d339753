import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createOnce } from '#config/files.ts';
import { type Clock, dayMs } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { cursorKey } from '#federation/protocol/cursor.ts';
import type { Profile } from '#federation/protocol/documents.ts';
import { endorse } from '#federation/protocol/joining.ts';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);
/** Partners let a successor count a week after they first saw it (`rules/keys.ts`). */
const announceMs = 7 * dayMs;
/** They look by the hour, and one that was away looks later: for a day more the key before goes on signing. */
const graceMs = dayMs;
/** So long after the change the key before still counts, for whoever was away meanwhile. */
const overlapMs = 7 * dayMs;
/** How soon a running process hears of a rotation. */
const lookAgainMs = 60_000;

/** `signsFrom` is in milliseconds; 0 of the first key. */
type Key = { readonly signsFrom: number; readonly file: string; readonly identity: NodeIdentity };
type Published = Profile['keys'][number];
export type NodeKeys = ReturnType<typeof openNodeKeys>;

/**
 * The keys by which partners know this exchange. The first lies in `file`, made at the first start; each successor beside it,
 * named for the second from which it signs. They must be kept with the backups: a node with another key is a stranger to
 * everyone. The first file is never removed, since what seals cursors is derived from it: a partner's place in our feed must
 * not be lost because a key was changed. Throws what the file system throws, and Error when a file holds no Ed25519 key.
 */
export function openNodeKeys({ file, now }: { readonly file: string; readonly now: Clock }) {
  const folder = dirname(file);
  const stem = basename(file).replace(/\.pem$/, '');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const first: Key = { signsFrom: 0, file, identity: readOrMake(file) };
  let kept: { readonly readAt: number; readonly keys: readonly Key[] } | undefined;

  const readAll = (): readonly Key[] => {
    const successors = readdirSync(folder).flatMap((name): Key[] => {
      const [, seconds] = (name.startsWith(`${stem}.`) && /^\.(\d+)\.pem$/.exec(name.slice(stem.length))) || [];
      if (seconds === undefined) return [];
      const path = join(folder, name);
      return [{ signsFrom: Number(seconds) * 1_000, file: path, identity: readIdentity(readFileSync(path, 'utf8')) }];
    });
    return [first, ...successors].sort((one, other) => other.signsFrom - one.signsFrom);
  };
  /** The newest first. */
  const all = (): readonly Key[] => {
    const at = now().getTime();
    if (!kept || Math.abs(at - kept.readAt) >= lookAgainMs) kept = { readAt: at, keys: readAll() };
    return kept.keys;
  };
  const signing = (): NodeIdentity => (all().find(({ signsFrom }) => signsFrom <= now().getTime()) ?? first).identity;
  const endOf = ({ signsFrom }: Key): Date => new Date(signsFrom + overlapMs);

  return {
    /** The key that signs, whichever it is when it is asked for. */
    identity: {
      get keyid() {
        return signing().keyid;
      },
      get jwk() {
        return signing().jwk;
      },
      get privateKey() {
        return signing().privateKey;
      },
    } satisfies NodeIdentity,
    /** What seals cursors, the same for ever. */
    cursorSeal: cursorKey(first.identity.privateKey),
    /** As our profile tells: the key that counts, and while one takes the place of another both, the newer endorsed by the older. */
    published: (origin: string): readonly Published[] => {
      const [newest, before] = all();
      if (!newest) return [];
      const { jwk, keyid: kid } = newest.identity;
      if (!before || endOf(newest) <= now()) return [{ ...jwk, kid }];
      const exp = Math.floor(endOf(newest).getTime() / 1_000);
      const nbf = Math.floor((newest.signsFrom - graceMs) / 1_000);
      const endorsement = endorse(origin, before.identity, { kid, x: jwk.x, nbf });
      return [
        { ...before.identity.jwk, kid: before.identity.keyid, exp },
        { ...jwk, kid, nbf, endorsement },
      ];
    },
    /** The change that is under way: which key follows, when it begins to sign, and when the one before ends. */
    changing: (): { readonly keyid: string; readonly signsFrom: Date; readonly endsAt: Date } | undefined => {
      const [newest, before] = all();
      if (!newest || !before || endOf(newest) <= now()) return undefined;
      return { keyid: newest.identity.keyid, signsFrom: new Date(newest.signsFrom), endsAt: endOf(newest) };
    },
    /** Makes a successor and announces it. 409 `node-key-changing` while a change is under way. */
    rotate: (): { readonly keyid: string; readonly signsFrom: Date; readonly endsAt: Date } => {
      kept = undefined;
      const [newest, ...older] = all();
      if (newest && older.length > 0 && endOf(newest) > now())
        throw refuse('node-key-changing', { until: endOf(newest).toISOString() });
      // What counts no more is taken away, all but the first, which seals cursors.
      for (const { file: path, signsFrom } of older) if (signsFrom > 0) rmSync(path);
      const seconds = Math.ceil((now().getTime() + announceMs + graceMs) / 1_000);
      createOnce(join(folder, `${stem}.${seconds}.pem`), generatePem());
      kept = undefined;
      const [made] = all();
      if (!made) throw new Error(`No key of this exchange lies in ${folder}`);
      return { keyid: made.identity.keyid, signsFrom: new Date(made.signsFrom), endsAt: endOf(made) };
    },
  };
}

function readOrMake(file: string): NodeIdentity {
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
