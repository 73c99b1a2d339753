import { and, asc, eq, sql } from 'drizzle-orm';
import { prepared, type Reader, type Tx } from '#db/client.ts';
import { formerWards, provinces, wards } from './tables.ts';
import { CURRENT_SCHEME, type FormerWard, type Province, type Ward } from './types.ts';

export const listProvinces = (db: Reader): Promise<Province[]> =>
  db
    .select({ code: provinces.code, slug: provinces.slug, name: provinces.name, nameEn: provinces.nameEn })
    .from(provinces)
    .where(eq(provinces.scheme, CURRENT_SCHEME))
    .orderBy(asc(provinces.code));

export async function findProvince(db: Reader, code: string): Promise<Province | undefined> {
  const [province] = await db
    .select({ code: provinces.code, slug: provinces.slug, name: provinces.name, nameEn: provinces.nameEn })
    .from(provinces)
    .where(and(eq(provinces.scheme, CURRENT_SCHEME), eq(provinces.code, code)));
  return province;
}

const toWard = (row: typeof wards.$inferSelect): Ward => ({
  code: row.code,
  provinceCode: row.provinceCode,
  name: row.name,
  fullName: row.fullName,
  kind: row.kind,
  legacyDistrict: { code: row.legacyDistrictCode, name: row.legacyDistrictName },
});

export const listWards = async (db: Reader, provinceCode: string): Promise<Ward[]> =>
  (await db.select().from(wards).where(eq(wards.provinceCode, provinceCode)).orderBy(asc(wards.name))).map(toWard);

/** Every ward that is loaded. Some hundreds at the most: a ward is matched by how its name is folded, which SQL cannot do. */
export const listAllWards = async (db: Reader): Promise<Ward[]> =>
  (await db.select().from(wards).orderBy(asc(wards.code)).limit(5_000)).map(toWard);
export const listFormerWards = (db: Reader): Promise<FormerWard[]> => db.select().from(formerWards).limit(20_000);

const wardByCode = prepared('ward', (db) =>
  db
    .select()
    .from(wards)
    .where(eq(wards.code, sql.placeholder('code'))),
);

export async function findWard(db: Reader, code: string): Promise<Ward | undefined> {
  const [row] = await wardByCode(db, { code });
  return row && toWard(row);
}

export async function insertPlaces(
  tx: Tx,
  province: readonly Province[],
  ward: readonly Ward[],
  former: readonly FormerWard[],
): Promise<void> {
  await tx
    .insert(provinces)
    .values(province.map((item) => ({ scheme: CURRENT_SCHEME, ...item })))
    .onConflictDoNothing();
  await tx
    .insert(wards)
    .values(
      ward.map(({ legacyDistrict, ...item }) => ({
        ...item,
        legacyDistrictCode: legacyDistrict.code,
        legacyDistrictName: legacyDistrict.name,
      })),
    )
    .onConflictDoNothing();
  if (former.length > 0)
    await tx
      .insert(formerWards)
      .values([...former])
      .onConflictDoNothing();
}
