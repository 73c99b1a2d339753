import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { storedFiles } from '#features/files/tables.ts';
import { codes } from '#features/orders/tables.ts';
import { products } from '#features/products/tables.ts';

/** One harvest or one day's making of a product, as the package names it. */
export const batches = pgTable(
  'batches',
  {
    id: idOf<'Batch'>().primaryKey(),
    /** In the address that the square on the package leads to. */
    code: text()
      .notNull()
      .references(() => codes.code),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    lot: text().notNull(),
    harvestedOn: date(),
    packedOn: date(),
    expiresOn: date(),
    quantityNote: text().notNull().default(''),
    reportNumber: text().notNull().default(''),
    reportFileId: idOf<'StoredFile'>().references(() => storedFiles.id),
    recalledAt: at(),
    recallReason: text(),
    createdAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('batches_code').on(table.code),
    uniqueIndex('batches_lot').on(table.productId, table.lot),
    index('batches_product').on(table.productId, table.createdAt.desc().nullsFirst()),
    check('batches_recall', sql`(${table.recalledAt} is null) = (${table.recallReason} is null)`),
  ],
);
