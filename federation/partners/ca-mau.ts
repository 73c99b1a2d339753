import type { PartnerManifest } from './manifest.ts';

export const caMau: PartnerManifest = {
  key: 'ca-mau',
  provinceSlug: 'ca-mau',
  name: { vi: 'Sàn TMĐT tỉnh Cà Mau', en: 'Ca Mau provincial e-commerce exchange' },
  adapter: 'json-ld',
  baseUrl: 'https://ca-mau.exchange.example',
  cadenceMinutes: 720,
  locale: 'vi-VN',
  note: 'Đọc schema.org Product trong trang, có văn bản đồng ý của bên cung cấp.',
};
