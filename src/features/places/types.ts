import { defineProblems } from '#core/problem.ts';

/** Where this exchange is at home: Cần Thơ, to which Sóc Trăng belongs since July 2025; code of gso2025. */
export const HOME_PROVINCE = '92';

export type Province = { readonly code: string; readonly slug: string; readonly name: string; readonly nameEn: string };
export type Ward = {
  readonly code: string;
  readonly provinceCode: string;
  readonly name: string;
  readonly fullName: string;
  readonly kind: string;
  readonly legacyDistrict: { readonly code: string; readonly name: string };
};

/**
 * A commune, ward or township of before 1 July 2025 and the ward that its people live in today. Names were used more
 * than once ("Phường 1" three times), so the district of before goes with it.
 */
export type FormerWard = { readonly name: string; readonly district: string; readonly wardCode: string };

/** A ward that was looked for, and by what it was found: its own name, or one of before the reform. */
export type FoundWard = {
  readonly ward: Ward;
  readonly by: 'ward' | 'former-ward' | 'former-district';
  readonly matched: string;
};

/** The scheme that addresses are written in since 1 July 2025. */
export const CURRENT_SCHEME = 'gso2025';

export const placeProblems = defineProblems({
  'province-not-found': {
    status: 404,
    vi: ['Không có tỉnh, thành phố mang mã này', 'Chọn mã trong /v1/places/provinces.'],
    en: ['No province has this code', 'Choose a code of /v1/places/provinces.'],
  },
  'ward-not-in-province': {
    status: 422,
    vi: ['Xã, phường này không thuộc tỉnh, thành phố đã chọn', 'Chọn lại xã, phường; gõ tên xã cũ cũng tìm được.'],
    en: ['This ward is not in the chosen province', 'Choose the ward again; its name of before 2025 finds it too.'],
  },
});
