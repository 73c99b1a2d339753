/** What one round of load saw. Latencies in milliseconds. */
export type Measured = { readonly rate: number; readonly p50Ms: number; readonly p99Ms: number };

/** Ours beside the limit of the same run; every member is a median over the rounds. */
export type Compared = { readonly ours: Measured; readonly limit: Measured; readonly ratio: number };

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
};

const medians = (all: readonly Measured[]): Measured => ({
  rate: median(all.map(({ rate }) => rate)),
  p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
});

/**
 * Measures both in turns, each round in the other order, and divides within the round: a neighbour on the machine who
 * works for ten seconds slows both sides of a round and not one side of the figure.
 */
export async function compare(
  rounds: number,
  ours: () => Promise<Measured>,
  limit: () => Promise<Measured>,
): Promise<Compared> {
  const seen: { ours: Measured; limit: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) seen.push({ ours: await ours(), limit: await limit() });
    else {
      const first = await limit();
      seen.push({ ours: await ours(), limit: first });
    }
  }
  return {
    ours: medians(seen.map((one) => one.ours)),
    limit: medians(seen.map((one) => one.limit)),
    ratio: median(seen.map((one) => one.ours.rate / one.limit.rate)),
  };
}
