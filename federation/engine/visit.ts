import type { Checkpoint, Ctx, PartnerAdapter, PartnerEndpoint } from '../adapters/adapter.ts';
import type { Lane } from '../protocol/record.ts';
import type { Taken } from './apply.ts';
import type { Counts, EngineStore } from './store.ts';

export type EngineDeps = Omit<Ctx, 'partner'> & {
  readonly store: EngineStore;
  readonly adapterFor: (partner: PartnerEndpoint) => PartnerAdapter;
  /** Our own origin: what comes back to us from a neighbour is not taken. */
  readonly self: string;
  /** In [0, 1), for the jitter of the back-off. */
  readonly random: () => number;
};

/** One reading of one lane of one partner, and what has come of it so far. */
export type Visit = {
  readonly deps: EngineDeps;
  readonly partner: PartnerEndpoint;
  readonly lane: Lane;
  readonly adapter: PartnerAdapter;
  /** A person's word that the lane may shrink or change its prices so. */
  readonly isAccepted: boolean;
  counts: Counts;
};

export const ctxOf = ({ deps, partner }: Visit): Ctx => ({ ...deps, partner });

/** What is applied next, where the lane stands at `from`. */
export const takenOf = ({ deps, partner, lane, adapter, isAccepted }: Visit, from: Checkpoint | undefined): Taken => ({
  partner,
  lane,
  adapter,
  isAccepted,
  from,
  self: deps.self,
  at: deps.now(),
});

export const addCounts = (a: Counts, b: Counts): Counts => {
  const names = Object.keys(a) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as Counts;
};
