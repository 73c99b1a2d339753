import { newCode } from '#core/ids.ts';
import type { Tx } from '#db/client.ts';
import { insertCodes } from './queries.ts';
import type { CodeKind } from './types.ts';

export type Codes = {
  take(tx: Tx, kind: CodeKind, count: number): Promise<string[]>;
  /** One code of each of these kinds, in their order. */
  takeAll(tx: Tx, kinds: readonly CodeKind[]): Promise<string[]>;
};

const rounds = 5;

/** Codes that nothing else has. With 2^50 of them a clash is rare; the table refuses it and another is drawn. */
async function takeAll(tx: Tx, kinds: readonly CodeKind[]): Promise<string[]> {
  const taken: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const wanted = kinds.flatMap((kind, index) => (taken[index] ? [] : [{ index, kind, code: newCode() }]));
    const free = new Set(await insertCodes(tx, wanted));
    for (const { index, code } of wanted) if (free.has(code)) taken[index] = code;
    if (free.size === wanted.length) return taken;
  }
  throw new Error('No free code was found');
}

export const codes: Codes = {
  take: (tx, kind, count) =>
    takeAll(
      tx,
      Array.from({ length: count }, () => kind),
    ),
  takeAll,
};
