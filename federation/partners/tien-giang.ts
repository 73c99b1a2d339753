import type { PartnerManifest } from './manifest.ts';

export const tienGiang: PartnerManifest = {
  key: 'tien-giang',
  provinceSlug: 'tien-giang',
  name: { vi: 'Sàn TMĐT tỉnh Tiền Giang', en: 'Tien Giang provincial e-commerce exchange' },
  adapter: 'google-merchant',
  baseUrl: 'https://tien-giang.exchange.example',
  cadenceMinutes: 360,
  locale: 'vi-VN',
  note: 'Nguồn cấp XML dựng lại mỗi sáu giờ.',
};
