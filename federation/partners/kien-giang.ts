import type { PartnerManifest } from './manifest.ts';

export const kienGiang: PartnerManifest = {
  key: 'kien-giang',
  provinceSlug: 'kien-giang',
  name: { vi: 'Sàn TMĐT tỉnh Kiên Giang', en: 'Kien Giang provincial e-commerce exchange' },
  adapter: 'sapo',
  baseUrl: 'https://kien-giang.exchange.example',
  cadenceMinutes: 60,
  locale: 'vi-VN',
  note: 'Tồn kho tách theo kho hàng.',
};
