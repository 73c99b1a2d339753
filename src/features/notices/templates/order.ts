import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;
const shopper = ['zalo', 'sms', 'email'] as const;

/** What becomes of an order, told to whoever packs it and to whoever waits for it. */
export const orderTemplates = {
  'order.placed': {
    channels: desk,
    vi: [
      'Đơn mới {{order}}',
      'Đơn đã được thanh toán. Hãy xác nhận trong hạn, quá hạn đơn tự hủy và tiền hoàn cho khách.',
    ],
    en: ['New order {{order}}', 'It is paid. Confirm it in time, or it is cancelled and refunded.'],
    km: ['ការបញ្ជាទិញថ្មី {{order}}', 'បានបង់ប្រាក់រួច។ សូមបញ្ជាក់ឱ្យទាន់ពេល បើមិនដូច្នោះវានឹងត្រូវបោះបង់ និងសងប្រាក់វិញ។'],
  },
  'order.paid': {
    channels: shopper,
    vi: [
      'Mã đơn của bạn: {{order}}',
      'Đã thanh toán {{amount}} cho {{goods}}, từ {{business}}. Giữ mã {{order}}: cùng số điện thoại đã đặt, mã này mở đơn để theo dõi.',
    ],
    en: [
      'Your order {{order}}',
      '{{amount}} is paid for {{goods}}, from {{business}}. Keep the code {{order}}: with the phone number of the order it opens the order and its parcels.',
    ],
    km: [
      'លេខកូដបញ្ជាទិញរបស់អ្នក៖ {{order}}',
      'បានបង់ {{amount}} សម្រាប់ {{goods}} ពី {{business}}។ សូមរក្សាលេខកូដ {{order}}៖ ជាមួយលេខទូរស័ព្ទដែលបានបញ្ជាទិញ វាបើកការបញ្ជាទិញដើម្បីតាមដាន។',
    ],
  },
  'order.confirmed': {
    channels: shopper,
    vi: ['Đơn {{order}} đã được xác nhận', '{{business}} đã nhận đơn và đang chuẩn bị hàng.'],
    en: ['Order {{order}} is confirmed', '{{business}} has taken the order and prepares it.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបញ្ជាក់', '{{business}} បានទទួល និងកំពុងរៀបចំទំនិញ។'],
  },
  'order.shipped': {
    channels: shopper,
    vi: ['Đơn {{order}} đang trên đường', '{{business}} đã gửi hàng. Mở đơn để theo dõi kiện hàng.'],
    en: ['Order {{order}} is on its way', '{{business}} has sent it. Open the order to follow the parcel.'],
    km: ['ការបញ្ជាទិញ {{order}} កំពុងមកដល់', '{{business}} បានផ្ញើទំនិញ។ បើកការបញ្ជាទិញដើម្បីតាមដានកញ្ចប់។'],
  },
  'order.cancelled': {
    channels: shopper,
    vi: ['Đơn {{order}} đã hủy', 'Đơn ở {{business}} đã hủy, tiền được hoàn cho bạn. Lý do: {{reason}}.'],
    en: ['Order {{order}} is cancelled', 'The order at {{business}} is cancelled and refunded. Reason: {{reason}}.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់', 'ការបញ្ជាទិញនៅ {{business}} ត្រូវបានបោះបង់ និងសងប្រាក់វិញ។ មូលហេតុ៖ {{reason}}។'],
  },
  'order.part-cancelled': {
    channels: shopper,
    vi: [
      'Đơn {{order}}: hủy một phần',
      'Một phần đơn ở {{business}} đã hủy, tiền phần đó được hoàn. Lý do: {{reason}}.',
    ],
    en: [
      'Part of order {{order}} is cancelled',
      'Its money goes back to you; {{business}} sends the rest. Reason: {{reason}}.',
    ],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់មួយផ្នែក', 'ប្រាក់នៃផ្នែកនោះនៅ {{business}} នឹងត្រូវសងវិញ។ មូលហេតុ៖ {{reason}}។'],
  },
  'order.lapsed': {
    channels: shopper,
    vi: ['Đơn {{order}} đã hủy', '{{business}} không xác nhận kịp nên đơn tự hủy, tiền được hoàn cho bạn.'],
    en: ['Order {{order}} is cancelled', '{{business}} did not confirm it in time. You are refunded.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់', '{{business}} មិនបានបញ្ជាក់ទាន់ពេល។ ប្រាក់នឹងត្រូវសងវិញ។'],
  },
  'order.called-off': {
    channels: desk,
    vi: ['Đơn {{order}} đã bị hủy', 'Không cần gửi hàng nữa. Lý do: {{reason}}.'],
    en: ['Order {{order}} was called off', 'Nothing is to be sent any more. Reason: {{reason}}.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់', 'មិនចាំបាច់ផ្ញើទំនិញទេ។ មូលហេតុ៖ {{reason}}។'],
  },
  'order.part-called-off': {
    channels: desk,
    vi: ['Đơn {{order}} bị hủy một phần', 'Xem lại đơn trước khi gửi phần còn lại. Lý do: {{reason}}.'],
    en: ['Part of order {{order}} was called off', 'Look at it again before you send the rest. Reason: {{reason}}.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់មួយផ្នែក', 'សូមពិនិត្យម្ដងទៀតមុនផ្ញើផ្នែកដែលនៅសល់។ មូលហេតុ៖ {{reason}}។'],
  },
  'order.missed': {
    channels: desk,
    vi: ['Đơn {{order}} đã hủy vì quá hạn', 'Đơn không được xác nhận kịp, tiền hoàn cho khách và tính vào độ tin cậy.'],
    en: [
      'Order {{order}} is cancelled: too late',
      'It was not confirmed in time, is refunded and counts in your figures.',
    ],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានបោះបង់ដោយហួសពេល', 'មិនបានបញ្ជាក់ទាន់ពេល។ ប្រាក់ត្រូវសងវិញ និងរាប់ក្នុងតួលេខរបស់អ្នក។'],
  },
  'refund.sent': {
    channels: shopper,
    vi: ['Đã hoàn {{amount}}', 'Tiền của đơn {{order}} đã được chuyển trả. Ngân hàng có thể cần vài ngày để ghi có.'],
    en: ['{{amount}} was sent back', 'The money of order {{order}} is on its way; your bank may take some days.'],
    km: ['បានសង {{amount}} វិញ', 'ប្រាក់នៃការបញ្ជាទិញ {{order}} ត្រូវបានផ្ញើ។ ធនាគារអាចត្រូវការពេលពីរបីថ្ងៃ។'],
  },
} as const satisfies Record<string, Template>;
