import { asc, eq, sql } from 'drizzle-orm';
import { bps } from '#core/money.ts';
import { preparedSql, type Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { categories } from '#features/products/tables.ts';
import { commissionRules } from './tables.ts';
import type { FeeRule, FeeTable } from './types.ts';

const inForce = preparedSql<FeeRule & { vatBps: number | null }>(
  'fees-in-force',
  sql`select distinct on (r.business_id, r.category_id, r.business_type) r.id, r.business_id as "businessId", r.category_id as "categoryId",
      r.business_type as "businessType", r.rate_bps as "rateBps",
      (select v.rate_bps from vat_rates v where v.vat_class = 'reduced' and v.valid_from <= ${sql.placeholder('now')}::timestamptz order by v.valid_from desc limit 1) as "vatBps"
    from commission_rules r where r.valid_from <= ${sql.placeholder('now')}::timestamptz
    order by r.business_id, r.category_id, r.business_type, r.valid_from desc, r.id desc`,
);

/** The rules of a moment, the newest for each target. The exchange's service is taxed at the rate that the reduction lowers. */
export async function readFees(reader: Reader, now: Date): Promise<FeeTable> {
  const rows = await inForce(reader, { now: now.toISOString() });
  return {
    rules: rows.map(({ vatBps: _vat, ...rule }) => ({
      ...rule,
      rateBps: rule.rateBps === null ? null : bps(rule.rateBps),
    })),
    vatBps: bps(rows[0]?.vatBps ?? 0),
  };
}

/** What counts now and what was announced, as everybody may read it. */
export async function listFees(reader: Reader, now: Date) {
  const rows = await reader
    .select({
      id: commissionRules.id,
      rateBps: commissionRules.rateBps,
      validFrom: commissionRules.validFrom,
      publishedAt: commissionRules.createdAt,
      note: commissionRules.note,
      businessType: commissionRules.businessType,
      business: businesses.name,
      category: categories.nameVi,
      categoryEn: categories.nameEn,
    })
    .from(commissionRules)
    .leftJoin(businesses, eq(businesses.id, commissionRules.businessId))
    .leftJoin(categories, eq(categories.id, commissionRules.categoryId))
    .orderBy(asc(commissionRules.validFrom), asc(commissionRules.id))
    .limit(1_000);
  const current = new Set((await readFees(reader, now)).rules.map(({ id }) => id));
  return rows
    .filter(({ id, validFrom }) => current.has(id) || validFrom > now)
    .map((row) => ({ ...row, state: current.has(row.id) ? ('in-force' as const) : ('announced' as const) }));
}

export type ListedFee = Awaited<ReturnType<typeof listFees>>[number];

/** The VAT on the fee, now and as it is known to change. */
export async function listFeeVat(reader: Reader, now: Date): Promise<{ rateBps: number; validFrom: Date }[]> {
  const { rows } = await reader.execute<{ rateBps: number; validFrom: Date }>(
    sql`select rate_bps as "rateBps", valid_from as "validFrom" from vat_rates where vat_class = 'reduced' order by valid_from`,
  );
  const known = rows.map((row) => ({ ...row, validFrom: new Date(row.validFrom) }));
  const past = known.filter(({ validFrom }) => validFrom <= now).length;
  return known.slice(Math.max(0, past - 1));
}
