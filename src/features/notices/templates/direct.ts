import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;
const officers = ['in-app', 'email'] as const;
const shopper = ['zalo', 'sms', 'email'] as const;

/** Of money that goes between shopper and business, past the exchange. */
export const directTemplates = {
  'direct.chosen': {
    channels: desk,
    urgent: true,
    vi: [
      'Khách sẽ trả thẳng cho cơ sở',
      'Từ nay đơn mới được trả vào tài khoản của cơ sở. Nếu không phải bạn chọn, báo sàn ngay.',
    ],
    en: [
      'Shoppers will pay your business itself',
      'New orders are paid into your own account. If you did not choose this, tell the exchange at once.',
    ],
    km: ['អតិថិជននឹងបង់ត្រង់ទៅមូលដ្ឋាន', 'ការបញ្ជាទិញថ្មីត្រូវបង់ចូលគណនីរបស់អ្នក។ បើមិនមែនអ្នកជ្រើស សូមប្រាប់ផ្សារភ្លាម។'],
  },
  'direct.left': {
    channels: desk,
    vi: ['Sàn lại thu tiền hộ cơ sở', 'Từ nay đơn mới được trả qua sàn như trước.'],
    en: ['The exchange collects for you again', 'New orders are paid to the exchange as before.'],
    km: ['ផ្សារប្រមូលប្រាក់ជំនួសវិញ', 'ការបញ្ជាទិញថ្មីត្រូវបង់តាមផ្សារដូចមុន។'],
  },
  'direct.opened': {
    channels: desk,
    vi: [
      'Chờ tiền của đơn {{order}}',
      'Khách đang chuyển {{amount}} với nội dung {{memo}}. Thấy tiền về thì ghi nhận để đơn được đặt.',
    ],
    en: [
      'Money of order {{order}} is coming',
      'A shopper transfers {{amount}} with the memo {{memo}}. Record it when it arrives, so that the order is placed.',
    ],
    km: ['រង់ចាំប្រាក់នៃ {{order}}', 'អតិថិជនកំពុងផ្ទេរ {{amount}} ដោយមានខ្លឹមសារ {{memo}}។ ពេលប្រាក់មកដល់ សូមកត់ត្រា។'],
  },
  'direct.received': {
    channels: shopper,
    vi: [
      '{{business}} báo đã nhận {{amount}}',
      'Đây là lời của cơ sở về đơn {{order}}; sàn không giữ tiền này. Nếu không đúng, báo sàn.',
    ],
    en: [
      '{{business}} says that {{amount}} arrived',
      'This is its word on order {{order}}; the exchange holds none of it. If it is not right, tell the exchange.',
    ],
    km: [
      '{{business}} ប្រាប់ថាបានទទួល {{amount}}',
      'នេះជាពាក្យរបស់មូលដ្ឋានអំពី {{order}}។ ផ្សារមិនកាន់ប្រាក់នេះទេ។ បើមិនត្រូវ សូមប្រាប់ផ្សារ។',
    ],
  },
  'direct.refund-due': {
    channels: desk,
    vi: [
      'Cơ sở phải hoàn {{amount}} cho khách',
      'Tiền của đơn {{order}} do cơ sở nhận, nên cơ sở hoàn cho khách trước ngày {{date}} rồi ghi mã giao dịch.',
    ],
    en: [
      'You owe a shopper {{amount}}',
      'You were paid order {{order}} yourself: send it back before {{date}}, then record the bank reference.',
    ],
    km: ['អ្នកត្រូវសង {{amount}} ដល់អតិថិជន', 'អ្នកបានទទួលប្រាក់នៃ {{order}} ដោយផ្ទាល់។ សូមសងមុនថ្ងៃ {{date}} រួចកត់លេខប្រតិបត្តិការ។'],
  },
  'direct.refund-promised': {
    channels: shopper,
    vi: [
      '{{business}} phải hoàn bạn {{amount}}',
      'Bạn đã trả thẳng cơ sở đơn {{order}}, nên cơ sở hoàn bạn trước ngày {{date}}. Sàn ghi lại và nhắc cơ sở.',
    ],
    en: [
      '{{business}} owes you {{amount}}',
      'You paid order {{order}} to the business itself: it sends this back before {{date}}. The exchange keeps watch.',
    ],
    km: [
      '{{business}} ត្រូវសងអ្នក {{amount}}',
      'អ្នកបានបង់ {{order}} ត្រង់ទៅមូលដ្ឋាន ដូច្នេះវានឹងសងមុនថ្ងៃ {{date}}។ ផ្សារកត់ត្រា និងរំលឹក។',
    ],
  },
  'direct.refund-reminder': {
    channels: desk,
    vi: ['Sắp đến hạn hoàn {{amount}}', 'Tiền của đơn {{order}} chưa được ghi là đã hoàn cho khách.'],
    en: ['{{amount}} is to be sent back soon', 'The refund of order {{order}} has not been recorded as sent.'],
    km: ['ជិតដល់កំណត់សង {{amount}}', 'ប្រាក់នៃ {{order}} មិនទាន់ត្រូវបានកត់ថាបានសងទេ។'],
  },
  'direct.refund-overdue': {
    channels: officers,
    vi: ['Cơ sở quá hạn hoàn {{amount}}', 'Đơn {{order}}: khách trả thẳng cơ sở và chưa được hoàn. Gọi cơ sở.'],
    en: [
      'A business is late with {{amount}}',
      'Order {{order}} was paid to it and is not refunded. Call the business.',
    ],
    km: ['មូលដ្ឋានហួសកំណត់សង {{amount}}', '{{order}}៖ អតិថិជនបង់ត្រង់ ហើយមិនទាន់បានសងវិញ។ សូមទូរស័ព្ទទៅមូលដ្ឋាន។'],
  },
  'direct.refund-sent': {
    channels: shopper,
    vi: ['{{business}} báo đã hoàn {{amount}}', 'Tiền của đơn {{order}}. Nếu vài ngày nữa chưa thấy, báo sàn.'],
    en: [
      '{{business}} says it sent back {{amount}}',
      'For order {{order}}. If it does not come in some days, tell the exchange.',
    ],
    km: ['{{business}} ប្រាប់ថាបានសង {{amount}}', 'ប្រាក់នៃ {{order}}។ បើប៉ុន្មានថ្ងៃទៀតមិនឃើញ សូមប្រាប់ផ្សារ។'],
  },
} as const satisfies Record<string, Template>;
