import type { PartnerManifest } from './manifest.ts';

export const dongThap: PartnerManifest = {
  key: 'dong-thap',
  provinceSlug: 'dong-thap',
  name: { vi: 'Sàn TMĐT tỉnh Đồng Tháp', en: 'Dong Thap provincial e-commerce exchange' },
  adapter: 'woocommerce',
  baseUrl: 'https://dong-thap.exchange.example',
  cadenceMinutes: 60,
  locale: 'vi',
  note: 'Mã ngôn ngữ trả về không đầy đủ vùng.',
};
