import type { Template } from '../types.ts';

/** What concerns the shelf. Nobody is woken for it. */
export const stockTemplates = {
  'stock.low': {
    channels: ['in-app', 'email'],
    vi: [
      'Sắp hết hàng: {{name}}',
      '{{name}} ({{label}}, mã {{sku}}) chỉ còn {{onHand}}. Nhập thêm, hoặc sửa mức báo ở sổ kho.',
    ],
    en: [
      'Running low: {{name}}',
      'Only {{onHand}} of {{name}} ({{label}}, {{sku}}) are left. Restock, or change the level in the journal.',
    ],
    km: ['ជិតអស់ស្តុក៖ {{name}}', '{{name}} ({{label}}, {{sku}}) នៅសល់តែ {{onHand}}។ សូមបន្ថែមស្តុក ឬកែកម្រិតក្នុងសៀវភៅស្តុក។'],
  },
} as const satisfies Readonly<Record<string, Template>>;
