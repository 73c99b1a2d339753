import autocannon, { type Request } from 'autocannon';
import type { Measured } from './rounds.ts';

export type { Request };

export const connections = 32;

/** Sends `requests` in turn over kept-alive connections for `seconds`. An answer that is not 2xx ends the bench. */
export async function press(url: string, requests: readonly Request[], seconds: number): Promise<Measured> {
  const result = await autocannon({ url, connections, duration: seconds, requests });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`);
  return { rate: result['2xx'] / result.duration, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}
