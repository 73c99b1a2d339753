import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;
const officers = ['in-app', 'email'] as const;
const shopper = ['in-app', 'zalo', 'sms'] as const;

/** What is said about a complaint, to whoever has the word and to whoever waits. */
export const complaintTemplates = {
  'complaint.filed': {
    channels: desk,
    vi: ['Khiếu nại {{code}}', 'Có khiếu nại về {{about}}. Hãy trả lời trong hạn; quá hạn cán bộ sàn sẽ giải quyết.'],
    en: ['Complaint {{code}}', 'Somebody complains of {{about}}. Answer in time, or an officer decides.'],
    km: ['ពាក្យបណ្តឹង {{code}}', 'មានពាក្យបណ្តឹងអំពី {{about}}។ សូមឆ្លើយឱ្យទាន់ពេល បើមិនដូច្នោះ មន្ត្រីនឹងសម្រេច។'],
  },
  'complaint.message': {
    channels: desk,
    vi: ['Khiếu nại {{code}}: lời nhắn mới', 'Có lời nhắn mới trong khiếu nại về {{about}}.'],
    en: ['Complaint {{code}}: a new message', 'There is a new message in the complaint of {{about}}.'],
    km: ['ពាក្យបណ្តឹង {{code}}៖ សារថ្មី', 'មានសារថ្មីអំពី {{about}}។'],
  },
  'complaint.offered': {
    channels: shopper,
    vi: [
      'Khiếu nại {{code}}: cơ sở đã trả lời',
      '{{business}} đã trả lời về {{about}}. Mở để nhận đề nghị, hoặc nhờ cán bộ sàn giải quyết.',
    ],
    en: [
      'Complaint {{code}}: the business answered',
      '{{business}} has answered about {{about}}. Open it to take the offer, or have an officer decide.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ អ្នកលក់បានឆ្លើយ', '{{business}} បានឆ្លើយអំពី {{about}}។ បើកដើម្បីទទួលសំណើ ឬស្នើមន្ត្រី។'],
  },
  'complaint.accepted': {
    channels: desk,
    vi: [
      'Khiếu nại {{code}}: khách đã nhận',
      'Khách nhận đề nghị về {{about}}. Tiền (nếu có) được hoàn theo cách khách đã trả.',
    ],
    en: [
      'Complaint {{code}}: the offer was taken',
      'The shopper took what you offered about {{about}}. Money, if any, goes back by the way it came.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ អតិថិជនបានទទួល', 'អតិថិជនទទួលសំណើអំពី {{about}}។'],
  },
  'complaint.escalated': {
    channels: desk,
    vi: [
      'Khiếu nại {{code}}: chuyển cán bộ sàn',
      'Khiếu nại về {{about}} do cán bộ sàn giải quyết. Hai bên có thể nhắn thêm.',
    ],
    en: [
      'Complaint {{code}}: with an officer',
      'An officer of the exchange decides the complaint of {{about}}. Both sides can say more.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ បញ្ជូនមន្ត្រី', 'មន្ត្រីផ្សារដោះស្រាយរឿង {{about}}។'],
  },
  'complaint.called': {
    channels: officers,
    vi: ['Khiếu nại {{code}} chờ cán bộ', 'Khiếu nại về {{about}} của {{business}} cần quyết định trong hạn.'],
    en: [
      'Complaint {{code}} waits for an officer',
      'The complaint of {{about}}, {{business}}, is to be decided in time.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}} រង់ចាំមន្ត្រី', 'ពាក្យបណ្តឹងអំពី {{about}} របស់ {{business}} ត្រូវសម្រេចឱ្យទាន់ពេល។'],
  },
  'complaint.overdue': {
    channels: officers,
    vi: [
      'Khiếu nại {{code}} đã trễ hạn',
      'Khiếu nại về {{about}} của {{business}} quá hạn đã công bố mà chưa có quyết định.',
    ],
    en: [
      'Complaint {{code}} is late',
      'The complaint of {{about}}, {{business}}, is past its published time and not decided.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}} យឺតហើយ', 'ពាក្យបណ្តឹងអំពី {{about}} របស់ {{business}} ហួសពេលកំណត់ដោយគ្មានសេចក្តីសម្រេច។'],
  },
  'complaint.decided': {
    channels: desk,
    vi: ['Khiếu nại {{code}}: cán bộ đã quyết định', 'Về {{about}}. Lý do: {{reason}}.'],
    en: ['Complaint {{code}}: decided', 'About {{about}}. Reasons: {{reason}}.'],
    km: ['ពាក្យបណ្តឹង {{code}}៖ មន្ត្រីបានសម្រេច', 'អំពី {{about}}។ មូលហេតុ៖ {{reason}}។'],
  },
  'complaint.warned': {
    channels: desk,
    vi: [
      'Nhắc nhở từ sàn: khiếu nại {{code}}',
      'Sàn nhắc nhở cơ sở về {{about}}. Lý do: {{reason}}. Không đồng ý thì đề nghị xem lại trong hạn.',
    ],
    en: [
      'A warning: complaint {{code}}',
      'The exchange warns you about {{about}}. Reasons: {{reason}}. If you do not agree, ask for a review in time.',
    ],
    km: ['ការព្រមាន៖ ពាក្យបណ្តឹង {{code}}', 'ផ្សារព្រមានអំពី {{about}}។ មូលហេតុ៖ {{reason}}។'],
  },
  'complaint.appealed': {
    channels: desk,
    vi: ['Khiếu nại {{code}}: đề nghị xem lại', 'Bên kia đề nghị một cán bộ khác xem lại quyết định về {{about}}.'],
    en: [
      'Complaint {{code}}: a review was asked for',
      'The other side asked another officer to review the decision about {{about}}.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ ស្នើពិនិត្យឡើងវិញ', 'ភាគីម្ខាងទៀតស្នើមន្ត្រីផ្សេងពិនិត្យរឿង {{about}}។'],
  },
  'complaint.final': {
    channels: desk,
    vi: [
      'Khiếu nại {{code}}: quyết định có hiệu lực',
      'Hết hạn đề nghị xem lại; quyết định về {{about}} không thay đổi nữa.',
    ],
    en: [
      'Complaint {{code}}: the decision is final',
      'The time for a review is over; the decision about {{about}} stands.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ ចុងក្រោយ', 'ផុតពេលស្នើពិនិត្យ សេចក្តីសម្រេចអំពី {{about}} មិនផ្លាស់ប្តូរទៀតទេ។'],
  },
  'complaint.lapsed': {
    channels: desk,
    vi: [
      'Khiếu nại {{code}}: hết hạn chọn',
      'Đề nghị về {{about}} không được nhận trong hạn nên khiếu nại đã khép lại.',
    ],
    en: [
      'Complaint {{code}}: the offer lapsed',
      'What was offered about {{about}} was not taken in time, so the complaint has ended.',
    ],
    km: ['ពាក្យបណ្តឹង {{code}}៖ ផុតកំណត់', 'សំណើអំពី {{about}} មិនត្រូវបានទទួលទាន់ពេល ដូច្នេះបានបិទ។'],
  },
  'complaint.withdrawn': {
    channels: desk,
    vi: ['Khiếu nại {{code}}: khách đã rút', 'Khiếu nại về {{about}} đã được rút.'],
    en: ['Complaint {{code}}: withdrawn', 'The complaint of {{about}} was withdrawn.'],
    km: ['ពាក្យបណ្តឹង {{code}}៖ បានដក', 'ពាក្យបណ្តឹងអំពី {{about}} ត្រូវបានដក។'],
  },
} as const satisfies Record<string, Template>;
