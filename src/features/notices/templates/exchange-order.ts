import type { Template } from '../types.ts';

const desk = ['in-app', 'email'] as const;
const shopper = ['zalo', 'sms', 'email'] as const;

/** What becomes of goods that shoppers of ours buy at other exchanges. */
export const exchangeOrderTemplates = {
  'exchange-order.confirmed': {
    channels: shopper,
    vi: ['Đơn {{order}} ở sàn bạn đã được nhận', 'Sàn bán đã nhận đơn và giữ hàng cho bạn. Mở trang để theo dõi.'],
    en: ['Order {{order}} was taken', 'The exchange has taken your order. Open the page to follow it.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវបានទទួល', 'ទីផ្សារបានទទួលការបញ្ជាទិញរបស់អ្នក។ បើកទំព័រដើម្បីតាមដាន។'],
  },
  'exchange-order.void': {
    channels: shopper,
    vi: ['Đơn {{order}} không mua được', 'Sàn bán không giữ được hàng. Thẻ của bạn không bị trừ tiền.'],
    en: ['Order {{order}} was not bought', 'The exchange could not hold the goods. Your card was not charged.'],
    km: ['ទិញមិនបាន {{order}}', 'ទីផ្សារមិនអាចទុកទំនិញ។ កាតរបស់អ្នកមិនត្រូវបានកាត់ប្រាក់ទេ។'],
  },
  'exchange-order.refunded': {
    channels: shopper,
    vi: ['Đơn {{order}} được hoàn tiền', 'Sàn bán không thực hiện đơn này. Toàn bộ tiền được hoàn vào thẻ của bạn.'],
    en: ['Order {{order}} is refunded', 'The exchange does not carry it out. All of it goes back to your card.'],
    km: ['ការបញ្ជាទិញ {{order}} ត្រូវសងប្រាក់', 'ទីផ្សារមិនអនុវត្តការបញ្ជាទិញនេះ។ ប្រាក់ទាំងអស់ត្រូវសងទៅកាតរបស់អ្នក។'],
  },
  'exchange-order.stuck': {
    channels: desk,
    urgent: true,
    vi: [
      'Đơn {{order}} ở {{partner}} chưa rõ kết quả',
      'Đã nửa giờ ở trạng thái {{state}}. Hệ thống vẫn hỏi lại; hãy liên hệ sàn đó hoặc hoàn tiền cho khách.',
    ],
    en: [
      'Order {{order}} at {{partner}} is undecided',
      'It has been {{state}} for half an hour. We go on asking; call the exchange, or refund the shopper.',
    ],
    km: [
      'ការបញ្ជាទិញ {{order}} នៅ {{partner}} មិនទាន់ច្បាស់',
      'នៅ {{state}} កន្លះម៉ោងហើយ។ យើងបន្តសួរ សូមទាក់ទងទីផ្សារនោះ ឬសងប្រាក់អតិថិជន។',
    ],
  },
  'exchange-order.settlement-differs': {
    channels: desk,
    urgent: true,
    vi: [
      'Đối soát ngày {{day}} với {{partner}} lệch',
      'Hai bản đối soát đã được giữ lại, bản của họ có chữ ký. Hãy so từng đơn với sàn đó.',
    ],
    en: [
      'The settlement of {{day}} with {{partner}} differs',
      'Both statements are kept, theirs as it was signed. Compare them order by order with the exchange.',
    ],
    km: ['ការទូទាត់ថ្ងៃ {{day}} ជាមួយ {{partner}} ខុសគ្នា', 'បានរក្សាទុករបាយការណ៍ទាំងពីរ របស់គេមានហត្ថលេខា។ សូមប្រៀបធៀបម្ដងមួយៗ។'],
  },
} satisfies Readonly<Record<string, Template>>;
