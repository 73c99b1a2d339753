import { newCode } from '#core/ids.ts';
import type { Tx } from '#db/client.ts';
import { insertCodes } from './queries.ts';
import type { CodeKind } from './types.ts';

export type Codes = { take(tx: Tx, kind: CodeKind, count: number): Promise<string[]> };

const rounds = 5;

/** Codes that nothing else has. With 2^50 of them a clash is rare; the table refuses it and another is drawn. */
export const codes: Codes = {
  take: async (tx, kind, count) => {
    const taken: string[] = [];
    for (let round = 0; taken.length < count; round += 1) {
      if (round === rounds) throw new Error('No free code was found');
      taken.push(...(await insertCodes(tx, kind, Array.from({ length: count - taken.length }, newCode))));
    }
    return taken;
  },
};
