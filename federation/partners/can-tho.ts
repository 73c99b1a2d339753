import type { PartnerManifest } from './manifest.ts';

export const canTho: PartnerManifest = {
  key: 'can-tho',
  provinceSlug: 'can-tho',
  name: { vi: 'Sàn TMĐT thành phố Cần Thơ', en: 'Can Tho city e-commerce exchange' },
  adapter: 'native',
  baseUrl: 'https://can-tho.exchange.example',
  cadenceMinutes: 15,
  locale: 'vi-VN',
  note: 'Đối tác mẫu thứ hai của giao thức liên thông, chạy chế độ chỉ đọc.',
};
