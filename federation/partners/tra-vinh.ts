import type { PartnerManifest } from './manifest.ts';

export const traVinh: PartnerManifest = {
  key: 'tra-vinh',
  provinceSlug: 'tra-vinh',
  name: { vi: 'Sàn TMĐT tỉnh Trà Vinh', en: 'Tra Vinh provincial e-commerce exchange' },
  adapter: 'native',
  baseUrl: 'https://tra-vinh.exchange.example',
  cadenceMinutes: 15,
  locale: 'vi-VN',
  note: 'Dùng giao thức liên thông của sàn, có cả luồng giá và tồn kho.',
};
