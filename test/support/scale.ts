import { createRandom, type Random } from './random.ts';

/** `npm test` runs the short form of each fault test, `npm run test:faults` the long one. */
const isLong = process.env.FAULTS === 'long';

/** As many as fit into `npm test`, or as many as the long form takes. */
export const many = (short: number, long: number): number => (isLong ? long : short);

/** How long one fault test may take: on a machine that others use as well, and in its long form. */
export const limitMs = many(180_000, 1_200_000);

/** Another one each time, said aloud so that a failure can be run again: `SEED=<number> npm run test:faults`. */
export function seeded(what: string): Random {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);
  console.log(`${what}: SEED=${seed}${isLong ? ' FAULTS=long' : ''}`);
  return createRandom(seed);
}

/** Runs `work` for every item, so many at the same time. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as Item, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
