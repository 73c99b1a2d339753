import type { Targets } from './report.ts';

/** What the long form must come to over all its seeds: for each target what is counted towards it, and how many of it. */
export const targets: Targets = {
  /** Two web processes, 1,000 buyers for 100 pieces. */
  T1: { rounds: 10 },
  /** The same with shoppers who walk away and money that comes late. */
  T2: { rounds: 10 },
  /** Messages of providers: repeated, shuffled, forged, stale. */
  T3: { webhooks: 10_000 },
  /** Browser, webhook and poller in the same instant. */
  T4: { 'instants of Stripe': 1_000, 'instants of VNPAY': 1_000 },
  /** `kill -9` under load. */
  T5: { 'kills of web': 20, 'kills of worker': 20, 'kills of PostgreSQL': 20 },
  /** Sessions of the database ended under load. */
  T6: { 'seconds of killing': 600 },
  /** A fault at every statement: a use case counts when each of its points has had its turn. */
  T7: { 'points in use cases': 1 },
  /** The shop on paper. */
  T8: { runs: 5_000 },
  /** Providers, one by one: five ways of being away. */
  T16: { 'providers cut': 20 },
  /** SIGSTOP past leases and signs of life, then SIGCONT. */
  T18: { 'web processes paused': 6, 'workers paused': 6 },
  /** The books. */
  T23: { journals: 1_000_000, 'tampered found': 100 },
};
