import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/** Codes were reused in the reform of 1 July 2025: `gso2024:91` is Kiên Giang, `gso2025:91` is An Giang. Scheme and code go together. */
export const provinces = pgTable(
  'provinces',
  {
    scheme: text().notNull(),
    code: text().notNull(),
    slug: text().notNull(),
    name: text().notNull(),
    nameEn: text().notNull(),
    successorCode: text(),
  },
  (table) => [primaryKey({ columns: [table.scheme, table.code] })],
);

export const wards = pgTable(
  'wards',
  {
    code: text().primaryKey(),
    provinceCode: text().notNull(),
    name: text().notNull(),
    fullName: text().notNull(),
    kind: text().notNull(),
    /** The district of before 1 July 2025, a best guess: shoppers still search by it. */
    legacyDistrictCode: text().notNull(),
    legacyDistrictName: text().notNull(),
    served: boolean().notNull().default(true),
  },
  (table) => [index('wards_province').on(table.provinceCode)],
);

/** Names of before 1 July 2025, for finding the ward of today; never an address by themselves. */
export const formerWards = pgTable(
  'former_wards',
  {
    name: text().notNull(),
    district: text().notNull(),
    wardCode: text()
      .notNull()
      .references(() => wards.code),
  },
  (table) => [primaryKey({ columns: [table.district, table.name] })],
);
