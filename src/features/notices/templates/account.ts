import type { Template } from '../types.ts';

const account = ['in-app', 'email', 'sms'] as const;

/** What concerns an account: money and access are in danger, so most of it wakes people. */
export const accountTemplates = {
  'account.new-device': {
    channels: account,
    vi: [
      'Đăng nhập từ thiết bị mới',
      'Có người vừa đăng nhập bằng {{device}} từ địa chỉ {{address}}. Nếu không phải bạn, hãy kết thúc phiên đó và đổi mật khẩu ngay.',
    ],
    en: [
      'Sign-in from a new device',
      'Somebody signed in with {{device}} from {{address}}. If it was not you, end that session and change your password now.',
    ],
    km: [
      'ការចូលពីឧបករណ៍ថ្មី',
      'មានអ្នកបានចូលដោយ {{device}} ពីអាសយដ្ឋាន {{address}}។ បើមិនមែនអ្នកទេ សូមបញ្ចប់វគ្គនោះ ហើយប្តូរពាក្យសម្ងាត់ភ្លាម។',
    ],
  },
  'account.password-changed': {
    channels: account,
    urgent: true,
    vi: [
      'Mật khẩu đã đổi',
      'Mật khẩu tài khoản của bạn vừa được đổi và các phiên khác đã kết thúc. Nếu không phải bạn, hãy đặt lại mật khẩu ngay.',
    ],
    en: [
      'Password changed',
      'The password of your account was changed and other sessions have ended. If it was not you, reset it now.',
    ],
    km: ['បានប្តូរពាក្យសម្ងាត់', 'ពាក្យសម្ងាត់គណនីរបស់អ្នកត្រូវបានប្តូរ ហើយវគ្គផ្សេងៗបានបញ្ចប់។ បើមិនមែនអ្នកទេ សូមកំណត់ពាក្យសម្ងាត់ឡើងវិញភ្លាម។'],
  },
  'account.password-reset': {
    channels: ['email', 'sms'],
    urgent: true,
    secret: true,
    vi: [
      'Đặt lại mật khẩu',
      'Mở đường dẫn này trong {{minutes}} phút để đặt mật khẩu mới. Nếu bạn không yêu cầu, cứ bỏ qua tin này; không ai đọc được mật khẩu của bạn.',
    ],
    en: [
      'Reset your password',
      'Open this link within {{minutes}} minutes to set a new password. If you did not ask for it, ignore this message.',
    ],
    km: ['កំណត់ពាក្យសម្ងាត់ឡើងវិញ', 'សូមបើកតំណនេះក្នុង {{minutes}} នាទី ដើម្បីកំណត់ពាក្យសម្ងាត់ថ្មី។ បើអ្នកមិនបានស្នើទេ សូមកុំខ្វល់នឹងសារនេះ។'],
  },
  'account.contact-code': {
    channels: ['email', 'sms'],
    urgent: true,
    secret: true,
    vi: [
      'Mã xác nhận {{code}}',
      'Mã của bạn là {{code}}, dùng được trong {{minutes}} phút. Đừng đọc mã này cho ai, kể cả cán bộ của sàn.',
    ],
    en: [
      'Your code {{code}}',
      'Your code is {{code}} and works for {{minutes}} minutes. Do not tell it to anybody, not even to staff of the exchange.',
    ],
    km: ['លេខកូដ {{code}}', 'លេខកូដរបស់អ្នកគឺ {{code}} ប្រើបានក្នុង {{minutes}} នាទី។ កុំប្រាប់លេខនេះដល់អ្នកណា សូម្បីតែបុគ្គលិកផ្សារ។'],
  },
  'account.contact-changed': {
    channels: ['email', 'sms'],
    urgent: true,
    vi: [
      'Số điện thoại hoặc email của tài khoản đã đổi',
      'Tài khoản của bạn vừa đổi sang số điện thoại hoặc email khác. Nếu không phải bạn, hãy báo ngay cho sàn.',
    ],
    en: [
      'Phone or e-mail of your account changed',
      'Your account was moved to another phone number or e-mail. If it was not you, tell the exchange at once.',
    ],
    km: ['បានប្តូរលេខទូរស័ព្ទ ឬអ៊ីមែលនៃគណនី', 'គណនីរបស់អ្នកត្រូវបានប្តូរទៅលេខទូរស័ព្ទ ឬអ៊ីមែលផ្សេង។ បើមិនមែនអ្នកទេ សូមប្រាប់ផ្សារភ្លាម។'],
  },
  'account.factor-added': {
    channels: account,
    urgent: true,
    vi: [
      'Đã thêm cách xác thực',
      'Tài khoản của bạn vừa có thêm một bước xác thực. Nếu không phải bạn, hãy gỡ nó và đổi mật khẩu.',
    ],
    en: [
      'A second step was added',
      'A second step of signing in was added to your account. If it was not you, remove it and change your password.',
    ],
    km: ['បានបន្ថែមវិធីផ្ទៀងផ្ទាត់', 'គណនីរបស់អ្នកបានបន្ថែមជំហានផ្ទៀងផ្ទាត់។ បើមិនមែនអ្នកទេ សូមលុបវាចេញ ហើយប្តូរពាក្យសម្ងាត់។'],
  },
  'account.factor-removed': {
    channels: account,
    urgent: true,
    vi: [
      'Đã gỡ cách xác thực',
      'Một bước xác thực của tài khoản vừa bị gỡ. Nếu không phải bạn, hãy đổi mật khẩu và báo cho sàn.',
    ],
    en: [
      'A second step was removed',
      'A second step of signing in was removed from your account. If it was not you, change your password and tell the exchange.',
    ],
    km: ['បានលុបវិធីផ្ទៀងផ្ទាត់', 'ជំហានផ្ទៀងផ្ទាត់មួយនៃគណនីត្រូវបានលុប។ បើមិនមែនអ្នកទេ សូមប្តូរពាក្យសម្ងាត់ ហើយប្រាប់ផ្សារ។'],
  },
  'account.factor-recovery-used': {
    channels: account,
    urgent: true,
    vi: [
      'Đã dùng một mã dự phòng',
      'Có người vừa đăng nhập tài khoản của bạn bằng mã dự phòng. Nếu không phải bạn, hãy đổi mật khẩu và tạo mã mới ngay.',
    ],
    en: [
      'A recovery code was used',
      'Somebody signed in to your account with a recovery code. If it was not you, change your password and make new codes now.',
    ],
    km: ['បានប្រើលេខកូដបម្រុង', 'មានអ្នកបានចូលគណនីរបស់អ្នកដោយលេខកូដបម្រុង។ បើមិនមែនអ្នកទេ សូមប្តូរពាក្យសម្ងាត់ ហើយបង្កើតលេខកូដថ្មីភ្លាម។'],
  },
  'account.invited': {
    channels: ['email', 'sms'],
    urgent: true,
    secret: true,
    vi: [
      'Lời mời làm cán bộ sàn',
      'Chào {{name}}, bạn được mời vào vai trò {{role}}. Mở đường dẫn này trong {{hours}} giờ để đặt mật khẩu.',
    ],
    en: [
      'Invitation to the staff',
      'Hello {{name}}, you are invited as {{role}}. Open this link within {{hours}} hours to set a password.',
    ],
    km: [
      'ការអញ្ជើញជាបុគ្គលិកផ្សារ',
      'សួស្តី {{name}} អ្នកត្រូវបានអញ្ជើញក្នុងតួនាទី {{role}}។ សូមបើកតំណនេះក្នុង {{hours}} ម៉ោង ដើម្បីកំណត់ពាក្យសម្ងាត់។',
    ],
  },
  'account.erased': {
    farewell: true,
    channels: ['email', 'sms'],
    vi: [
      'Tài khoản đã xóa',
      'Dữ liệu cá nhân của bạn đã được xóa. Chứng từ mua bán còn giữ theo luật và không mang tên bạn nữa.',
    ],
    en: [
      'Account erased',
      'Your personal data have been erased. Records of sales are kept as the law asks and no longer carry your name.',
    ],
    km: ['បានលុបគណនី', 'ទិន្នន័យផ្ទាល់ខ្លួនរបស់អ្នកត្រូវបានលុប។ ឯកសារលក់ទិញរក្សាទុកតាមច្បាប់ ហើយលែងមានឈ្មោះអ្នក។'],
  },
} as const satisfies Readonly<Record<string, Template>>;
