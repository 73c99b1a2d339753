import type { PartnerManifest } from './manifest.ts';

export const anGiang: PartnerManifest = {
  key: 'an-giang',
  provinceSlug: 'an-giang',
  name: { vi: 'Sàn TMĐT tỉnh An Giang', en: 'An Giang provincial e-commerce exchange' },
  adapter: 'haravan',
  baseUrl: 'https://an-giang.exchange.example',
  cadenceMinutes: 30,
  locale: 'vi-VN',
  note: 'Giá nằm ở biến thể, không nằm ở sản phẩm.',
};
