import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;
const officers = ['in-app', 'email'] as const;
const shopper = ['zalo', 'sms', 'email'] as const;

/** What is said after the sale, to whoever has the next step and to whoever waits for it. */
export const careTemplates = {
  'return.requested': {
    channels: desk,
    vi: [
      'Yêu cầu trả hàng {{code}}',
      'Khách muốn trả hàng của đơn {{order}}. Hãy trả lời trong hạn; quá hạn cán bộ sàn sẽ quyết định.',
    ],
    en: [
      'Return {{code}}',
      'A shopper wants to return goods of order {{order}}. Answer in time, or an officer decides.',
    ],
    km: ['សំណើប្រគល់ទំនិញ {{code}}', 'អតិថិជនចង់ប្រគល់ទំនិញនៃការបញ្ជាទិញ {{order}}។ សូមឆ្លើយឱ្យទាន់ពេល បើមិនដូច្នោះ មន្ត្រីនឹងសម្រេច។'],
  },
  'return.accepted': {
    channels: shopper,
    vi: [
      'Trả hàng {{code}}: được nhận',
      'Yêu cầu trả hàng của đơn {{order}} được nhận. Hãy gửi hàng lại và báo mã vận đơn trong hạn.',
    ],
    en: ['Return {{code}} accepted', 'Send the goods of order {{order}} back and tell us the parcel number in time.'],
    km: ['ការប្រគល់ {{code}} ត្រូវបានទទួល', 'សូមផ្ញើទំនិញនៃការបញ្ជាទិញ {{order}} ត្រឡប់វិញ និងប្រាប់លេខកញ្ចប់ឱ្យទាន់ពេល។'],
  },
  'return.refused': {
    channels: shopper,
    vi: [
      'Trả hàng {{code}}: người bán từ chối',
      'Lý do: {{reason}}. Nếu không đồng ý, bạn có thể nhờ cán bộ sàn xem xét.',
    ],
    en: [
      'Return {{code}} refused',
      'Reason: {{reason}}. If you do not agree, an officer of the exchange can look at it.',
    ],
    km: ['ការប្រគល់ {{code}} ត្រូវបានបដិសេធ', 'មូលហេតុ៖ {{reason}}។ បើមិនយល់ព្រម អ្នកអាចស្នើមន្ត្រីផ្សារពិនិត្យ។'],
  },
  'return.appealed': {
    channels: desk,
    vi: [
      'Trả hàng {{code}}: khách nhờ cán bộ',
      'Khách của đơn {{order}} không đồng ý với lời từ chối. Cán bộ sàn sẽ quyết định.',
    ],
    en: [
      'Return {{code}}: the shopper appealed',
      'The shopper of order {{order}} does not agree with the refusal. An officer decides.',
    ],
    km: ['ការប្រគល់ {{code}}៖ អតិថិជនស្នើមន្ត្រី', 'អតិថិជននៃ {{order}} មិនយល់ព្រមនឹងការបដិសេធ។ មន្ត្រីផ្សារនឹងសម្រេច។'],
  },
  'return.contested': {
    channels: shopper,
    vi: [
      'Trả hàng {{code}}: cần cán bộ xem xét',
      'Người bán cho biết: {{reason}}. Cán bộ sàn sẽ quyết định và báo lại bạn.',
    ],
    en: ['Return {{code}}: an officer will look', 'The seller says: {{reason}}. An officer decides and tells you.'],
    km: ['ការប្រគល់ {{code}}៖ មន្ត្រីនឹងពិនិត្យ', 'អ្នកលក់និយាយថា៖ {{reason}}។ មន្ត្រីផ្សារនឹងសម្រេច និងប្រាប់អ្នក។'],
  },
  'return.called': {
    channels: officers,
    vi: [
      'Trả hàng {{code}} chờ cán bộ',
      'Đơn {{order}} của {{business}}: hai bên không thống nhất hoặc một bên im lặng.',
    ],
    en: [
      'Return {{code}} waits for an officer',
      'Order {{order}} of {{business}}: the two do not agree, or one is silent.',
    ],
    km: ['ការប្រគល់ {{code}} រង់ចាំមន្ត្រី', 'ការបញ្ជាទិញ {{order}} របស់ {{business}}៖ ភាគីទាំងពីរមិនស្របគ្នា ឬភាគីម្ខាងស្ងៀម។'],
  },
  'return.escalated': {
    channels: desk,
    vi: [
      'Trả hàng {{code}}: đã chuyển cán bộ',
      'Quá hạn mà chưa có trả lời cho đơn {{order}}, nên cán bộ sàn sẽ quyết định.',
    ],
    en: [
      'Return {{code}}: handed to an officer',
      'Nobody answered in time for order {{order}}, so an officer decides.',
    ],
    km: ['ការប្រគល់ {{code}}៖ បានបញ្ជូនទៅមន្ត្រី', 'ហួសពេលដោយគ្មានចម្លើយសម្រាប់ {{order}} ដូច្នេះមន្ត្រីផ្សារនឹងសម្រេច។'],
  },
  'return.withdrawn': {
    channels: desk,
    vi: ['Trả hàng {{code}}: khách đã rút', 'Khách của đơn {{order}} không trả hàng nữa.'],
    en: ['Return {{code}} called off', 'The shopper of order {{order}} keeps the goods.'],
    km: ['ការប្រគល់ {{code}} ត្រូវបានដក', 'អតិថិជននៃ {{order}} មិនប្រគល់ទំនិញទៀតទេ។'],
  },
  'return.sent-back': {
    channels: desk,
    vi: [
      'Trả hàng {{code}}: hàng đang về',
      'Khách của đơn {{order}} đã gửi hàng lại. Nhận được hàng thì ghi nhận ngay.',
    ],
    en: [
      'Return {{code}}: on its way back',
      'The shopper of order {{order}} has sent the goods. Record them when they arrive.',
    ],
    km: ['ការប្រគល់ {{code}}៖ ទំនិញកំពុងមកវិញ', 'អតិថិជននៃ {{order}} បានផ្ញើទំនិញត្រឡប់។ ពេលទទួលបាន សូមកត់ត្រា។'],
  },
  'return.refunded': {
    channels: shopper,
    vi: ['Trả hàng {{code}}: hoàn {{amount}}', 'Tiền của đơn {{order}} được hoàn theo đúng cách bạn đã trả.'],
    en: ['Return {{code}}: {{amount}} goes back', 'The money of order {{order}} goes back by the way it came.'],
    km: ['ការប្រគល់ {{code}}៖ សងវិញ {{amount}}', 'ប្រាក់នៃ {{order}} ត្រូវបានសងវិញតាមវិធីដែលអ្នកបានបង់។'],
  },
  'return.rejected': {
    channels: shopper,
    vi: ['Trả hàng {{code}}: không được nhận', 'Yêu cầu trả hàng của đơn {{order}} đã khép lại. Lý do: {{reason}}.'],
    en: ['Return {{code}} rejected', 'The return of order {{order}} has ended. Reason: {{reason}}.'],
    km: ['ការប្រគល់ {{code}} មិនត្រូវបានទទួល', 'សំណើនៃ {{order}} បានបិទ។ មូលហេតុ៖ {{reason}}។'],
  },
  'return.lapsed': {
    channels: shopper,
    vi: [
      'Trả hàng {{code}}: hết hạn gửi lại',
      'Hàng của đơn {{order}} chưa được gửi lại trong hạn nên yêu cầu đã khép lại.',
    ],
    en: [
      'Return {{code}}: the time is over',
      'The goods of order {{order}} were not sent back in time, so the return has ended.',
    ],
    km: ['ការប្រគល់ {{code}} ផុតកំណត់', 'ទំនិញនៃ {{order}} មិនត្រូវបានផ្ញើវិញទាន់ពេល ដូច្នេះសំណើបានបិទ។'],
  },
  'return.decided': {
    channels: desk,
    vi: ['Trả hàng {{code}}: cán bộ đã quyết định', 'Đơn {{order}}: {{reason}}. Mở để xem việc cần làm tiếp.'],
    en: ['Return {{code}}: an officer has decided', 'Order {{order}}: {{reason}}. Open it to see what comes next.'],
    km: ['ការប្រគល់ {{code}}៖ មន្ត្រីបានសម្រេច', 'ការបញ្ជាទិញ {{order}}៖ {{reason}}។ បើកដើម្បីមើលជំហានបន្ទាប់។'],
  },
} as const satisfies Record<string, Template>;
