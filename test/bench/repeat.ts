import type { Measured } from './rounds.ts';

/** Repeats `work` by `workers` at once for `seconds`; the rate counts what was finished and was not `false`. */
export async function repeat(
  workers: number,
  seconds: number,
  work: (worker: number) => Promise<unknown>,
): Promise<Measured> {
  const start = performance.now();
  const latencies: number[] = [];
  const run = async (worker: number): Promise<void> => {
    while (performance.now() - start < seconds * 1_000) {
      const began = performance.now();
      if ((await work(worker)) !== false) latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
  const took = performance.now() - start;
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? 0;
  return { rate: (latencies.length * 1_000) / took, p50Ms: at(0.5), p99Ms: at(0.99) };
}
