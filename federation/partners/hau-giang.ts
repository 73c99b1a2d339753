import type { PartnerManifest } from './manifest.ts';

export const hauGiang: PartnerManifest = {
  key: 'hau-giang',
  provinceSlug: 'hau-giang',
  name: { vi: 'Sàn TMĐT tỉnh Hậu Giang', en: 'Hau Giang provincial e-commerce exchange' },
  adapter: 'csv',
  baseUrl: 'https://hau-giang.exchange.example',
  cadenceMinutes: 1440,
  locale: 'vi-VN',
  note: 'Cán bộ tải tệp CSV lên mỗi ngày một lần.',
};
