import { Compile } from 'typebox/compile';
import { recordHash } from '../protocol/canonical.ts';
import { Listing, Offer, Tombstone } from '../protocol/record.ts';
import type { Normalised } from './adapter.ts';

const checks = { listing: Compile(Listing), offer: Compile(Offer), tombstone: Compile(Tombstone) };

export const rejected = (code: string, detail: string): Normalised => ({ rejection: { code, detail } });

/** What an adapter makes of a foreign record: all but what this file adds. */
type Unsealed = { readonly kind: keyof typeof checks; readonly uri: string; readonly origin: string };

/** Gives a foreign record its envelope, or says what is wrong with it. Never throws. */
export function sealed<T extends Unsealed>(draft: T, at: string): Normalised {
  const open = { ...draft, via: [], rev: 1, at };
  const hash = hashOf(open);
  if (hash === undefined) return rejected('invalid-record', 'has no canonical form');
  const record: unknown = { ...open, hash };
  const check = checks[draft.kind];
  if (check.Check(record)) return { record };
  const faults = [...check.Errors(record)].slice(0, 3).map(({ instancePath, message }) => `${instancePath} ${message}`);
  return rejected('invalid-record', faults.join('; '));
}

function hashOf(record: object): string | undefined {
  try {
    return recordHash(record);
  } catch {
    // A lone surrogate or a number beyond JSON.
    return undefined;
  }
}
