import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';

/** A place of the chain at which something is wrong, and what is found there. */
export type BrokenPlace = {
  readonly seq: number;
  readonly key: string | null;
  readonly problem: 'gone' | 'sum' | 'gap' | 'changed';
  readonly detail: string;
};

/**
 * The form of a journal that is hashed, as in `seal_journals` (migrations). It stands here a second time on purpose:
 * whoever changes the function in the database changes nothing of what is verified. Fields are parted by a control sign
 * that no bank and no provider puts into a reference.
 */
const canonical = sql`concat_ws(E'\\x1f', j.id, j.key, j.kind, j.reference, (extract(epoch from j.at) * 1000)::bigint, j.actor, e.legs)`;
const leg = sql`concat_ws(E'\\x1f', e.id, e.account, coalesce(e.business_id::text, '-'), e.amount_vnd)`;

/**
 * What is wrong with places `after` + 1 to `upTo`: each is judged by the hash that the one before holds, which its turn
 * brings along, so that no plan can compare each place with each.
 */
export async function listBroken(reader: Reader, after: number, upTo: number): Promise<readonly BrokenPlace[]> {
  const { rows } = await reader.execute<Omit<BrokenPlace, 'seq'> & { seq: string }>(
    sql`select seq, key, problem, case problem when 'sum' then format('sum %s over %s entries', coalesce(total, 0), count) else coalesce(key, 'no journal') end as detail
      from (select l.seq, j.key, e.total, e.count, case
          when j.id is null then 'gone'
          when e.total is distinct from 0 or e.count < 2 then 'sum'
          when l.before_seq is distinct from l.seq - 1 and l.seq > 1 then 'gap'
          when l.hash is distinct from sha256(coalesce(l.before_hash, ''::bytea) || convert_to(${canonical}, 'UTF8')) then 'changed' end as problem
        from (select seq, journal_id, hash, lag(seq) over places as before_seq, lag(hash) over places as before_hash
          from journal_links where seq >= ${after} and seq <= ${upTo} window places as (order by seq)) l
        left join journals j on j.id = l.journal_id
        cross join lateral (select sum(e.amount_vnd) as total, count(*) as count, string_agg(${leg}, E'\\x1e' order by e.id) as legs
          from entries e where e.journal_id = l.journal_id) e
        where l.seq > ${after}) judged
      where problem is not null order by seq limit 100`,
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Journals that no place of the chain holds. */
export async function listUnlinked(reader: Reader, limit: number): Promise<readonly string[]> {
  const { rows } = await reader.execute<{ key: string }>(
    sql`select j.key from journals j left join journal_links l on l.journal_id = j.id where l.seq is null order by j.id limit ${limit}`,
  );
  return rows.map(({ key }) => key);
}

export type Head = { readonly seq: number; readonly hash: string; readonly journalId: string | null };

export async function findHead(reader: Reader): Promise<Head> {
  const { rows } = await reader.execute<{ seq: string; hash: string; journalId: string }>(
    sql`select seq, encode(hash, 'hex') as hash, journal_id as "journalId" from journal_links order by seq desc limit 1`,
  );
  const [row] = rows;
  return row ? { ...row, seq: Number(row.seq) } : { seq: 0, hash: '', journalId: null };
}

/** The hash that the chain holds today at each of these places. */
export async function findHashes(reader: Reader, seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await reader.execute<{ seq: string; hash: string }>(
    sql`select seq, encode(hash, 'hex') as hash from journal_links where seq = any(${sql.param([...seqs])}::bigint[])`,
  );
  return new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
}

export type BalanceDifference = {
  readonly account: string;
  readonly businessId: string | null;
  readonly kept: string;
  readonly summed: string;
};

/**
 * Where the balances that are carried forward are not what the entries sum to. One statement and so one moment: the job
 * that links may commit beside it.
 */
export async function listBalanceDifferences(reader: Reader): Promise<readonly BalanceDifference[]> {
  const { rows } = await reader.execute<BalanceDifference>(
    sql`with summed as (select account, business_id, sum(amount_vnd) as amount, count(*) as count from (
          select account, business_id, amount_vnd from entries
          union all select e.account, e.business_id, -e.amount_vnd from journals j left join journal_links l on l.journal_id = j.id
            join entries e on e.journal_id = j.id where l.seq is null) all_entries group by 1, 2)
      select coalesce(s.account, b.account) as account, coalesce(s.business_id, b.business_id) as "businessId",
        coalesce(b.balance_vnd, 0)::text as kept, coalesce(s.amount, 0)::text as summed
      from summed s full join account_balances b on b.account = s.account and b.business_id is not distinct from s.business_id
      where coalesce(s.amount, 0) <> coalesce(b.balance_vnd, 0) limit 100`,
  );
  return rows;
}

/** How many entries there are. */
export async function countEntries(reader: Reader): Promise<number> {
  const { rows } = await reader.execute<{ count: string }>(sql`select count(*) as count from entries`);
  return Number(rows[0]?.count ?? 0);
}

export type AccountSum = { readonly account: string; readonly balanceVnd: number };

/** What each account holds at this moment: what was carried forward, and what is not linked yet of ids from `since` on. */
export async function readBalances(reader: Reader, since: string): Promise<readonly AccountSum[]> {
  const { rows } = await reader.execute<{ account: string; balanceVnd: string }>(
    sql`select account, sum(amount)::bigint as "balanceVnd" from (
        select account, balance_vnd as amount from account_balances
        union all select e.account, e.amount_vnd from journals j left join journal_links l on l.journal_id = j.id
          join entries e on e.journal_id = j.id where l.seq is null and j.id >= ${since}) both_parts
      group by account order by account`,
  );
  return rows.map((row) => ({ account: row.account, balanceVnd: Number(row.balanceVnd) }));
}
