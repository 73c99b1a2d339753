import type { PartnerManifest } from './manifest.ts';

export const bacLieu: PartnerManifest = {
  key: 'bac-lieu',
  provinceSlug: 'bac-lieu',
  name: { vi: 'Sàn TMĐT tỉnh Bạc Liêu', en: 'Bac Lieu provincial e-commerce exchange' },
  adapter: 'csv',
  baseUrl: 'https://bac-lieu.exchange.example',
  cadenceMinutes: 1440,
  locale: 'vi-VN',
  note: 'Tệp CSV dùng dấu chấm phẩy và dấu phẩy thập phân.',
};
