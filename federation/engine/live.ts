import { setTimeout as sleep } from 'node:timers/promises';
import type { Ctx, PartnerAdapter } from '../adapters/adapter.ts';
import { parseUri } from '../protocol/uri.ts';
import { PullFailure } from './failure.ts';

/** `unknown` where the partner cannot be asked, or does not answer in time: a shopper does not wait for it. */
export type Liveness = 'there' | 'sold-out' | 'gone' | 'unknown';

/**
 * Asks the partner whether what an offer sells is still there, for as long as `budgetMs` at most. Nothing that goes wrong
 * counts against the partner: it is asked in passing.
 */
export async function askWhetherThere(
  ctx: Ctx,
  adapter: PartnerAdapter,
  offerUri: string,
  budgetMs: number,
): Promise<Liveness> {
  const signal = AbortSignal.timeout(budgetMs);
  const waited = new AbortController();
  const late = sleep(budgetMs, 'unknown' as const, { signal: waited.signal }).catch(() => 'unknown' as const);
  try {
    return await Promise.race([ask({ ...ctx, signal }, adapter, offerUri), late]);
  } finally {
    waited.abort();
  }
}

async function ask(ctx: Ctx, adapter: PartnerAdapter, offerUri: string): Promise<Liveness> {
  // Native partners know their records by the uri, others by what we made it of.
  const id = adapter.manifest.kind === 'native' ? offerUri : parseUri(offerUri)?.id;
  if (!adapter.fetchOne || id === undefined) return 'unknown';
  try {
    const found = await adapter.fetchOne(ctx, 'offer', id);
    if (found === 'gone') return 'gone';
    const normalised = adapter.normalise(found, ctx.partner);
    if (!('record' in normalised)) return 'unknown';
    const { record } = normalised;
    if (record.kind === 'tombstone') return 'gone';
    return record.kind === 'offer' && record.availability.state === 'out-of-stock' ? 'sold-out' : 'there';
  } catch (error) {
    if (error instanceof PullFailure) return 'unknown';
    throw error;
  }
}
