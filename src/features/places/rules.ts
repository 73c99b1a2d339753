import { fold } from '#core/vietnamese.ts';
import type { FormerWard, FoundWard, Ward } from './types.ts';

const kinds = /^(xa|phuong|thi tran|dac khu|huyen|thi xa|thanh pho|tt|tx|tp|p|x)\b\.?\s*/;
/** `Xã Thạnh Thới Thuận`, `thanh thoi thuan` and `TT. Mỹ Xuyên` without what they have in common with all others. */
const bare = (text: string): string =>
  fold(text).replace(/[.,]/g, ' ').trim().replace(/\s+/g, ' ').replace(kinds, '').trim();

/** How well a name answers what was typed: 0 for the name itself, 1 for its beginning, 2 for a word of it. */
function distance(name: string, typed: string): number | undefined {
  const folded = bare(name);
  if (folded === typed) return 0;
  if (folded.startsWith(typed)) return 1;
  return folded.includes(` ${typed}`) ? 2 : undefined;
}

type Candidate = FoundWard & { readonly rank: number };
const candidate = (ward: Ward | undefined, by: FoundWard['by'], matched: string, base: number, far?: number) =>
  ward && far !== undefined ? [{ ward, by, matched, rank: base + far * 3 }] : [];

const byNamesOfToday = (wards: readonly Ward[], wanted: string): readonly Candidate[] =>
  wards.flatMap((ward) => [
    ...candidate(ward, 'ward', ward.fullName, 0, distance(ward.fullName, wanted)),
    ...candidate(ward, 'former-district', ward.legacyDistrict.name, 2, distance(ward.legacyDistrict.name, wanted)),
  ]);

/**
 * Wards of today by any name that people call them: today's, that of the commune which became part of them on 1 July
 * 2025, or the district that is no more. Whoever types a district after a comma (`Phường 1, Vĩnh Châu`) means that one.
 */
export function findWards(
  typed: string,
  wards: readonly Ward[],
  former: readonly FormerWard[],
  limit: number,
): readonly FoundWard[] {
  const [name = '', ...rest] = typed.split(',');
  const [wanted, district] = [bare(name), bare(rest.join(' '))];
  if (wanted === '') return [];
  const byCode = new Map(wards.map((ward) => [ward.code, ward]));
  const before = former
    .filter((one) => district === '' || distance(one.district, district) !== undefined)
    .flatMap((one) => {
      const matched = `${one.name}, ${one.district}`;
      return candidate(byCode.get(one.wardCode), 'former-ward', matched, 1, distance(one.name, wanted));
    });
  const all = [...(district === '' ? byNamesOfToday(wards, wanted) : []), ...before];
  const best = new Map<string, Candidate>();
  for (const one of all.toSorted((a, b) => a.rank - b.rank)) if (!best.has(one.ward.code)) best.set(one.ward.code, one);
  return [...best.values()].slice(0, limit).map(({ ward, by, matched }) => ({ ward, by, matched }));
}
