import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Bps } from '#core/money.ts';
import { ZERO } from '#core/money.ts';
import { at, idOf, money } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { orderGroups, orders } from '#features/orders/tables.ts';
import { VOUCHER_KINDS, VOUCHER_SCOPES } from './types.ts';

/** Terms are written once; only `spentVnd`, `uses` and `endedAt` ever change, by guarded statements. */
export const vouchers = pgTable(
  'vouchers',
  {
    id: idOf<'Voucher'>().primaryKey(),
    code: text(),
    name: text().notNull(),
    businessId: idOf<'Business'>().references(() => businesses.id),
    kind: text({ enum: VOUCHER_KINDS }).notNull(),
    rateBps: integer().$type<Bps>(),
    amountVnd: money(),
    capVnd: money(),
    minimumVnd: money().notNull(),
    scope: text({ enum: VOUCHER_SCOPES }).notNull(),
    scopeIds: jsonb().$type<readonly string[]>().notNull(),
    firstOrder: boolean().notNull(),
    exchangeBps: integer().$type<Bps>().notNull(),
    stackable: boolean().notNull(),
    isPublic: boolean().notNull(),
    validFrom: at().notNull(),
    validUntil: at().notNull(),
    budgetVnd: money(),
    maxUses: integer(),
    maxUsesPerCustomer: integer(),
    agreement: text().notNull(),
    /** What live uses have taken of the budget, and how many orders of shoppers they are. */
    spentVnd: money().notNull().default(ZERO),
    uses: integer().notNull().default(0),
    endedAt: at(),
    createdAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('vouchers_code').on(table.code),
    index('vouchers_automatic').on(table.validUntil).where(sql`${table.code} is null and ${table.endedAt} is null`),
    index('vouchers_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    check(
      'vouchers_amount',
      sql`(${table.kind} = 'percent') = (${table.rateBps} is not null) and (${table.kind} = 'fixed') = (${table.amountVnd} is not null)`,
    ),
    check('vouchers_time', sql`${table.validFrom} < ${table.validUntil}`),
    check('vouchers_budget', sql`${table.spentVnd} between 0 and coalesce(${table.budgetVnd}, ${table.spentVnd})`),
    check('vouchers_uses', sql`${table.uses} between 0 and coalesce(${table.maxUses}, ${table.uses})`),
    check(
      'vouchers_bearer',
      sql`${table.exchangeBps} between 0 and 10000 and (${table.businessId} is null or ${table.exchangeBps} = 0)`,
    ),
  ],
);

/** What a voucher took off one order. Released when the order is not to be: its hold lapsed, or it was called off. */
export const voucherUses = pgTable(
  'voucher_uses',
  {
    id: idOf<'VoucherUse'>().primaryKey(),
    voucherId: idOf<'Voucher'>()
      .notNull()
      .references(() => vouchers.id),
    groupId: idOf<'OrderGroup'>()
      .notNull()
      .references(() => orderGroups.id),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    /** Who used it: a hash of voucher and telephone number, which counts a shopper's uses and tells nobody the number. */
    customer: text().notNull(),
    discountVnd: money().notNull(),
    promotionVnd: money().notNull(),
    takenAt: at().notNull(),
    releasedAt: at(),
  },
  (table) => [
    uniqueIndex('voucher_uses_order').on(table.orderId, table.voucherId),
    index('voucher_uses_group').on(table.groupId),
    index('voucher_uses_customer').on(table.voucherId, table.customer).where(sql`${table.releasedAt} is null`),
    check(
      'voucher_uses_amount',
      sql`${table.discountVnd} > 0 and ${table.promotionVnd} between 0 and ${table.discountVnd}`,
    ),
  ],
);
