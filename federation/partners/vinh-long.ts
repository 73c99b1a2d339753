import type { PartnerManifest } from './manifest.ts';

export const vinhLong: PartnerManifest = {
  key: 'vinh-long',
  provinceSlug: 'vinh-long',
  name: { vi: 'Sàn TMĐT tỉnh Vĩnh Long', en: 'Vinh Long provincial e-commerce exchange' },
  adapter: 'woocommerce',
  baseUrl: 'https://vinh-long.exchange.example',
  cadenceMinutes: 30,
  locale: 'vi-VN',
  note: 'Đọc REST sản phẩm, phân trang theo số trang.',
};
