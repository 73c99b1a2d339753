import type { FlagKind } from '../types.ts';

/** Words that make an officer look. `until` ends a row without losing that it once held. */
type Terms = {
  readonly kind: FlagKind;
  readonly since: string;
  readonly until?: string;
  /** Without diacritics these are everyday words, so they count only as they are written here. */
  readonly accented?: true;
  readonly words: readonly string[];
};

/**
 * Medical claims are what food must not say of itself (Law on advertising 16/2012/QH13, art. 8; Decree 15/2018/NĐ-CP,
 * art. 27); superlatives without proof fall under art. 8.11 of the same law.
 */
export const terms: readonly Terms[] = [
  {
    kind: 'medical-claim',
    since: '2026-11-01',
    words: [
      'chữa khỏi',
      'khỏi bệnh',
      'chữa bệnh',
      'trị bệnh',
      'chữa trị',
      'điều trị',
      'đặc trị',
      'đặc hiệu',
      'trị dứt điểm',
      'dứt điểm bệnh',
      'thay thế thuốc',
      'thay thuốc',
      'thần dược',
      'tiêu diệt tế bào ung thư',
      'chống ung thư',
      'ngừa ung thư',
      'trị ung thư',
      'hết tiểu đường',
      'trị tiểu đường',
      'hạ đường huyết',
      'hạ huyết áp',
      'trị mất ngủ',
      'trị xương khớp',
      'trị đau dạ dày',
      'giảm cân cấp tốc',
      'tăng cường sinh lý',
      'bác sĩ khuyên dùng',
      'cam kết khỏi',
      'cures',
      'treats disease',
    ],
  },
  {
    kind: 'superlative',
    since: '2026-11-01',
    words: [
      'tốt nhất thế giới',
      'tốt nhất việt nam',
      'ngon nhất việt nam',
      'số một việt nam',
      'số 1 việt nam',
      'duy nhất việt nam',
    ],
  },
  {
    kind: 'contact',
    since: '2026-11-01',
    words: [
      'zalo',
      'facebook',
      'fanpage',
      'messenger',
      'telegram',
      'viber',
      'whatsapp',
      'tiktok',
      'youtube',
      'inbox shop',
      'gọi ngay số',
    ],
  },
  { kind: 'contact', since: '2026-11-01', accented: true, words: ['hai số điện thoại', 'nhắn tin số'] },
  {
    kind: 'marketplace',
    since: '2026-11-01',
    words: [
      'shopee',
      'lazada',
      'tiki',
      'sendo',
      'tiktok shop',
      'temu',
      'taobao',
      'amazon',
      'voso',
      'postmart',
      'alibaba',
    ],
  },
];

/** Capitals that are no shouting: what people here call things by. */
export const acronyms: ReadonlySet<string> = new Set([
  'OCOP',
  'HTX',
  'THT',
  'DNTN',
  'TNHH',
  'MTV',
  'CP',
  'VIETGAP',
  'GLOBALGAP',
  'GAP',
  'HACCP',
  'ISO',
  'ST24',
  'ST25',
  'SRI',
  'UHT',
  'PE',
  'PET',
  'TP',
  'UBND',
  'ATTP',
  'VSATTP',
]);
