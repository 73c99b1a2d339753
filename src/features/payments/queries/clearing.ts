import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { OurLine, PassedLine } from '../rules/provider-file.ts';
import { providerSettledLines, providerSettlementLines, providerSettlements } from '../tables.ts';
import type { PassedKind, PassingProvider } from '../types.ts';

type SettlementRow = typeof providerSettlements.$inferInsert;

export async function insertSettlement(tx: Tx, row: SettlementRow, lines: readonly PassedLine[]): Promise<void> {
  await tx.insert(providerSettlements).values(row);
  await insertRows(
    tx,
    providerSettlementLines,
    lines.map((line) => ({ ...line, settlementId: row.id })),
  );
}

/** What we know of the money that these names are of, at this provider: with the sign that the provider's file gives it. */
export async function listOurs(
  reader: Reader,
  provider: PassingProvider,
  references: readonly string[],
): Promise<readonly OurLine[]> {
  const named = sql`any(${sql.param([...references])}::text[])`;
  const { rows } = await reader.execute<{ kind: PassedKind; reference: string; amount: string }>(
    sql`select 'charge' as kind, provider_reference as reference, sum(received_vnd) as amount from payments
        where method = ${provider} and provider_reference = ${named} and received_vnd > 0 group by 2
      union all select 'refund', r.provider_reference, -sum(r.amount_vnd) from refunds r join payments p on p.id = r.payment_id
        where p.method = ${provider} and r.way = 'provider' and r.provider_reference = ${named} and r.status in ('sent', 'confirmed') group by 2
      union all select 'charge', payment_reference, sum(received_vnd) from exchange_legs
        where method = ${provider} and payment_reference = ${named} and captured_at is not null group by 2
      union all select 'refund', f.provider_reference, -sum(f.amount_vnd) from exchange_leg_refunds f join exchange_legs l on l.id = f.leg_id
        where l.method = ${provider} and f.provider_reference = ${named} and f.status in ('sent', 'confirmed')
          and not exists (select from refunds h where h.cause = f.cause) group by 2
      union all select 'dispute', provider_dispute_id, -amount_vnd from disputes where provider = ${provider} and provider_dispute_id = ${named}
      union all select 'dispute-won', provider_dispute_id, amount_vnd from disputes where provider = ${provider} and provider_dispute_id = ${named} and status = 'won'`,
  );
  return rows.map(({ amount, ...row }) => ({ ...row, amountVnd: vnd(Number(amount)) }));
}

/** Marks the lines of a settlement as passed on; the names that were in another one already, whereupon nothing may stay. */
export async function settleLines(tx: Tx, id: SettlementRow['id'], provider: string): Promise<readonly string[]> {
  const { rows } = await tx.execute<{ reference: string }>(
    sql`with lines as (select kind, case when kind = 'fee' then ${id}::text || ':' || line else reference end as reference from provider_settlement_lines where settlement_id = ${id}::uuid),
        told as (insert into ${providerSettledLines} (provider, kind, reference, settlement_id)
          select ${provider}::text, kind, reference, ${id}::uuid from lines on conflict do nothing returning kind, reference)
      select reference from lines where (kind, reference) not in (select kind, reference from told)`,
  );
  return rows.map(({ reference }) => reference);
}

/** Money that a provider has taken for us and not passed on: how much, in how many payments, since when. */
export async function listHeld(reader: Reader) {
  const { rows } = await reader.execute<{
    provider: PassingProvider;
    count: number;
    amount: string;
    since: string | Date;
  }>(
    sql`select method as provider, count(*)::int as count, sum(received_vnd) as amount, min(since) as since from (
        select method, received_vnd, coalesce(settled_at, created_at) as since, provider_reference as reference from payments where method <> 'vietqr'
        union all select method, received_vnd, captured_at, payment_reference from exchange_legs where method <> 'vietqr' and captured_at is not null) p
      where received_vnd > 0 and reference is not null
        and not exists (select from provider_settled_lines s where s.provider = p.method and s.kind = 'charge' and s.reference = p.reference)
      group by method order by method`,
  );
  return rows.map(({ amount, since, ...row }) => ({ ...row, amountVnd: vnd(Number(amount)), since: new Date(since) }));
}
