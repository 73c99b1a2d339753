import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;

export const certificateTemplates = {
  'certificate.ending': {
    channels: desk,
    vi: [
      '{{product}}: chứng nhận còn {{days}} ngày',
      'Quyết định {{number}} của {{product}} có hiệu lực đến hết ngày {{until}}. Sau ngày đó sao và dấu sẽ tự gỡ khỏi trang bán. Hãy nộp hồ sơ đánh giá lại sớm.',
    ],
    en: [
      '{{product}}: its certificate ends in {{days}} days',
      'Decision {{number}} for {{product}} holds until the end of {{until}}. After that day stars and marks disappear by themselves. Apply for a new assessment in time.',
    ],
    km: [
      '{{product}}៖ វិញ្ញាបនបត្រនៅសល់ {{days}} ថ្ងៃ',
      'សេចក្តីសម្រេច {{number}} នៃ {{product}} មានសុពលភាពដល់ {{until}}។ ក្រោយថ្ងៃនោះ ផ្កាយនឹងបាត់ដោយស្វ័យប្រវត្តិ។ សូមដាក់ពាក្យវាយតម្លៃឡើងវិញឱ្យទាន់ពេល។',
    ],
  },
  'certificate.decision-ending': {
    channels: ['in-app', 'email'],
    vi: [
      'Quyết định {{number}} còn {{days}} ngày',
      '{{count}} sản phẩm theo quyết định {{number}} hết hiệu lực sau ngày {{until}}. Xem lịch chứng nhận để nhắc cơ sở.',
    ],
    en: [
      'Decision {{number}} ends in {{days}} days',
      '{{count}} products of decision {{number}} lapse after {{until}}. See the calendar of certificates.',
    ],
    km: [
      'សេចក្តីសម្រេច {{number}} នៅសល់ {{days}} ថ្ងៃ',
      'ផលិតផល {{count}} តាមសេចក្តីសម្រេច {{number}} នឹងផុតសុពលភាពក្រោយ {{until}}។ សូមមើលប្រតិទិនវិញ្ញាបនបត្រ។',
    ],
  },
  'certificate.expired': {
    channels: desk,
    vi: [
      '{{product}}: chứng nhận đã hết hiệu lực',
      'Quyết định {{number}} của {{product}} đã hết hiệu lực. Sản phẩm vẫn bán, nhưng không còn mang sao hoặc dấu.',
    ],
    en: [
      '{{product}}: its certificate has lapsed',
      'Decision {{number}} for {{product}} has lapsed. The product stays on sale without stars or marks.',
    ],
    km: [
      '{{product}}៖ វិញ្ញាបនបត្រផុតសុពលភាព',
      'សេចក្តីសម្រេច {{number}} នៃ {{product}} បានផុតសុពលភាព។ ផលិតផលនៅតែលក់ ប៉ុន្តែគ្មានផ្កាយទៀតទេ។',
    ],
  },
  'certificate.verified': {
    channels: desk,
    vi: [
      '{{product}}: chứng nhận đã được xác nhận',
      'Quyết định {{number}} của {{product}} đã được thẩm tra. Sao hoặc dấu hiện ngay trên trang bán.',
    ],
    en: [
      '{{product}}: its certificate is verified',
      'Decision {{number}} for {{product}} has been verified. Stars or marks show at once.',
    ],
    km: ['{{product}}៖ វិញ្ញាបនបត្រត្រូវបានបញ្ជាក់', 'សេចក្តីសម្រេច {{number}} នៃ {{product}} ត្រូវបានផ្ទៀងផ្ទាត់។ ផ្កាយបង្ហាញភ្លាមៗ។'],
  },
  'certificate.rejected': {
    channels: desk,
    vi: [
      '{{product}}: chứng nhận chưa được nhận',
      'Hồ sơ quyết định {{number}} của {{product}} bị từ chối: {{reason}}',
    ],
    en: [
      '{{product}}: its certificate was not accepted',
      'The submission of decision {{number}} for {{product}} was rejected: {{reason}}',
    ],
    km: ['{{product}}៖ វិញ្ញាបនបត្រមិនត្រូវបានទទួល', 'ឯកសារសេចក្តីសម្រេច {{number}} នៃ {{product}} ត្រូវបានបដិសេធ៖ {{reason}}'],
  },
  'certificate.revoked': {
    channels: desk,
    urgent: true,
    listed: { cause: 'certificate.cause.' },
    vi: [
      '{{product}}: chứng nhận bị thu hồi',
      'Quyết định {{number}} của {{product}} đã bị thu hồi: {{cause}}, {{reason}}. Sao và dấu đã gỡ khỏi trang bán.',
    ],
    en: [
      '{{product}}: its certificate was revoked',
      'Decision {{number}} for {{product}} was revoked: {{cause}}, {{reason}}. Stars and marks are gone.',
    ],
    km: [
      '{{product}}៖ វិញ្ញាបនបត្រត្រូវបានដកហូត',
      'សេចក្តីសម្រេច {{number}} នៃ {{product}} ត្រូវបានដកហូត៖ {{cause}}, {{reason}}។ ផ្កាយត្រូវបានដកចេញ។',
    ],
  },
} as const satisfies Readonly<Record<string, Template>>;
