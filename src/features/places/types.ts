import { defineProblems } from '#core/problem.ts';

export type Province = { readonly code: string; readonly slug: string; readonly name: string; readonly nameEn: string };
export type Ward = {
  readonly code: string;
  readonly provinceCode: string;
  readonly name: string;
  readonly fullName: string;
  readonly kind: string;
  readonly legacyDistrict: { readonly code: string; readonly name: string };
};

/** The scheme that addresses are written in since 1 July 2025. */
export const CURRENT_SCHEME = 'gso2025';

export const placeProblems = defineProblems({
  'province-not-found': {
    status: 404,
    vi: ['Không có tỉnh, thành phố mang mã này', 'Chọn mã trong /v1/places/provinces.'],
    en: ['No province has this code', 'Choose a code of /v1/places/provinces.'],
  },
});
