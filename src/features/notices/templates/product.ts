import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;

export const productTemplates = {
  'change.approved': {
    channels: desk,
    vi: ['{{product}}: đã duyệt', 'Thay đổi của bạn đã được duyệt và hiện trên sàn.'],
    en: ['{{product}}: approved', 'Your changes have been approved and are shown.'],
    km: ['{{product}}៖ បានអនុម័ត', 'ការផ្លាស់ប្តូររបស់អ្នកត្រូវបានអនុម័ត ហើយបង្ហាញនៅលើផ្សារ។'],
  },
  'change.changes-requested': {
    channels: desk,
    listed: { reason: 'reason.' },
    vi: ['{{product}}: cần sửa thêm', 'Bản đã nhập vẫn còn nguyên. Cán bộ cần bạn sửa: {{reason}}{{more}}'],
    en: [
      '{{product}}: changes are needed',
      'What you entered is kept. An officer asks you to mend: {{reason}}{{more}}',
    ],
    km: ['{{product}}៖ ត្រូវកែបន្ថែម', 'អ្វីដែលបានបំពេញនៅរក្សាទុក។ មន្ត្រីស្នើឱ្យអ្នកកែ៖ {{reason}}{{more}}'],
  },
  'change.rejected': {
    channels: desk,
    listed: { reason: 'reason.' },
    vi: ['{{product}}: không được duyệt', 'Lý do: {{reason}}{{more}}'],
    en: ['{{product}}: rejected', 'Reason: {{reason}}{{more}}'],
    km: ['{{product}}៖ មិនត្រូវបានអនុម័ត', 'មូលហេតុ៖ {{reason}}{{more}}'],
  },
  'batch.recalled': {
    channels: desk,
    urgent: true,
    vi: ['Thu hồi lô {{lot}} của {{product}}', 'Lý do: {{reason}}. Hãy ngừng bán lô này và báo cho người đã mua.'],
    en: [
      'Batch {{lot}} of {{product}} is recalled',
      'Reason: {{reason}}. Stop selling this batch and tell whoever bought it.',
    ],
    km: ['ដកហូតឡូត៍ {{lot}} នៃ {{product}}', 'មូលហេតុ៖ {{reason}}។ សូមឈប់លក់ឡូត៍នេះ ហើយប្រាប់អ្នកដែលបានទិញ។'],
  },
  'takedown.done': {
    channels: desk,
    urgent: true,
    vi: ['{{product}} đã gỡ theo yêu cầu', '{{authority}} yêu cầu gỡ (văn bản {{number}}): {{reason}}'],
    en: ['{{product}} was taken down', '{{authority}} asked for it (document {{number}}): {{reason}}'],
    km: ['{{product}} ត្រូវបានដកចេញតាមសំណើ', '{{authority}} បានស្នើ (លិខិត {{number}})៖ {{reason}}'],
  },
  'takedown.restored': {
    channels: desk,
    vi: ['{{product}} được hiển thị lại', 'Theo văn bản {{decision}}, sản phẩm của bạn lại hiện trên sàn.'],
    en: ['{{product}} is shown again', 'By document {{decision}} your product is shown on the exchange again.'],
    km: ['{{product}} ត្រូវបានបង្ហាញឡើងវិញ', 'តាមលិខិត {{decision}} ផលិតផលរបស់អ្នកបង្ហាញនៅលើផ្សារឡើងវិញ។'],
  },
} as const satisfies Readonly<Record<string, Template>>;
