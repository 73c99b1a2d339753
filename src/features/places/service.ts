import { refusals } from '#core/problem.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import { findProvince, findWard, insertPlaces, listProvinces, listWards } from './queries.ts';
import { type Province, placeProblems, type Ward } from './types.ts';

const refuse = refusals(placeProblems);
export type Places = ReturnType<typeof createPlaces>;

export const createPlaces = ({ db }: { readonly db: Db }) => ({
  listProvinces: () => listProvinces(db),
  listWards: async (provinceCode: string): Promise<Ward[]> => {
    if (!(await findProvince(db, provinceCode))) throw refuse('province-not-found');
    return listWards(db, provinceCode);
  },
  findProvince: (code: string, reader: Reader = db) => findProvince(reader, code),
  findWard: (code: string, reader: Reader = db) => findWard(reader, code),
  addPlaces: (tx: Tx, provinces: readonly Province[], wards: readonly Ward[]) => insertPlaces(tx, provinces, wards),
});
