import type { Template } from '../types.ts';

/** What concerns the money that a business is owed. */
export const settlementTemplates = {
  'payout.approved': {
    channels: ['in-app', 'zalo', 'sms'],
    vi: ['Sắp chuyển {{amount}} đ', 'Sàn đã duyệt chi trả {{amount}} đ, nội dung chuyển khoản {{code}}.'],
    en: ['{{amount}} đ are on the way', 'The exchange has approved a payout of {{amount}} đ; its memo is {{code}}.'],
    km: ['ជិតផ្ទេរ {{amount}} đ', 'ផ្សារបានអនុម័តការទូទាត់ {{amount}} đ ខ្លឹមសារ {{code}}។'],
  },
  'payout.paid': {
    channels: ['in-app', 'zalo', 'sms', 'email'],
    vi: ['Đã chuyển {{amount}} đ', 'Đã chuyển {{amount}} đ vào tài khoản của cơ sở, mã {{code}}, chứng từ {{note}}.'],
    en: ['{{amount}} đ were paid', '{{amount}} đ went to the account of the business: {{code}}, reference {{note}}.'],
    km: ['បានផ្ទេរ {{amount}} đ', 'បានផ្ទេរ {{amount}} đ ទៅគណនី លេខ {{code}} សក្ខីប័ត្រ {{note}}។'],
  },
  'payout.failed': {
    channels: ['in-app', 'zalo', 'sms', 'email'],
    urgent: true,
    vi: [
      'Chưa chuyển được {{amount}} đ',
      'Ngân hàng không nhận khoản {{code}}: {{note}}. Kiểm tra tài khoản nhận tiền; khoản này vào đợt sau.',
    ],
    en: [
      '{{amount}} đ could not be paid',
      'The bank refused {{code}}: {{note}}. Check your account; the money comes with the next run.',
    ],
    km: ['មិនអាចផ្ទេរ {{amount}} đ', 'ធនាគារមិនទទួល {{code}}៖ {{note}}។ សូមពិនិត្យគណនី។'],
  },
  'payout.returned': {
    channels: ['in-app', 'zalo', 'sms', 'email'],
    urgent: true,
    vi: [
      'Tiền chi trả bị trả lại: {{amount}} đ',
      'Khoản {{code}} đã quay về sàn: {{note}}. Kiểm tra tài khoản nhận tiền; khoản này vào đợt sau.',
    ],
    en: [
      'A payout came back: {{amount}} đ',
      '{{code}} has come back: {{note}}. Check your account; the money comes with the next run.',
    ],
    km: ['ប្រាក់ត្រឡប់មកវិញ៖ {{amount}} đ', '{{code}} បានត្រឡប់មកវិញ៖ {{note}}។ សូមពិនិត្យគណនី។'],
  },
  'statement.closed': {
    channels: ['in-app', 'email'],
    vi: [
      'Bảng đối soát tháng {{month}}',
      'Bảng đối soát {{number}} đã chốt. Cuối tháng sàn còn giữ của cơ sở {{closing}} đ. Xem từng đơn ở trang đối soát.',
    ],
    en: [
      'Statement of {{month}}',
      'Statement {{number}} is closed. At the end of the month the exchange owed you {{closing}} đ; the page shows each order.',
    ],
    km: ['តារាងផ្ទៀងផ្ទាត់ខែ {{month}}', 'តារាង {{number}} បានបិទ។ នៅសល់ {{closing}} đ។'],
  },
  'books.unsound': {
    channels: ['in-app', 'email'],
    urgent: true,
    vi: ['Sổ cái có sai lệch', 'Kiểm tra đêm qua thấy {{count}} sai lệch. Xem trang sổ cái trước khi chi trả.'],
    en: ['The books do not add up', 'The nightly proof found {{count}} faults. Look at the ledger before you pay out.'],
    km: ['បញ្ជីមានកំហុស', 'ការត្រួតពិនិត្យយប់មិញឃើញ {{count}} កំហុស។'],
  },
  'books.uncleared': {
    channels: ['in-app', 'email'],
    vi: ['Tiền còn treo quá hạn', '{{amount}} đ còn treo ở tài khoản chờ quá hạn. Xem trang sổ cái.'],
    en: ['Money waits too long', '{{amount}} đ have stood in clearing accounts beyond their time. Look at the ledger.'],
    km: ['ប្រាក់នៅព្យួរយូរ', '{{amount}} đ នៅព្យួរហួសកំណត់។'],
  },
} as const satisfies Readonly<Record<string, Template>>;
