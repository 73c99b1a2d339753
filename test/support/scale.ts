import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { createRandom, type Random } from './random.ts';

/** `npm test` runs the short form of each fault test, `npm run test:faults` the long one. */
const isLong = process.env.FAULTS === 'long';
/** How many seeds of `npm run test:faults` come to the whole together. */
const seeds = Number(process.env.FAULTS_SEEDS ?? 1);
/** The seed of every test of this run; another one each time unless it is given. */
const givenSeed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);

/** As many as fit into `npm test`, or as many as the long form takes with each seed. */
export const many = (short: number, long: number): number => (isLong ? long : short);

/** As many as fit into `npm test`, or this seed's part of what the long form takes as a whole. */
export const shared = (short: number, long: number): number => many(short, Math.ceil(long / seeds));

/** How long one fault test may take: on a machine that others use as well, and in its long form. */
export const limitMs = many(180_000, 2_700_000);

/** Said aloud so that a failure can be run again: `SEED=<number> FAULTS=long npx vitest run <file>`. */
export function seedOf(what: string): number {
  console.log(`${what}: SEED=${givenSeed}${isLong ? ` FAULTS=long FAULTS_SEEDS=${seeds}` : ''}`);
  return givenSeed;
}

export const seeded = (what: string): Random => createRandom(seedOf(what));

/** One line of the file in which the runner finds what each test has counted. */
export type Counted = {
  /** T1 to T24, as `test/faults/targets.ts` lists them. */
  readonly target: string;
  readonly file: string;
  /** Summed over tests and seeds: kills, rounds, orders. */
  readonly counts: Readonly<Record<string, number>>;
  /** Not to be summed: ratios and times, shown from the least to the most. */
  readonly measured: Readonly<Record<string, number>>;
};

const said = (numbers: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(numbers).map(([what, number]) => `${number.toLocaleString('en')} ${what}`);

/** Tells the reader and the runner what a test has done towards its target. Called where it has succeeded, at its end. */
export function counted(target: string, counts: Counted['counts'], measured: Counted['measured'] = {}): void {
  console.log(`${target}: ${[...said(counts), ...said(measured)].join(', ')}`);
  const keptIn = process.env.FAULTS_COUNTS;
  if (!keptIn) return;
  const line: Counted = { target, file: expect.getState().testPath ?? '', counts, measured };
  appendFileSync(keptIn, `${JSON.stringify(line)}\n`);
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
