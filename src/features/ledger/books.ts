import { type Clock, dayMs } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import { checkNames, type Finding, findFaults, rebuildBalances, sealJournals } from './queries.ts';
import type { Anchors } from './types.ts';
import {
  type BrokenPlace,
  countEntries,
  findHashes,
  findHead,
  type Head,
  listBalanceDifferences,
  listBroken,
  listUnlinked,
  readBalances,
} from './views.ts';

const sealedAtOnce = 5_000;
const judgedAtOnce = 25_000;

const names = {
  sum: 'every journal sums to zero with two entries or more',
  chain: 'every journal stands in the chain as it was written',
  anchors: 'the chain holds what was noted of it outside the database',
  balances: 'balances carried forward are what the entries sum to',
} as const;

export type Verification = {
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
  readonly entryCount: number;
  readonly head: Head;
};

const firstId = '00000000-0000-0000-0000-000000000000';

/** The least id a day older than `id`: a UUIDv7 begins with the milliseconds of its making. */
const dayBefore = (id: string | null): string => {
  const madeAt = Number.parseInt((id ?? firstId).replaceAll('-', '').slice(0, 12), 16);
  const time = Math.max(0, madeAt - dayMs)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${firstId.slice(13)}`;
};

const sentences: Readonly<Record<BrokenPlace['problem'], (place: BrokenPlace) => Finding>> = {
  sum: ({ key, detail }) => ({ check: names.sum, subject: key ?? '', detail }),
  gone: ({ seq }) => ({ check: names.chain, subject: `place ${seq}`, detail: 'its journal was deleted' }),
  gap: ({ seq }) => ({
    check: names.chain,
    subject: `place ${seq}`,
    detail: 'the place before it is missing, and its journals with it',
  }),
  changed: ({ seq, key }) => ({
    check: names.chain,
    subject: key ?? '',
    detail: `journal or entries are not what was written at place ${seq}, or stand at another's place`,
  }),
};

async function judgeChain(db: Db, head: Head): Promise<Finding[]> {
  const starts = Array.from({ length: Math.ceil(head.seq / judgedAtOnce) }, (_none, index) => index * judgedAtOnce);
  const findings: Finding[] = [];
  const work = async (): Promise<void> => {
    for (let after = starts.shift(); after !== undefined; after = starts.shift()) {
      const broken = await listBroken(db, after, Math.min(after + judgedAtOnce, head.seq));
      findings.push(...broken.map((place) => sentences[place.problem](place)));
    }
  };
  // Each part is one session's work, and a server has two processors at the least.
  await Promise.all([work(), work()]);
  const unlinked = await listUnlinked(db, 100);
  return [
    ...findings,
    ...unlinked.map((key) => ({ check: names.chain, subject: key, detail: 'no place of the chain holds it' })),
  ];
}

async function judgeAnchors(db: Db, anchors: Anchors | undefined, head: Head): Promise<Finding[]> {
  const noted = anchors ? await anchors.read() : [];
  const found = await findHashes(
    db,
    noted.map(({ seq }) => seq),
  );
  return noted
    .filter(({ seq, hash }) => found.get(seq) !== hash)
    .map(({ seq, at }) => ({
      check: names.anchors,
      subject: `place ${seq}`,
      detail:
        seq > head.seq
          ? `noted at ${at}; the chain ends at ${head.seq}: its end was cut off`
          : `noted at ${at} with another hash: the chain was made anew`,
    }));
}

async function judgeBalances(db: Db): Promise<Finding[]> {
  const differences = await listBalanceDifferences(db);
  return differences.map(({ account, businessId, kept, summed }) => ({
    check: names.balances,
    subject: businessId ? `${account} of ${businessId}` : account,
    detail: `carried forward ${kept}, the entries sum to ${summed}`,
  }));
}

/** The chain over the books, the balances that are carried forward with it, and the proof of both. */
export const createBooks = ({
  db,
  now,
  anchors,
}: {
  readonly db: Db;
  readonly now: Clock;
  readonly anchors?: Anchors;
}) => {
  /** Links what is not linked yet, some thousands a transaction; how many. `since`: ids of before are not looked at. */
  const seal = async (since: string): Promise<number> => {
    let done = 0;
    for (;;) {
      const count = await transact(db, 'system:ledger', (tx) => sealJournals(tx, since, sealedAtOnce));
      done += count;
      if (count < sealedAtOnce) return done;
    }
  };
  return {
    /** Run each minute. What took longer than a day to be committed is found by the nightly proof. */
    sealRecent: async (): Promise<number> => seal(dayBefore((await findHead(db)).journalId)),
    /** Proves the books anew from their rows: the chain, the balances, and what orders and payments say. */
    verify: async (): Promise<Verification> => {
      await seal(firstId);
      const head = await findHead(db);
      const parts = await Promise.all([judgeChain(db, head), judgeAnchors(db, anchors, head), judgeBalances(db)]);
      const faults = await findFaults(db);
      return {
        checks: [...Object.values(names), ...checkNames],
        findings: [...parts.flat(), ...faults],
        entryCount: await countEntries(db),
        head,
      };
    },
    /** Makes the balances anew from the entries. The difference is a fault of the books: it is told before it is mended. */
    rebuildBalances: (): Promise<void> => transact(db, 'system:ledger', rebuildBalances),
    balances: async () => readBalances(db, dayBefore((await findHead(db)).journalId)),
    /** Notes outside the database how far the chain has come. Run by a job, hourly. */
    anchor: async (): Promise<void> => {
      const head = await findHead(db);
      const known = (await anchors?.read())?.at(-1);
      const { seq, hash } = head;
      if (anchors && seq > 0 && seq !== known?.seq) await anchors.append({ seq, hash, at: now().toISOString() });
    },
  };
};
