import type { PartnerManifest } from './manifest.ts';

export const benTre: PartnerManifest = {
  key: 'ben-tre',
  provinceSlug: 'ben-tre',
  name: { vi: 'Sàn TMĐT tỉnh Bến Tre', en: 'Ben Tre provincial e-commerce exchange' },
  adapter: 'magento2',
  baseUrl: 'https://ben-tre.exchange.example',
  cadenceMinutes: 120,
  locale: 'vi_VN',
  note: 'Mã ngôn ngữ dùng gạch dưới.',
};
