import { refusals } from '#core/problem.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import {
  findProvince,
  findWard,
  insertPlaces,
  listAllWards,
  listFormerWards,
  listProvinces,
  listWards,
} from './queries.ts';
import { findWards } from './rules.ts';
import { type FormerWard, type FoundWard, type Province, placeProblems, type Ward } from './types.ts';

const refuse = refusals(placeProblems);
const maxFound = 12;
export type Places = ReturnType<typeof createPlaces>;

export const createPlaces = ({ db }: { readonly db: Db }) => ({
  listProvinces: () => listProvinces(db),
  listWards: async (provinceCode: string): Promise<Ward[]> => {
    if (!(await findProvince(db, provinceCode))) throw refuse('province-not-found');
    return listWards(db, provinceCode);
  },
  findProvince: (code: string, reader: Reader = db) => findProvince(reader, code),
  findWard: (code: string, reader: Reader = db) => findWard(reader, code),
  /** Wards of today by today's name, by that of a commune of before the reform, or by the old district. */
  searchWards: async (typed: string): Promise<readonly FoundWard[]> =>
    findWards(typed.slice(0, 100), await listAllWards(db), await listFormerWards(db), maxFound),
  /** A ward that exists and lies where the address says. 422 `ward-not-in-province`. */
  getWardIn: async (provinceCode: string, wardCode: string, reader: Reader = db): Promise<Ward> => {
    const ward = await findWard(reader, wardCode);
    if (!ward || ward.provinceCode !== provinceCode) throw refuse('ward-not-in-province', { pointer: '/wardCode' });
    return ward;
  },
  addPlaces: (
    tx: Tx,
    provinces: readonly Province[],
    wards: readonly Ward[],
    former: readonly FormerWard[] = [],
  ): Promise<void> => insertPlaces(tx, provinces, wards, former),
});
