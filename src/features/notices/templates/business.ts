import type { Template } from '../types.ts';

const desk = ['in-app', 'email', 'zalo', 'sms'] as const;
const officers = ['in-app', 'email'] as const;

export const businessTemplates = {
  'business.submitted': {
    channels: officers,
    vi: ['Hồ sơ mới: {{business}}', '{{business}} vừa nộp hồ sơ tham gia sàn và đang chờ xét.'],
    en: ['New application: {{business}}', '{{business}} has applied to join the exchange and waits for review.'],
    km: ['ពាក្យសុំថ្មី៖ {{business}}', '{{business}} បានដាក់ពាក្យចូលរួមផ្សារ ហើយកំពុងរង់ចាំពិនិត្យ។'],
  },
  'business.approved': {
    channels: desk,
    vi: ['{{business}} đã được duyệt', 'Chúc mừng! Cơ sở của bạn đã được duyệt. Bạn có thể đăng sản phẩm và nhận đơn.'],
    en: ['{{business}} is approved', 'Your business has been approved. You can list products and take orders.'],
    km: ['{{business}} ត្រូវបានអនុម័ត', 'អបអរសាទរ! គ្រឹះស្ថានរបស់អ្នកត្រូវបានអនុម័ត។ អ្នកអាចដាក់លក់ផលិតផល និងទទួលការបញ្ជាទិញ។'],
  },
  'business.changes-requested': {
    channels: desk,
    vi: [
      '{{business}}: cần bổ sung hồ sơ',
      'Cán bộ cần bạn sửa hoặc bổ sung: {{reason}}. Những gì đã nhập vẫn còn nguyên.',
    ],
    en: [
      '{{business}}: changes are needed',
      'An officer asks you to mend or add something: {{reason}}. What you entered is kept.',
    ],
    km: ['{{business}}៖ ត្រូវបំពេញបន្ថែម', 'មន្ត្រីស្នើឱ្យអ្នកកែ ឬបន្ថែម៖ {{reason}}។ អ្វីដែលបានបំពេញនៅរក្សាទុក។'],
  },
  'business.rejected': {
    channels: desk,
    vi: ['{{business}}: hồ sơ không được duyệt', 'Lý do: {{reason}}. Bạn có thể sửa và nộp lại.'],
    en: ['{{business}}: the application was rejected', 'Reason: {{reason}}. You can mend it and apply again.'],
    km: ['{{business}}៖ ពាក្យសុំមិនត្រូវបានអនុម័ត', 'មូលហេតុ៖ {{reason}}។ អ្នកអាចកែ និងដាក់ម្តងទៀត។'],
  },
  'business.suspended': {
    channels: desk,
    urgent: true,
    vi: [
      '{{business}} tạm ngừng bán',
      'Lý do: {{reason}}. Hàng tạm không hiện trên sàn; đơn đã nhận vẫn phải giao xong.',
    ],
    en: [
      '{{business}} is suspended',
      'Reason: {{reason}}. Your goods are not shown; orders already taken are still to be finished.',
    ],
    km: ['{{business}} ត្រូវបានផ្អាក', 'មូលហេតុ៖ {{reason}}។ ទំនិញមិនបង្ហាញបណ្តោះអាសន្ន។ ការបញ្ជាទិញដែលបានទទួលត្រូវបញ្ចប់។'],
  },
  'business.closed': {
    channels: desk,
    urgent: true,
    vi: ['{{business}} đã đóng cửa trên sàn', 'Lý do: {{reason}}. Bạn vẫn tải về được dữ liệu của mình.'],
    en: ['{{business}} is closed', 'Reason: {{reason}}. You can still download your data.'],
    km: ['{{business}} ត្រូវបានបិទនៅលើផ្សារ', 'មូលហេតុ៖ {{reason}}។ អ្នកនៅអាចទាញយកទិន្នន័យរបស់អ្នក។'],
  },
  'business.measure-announced': {
    channels: desk,
    urgent: true,
    listed: { measure: 'mine.measure.' },
    vi: [
      '{{business}}, thông báo trước: {{measure}}',
      'Từ ngày {{from}}. Lý do: {{reason}}. Hãy phản hồi cho sàn trước ngày đó nếu có ý kiến.',
    ],
    en: [
      '{{business}}: notice of {{measure}}',
      'From {{from}} on. Reason: {{reason}}. Answer the exchange before that day if you object.',
    ],
    km: ['{{business}}៖ ជូនដំណឹងជាមុន «{{measure}}»', 'ចាប់ពីថ្ងៃ {{from}}។ មូលហេតុ៖ {{reason}}។ សូមឆ្លើយតបមុនថ្ងៃនោះ បើមានយោបល់។'],
  },
  'business.measure-lifted': {
    channels: desk,
    vi: ['{{business}} bán lại được', 'Biện pháp với cơ sở đã được gỡ. Hàng của bạn hiện lại trên sàn.'],
    en: ['{{business}} may sell again', 'The measure has been lifted. Your goods are shown again.'],
    km: ['{{business}} អាចលក់ឡើងវិញ', 'វិធានការត្រូវបានដកចេញ។ ទំនិញរបស់អ្នកបង្ហាញឡើងវិញ។'],
  },
  'business.bank-account-changed': {
    channels: desk,
    urgent: true,
    vi: [
      '{{business}}: tài khoản ngân hàng đã đổi',
      'Tiền bán hàng sẽ về tài khoản có bốn số cuối {{last4}}. Nếu không phải bạn đổi, hãy báo sàn ngay.',
    ],
    en: [
      '{{business}}: bank account changed',
      'Proceeds go to the account ending in {{last4}}. If you did not change it, tell the exchange at once.',
    ],
    km: ['{{business}}៖ បានប្តូរគណនីធនាគារ', 'ប្រាក់លក់នឹងចូលគណនីដែលមានលេខចុងក្រោយ {{last4}}។ បើមិនមែនអ្នកប្តូរទេ សូមប្រាប់ផ្សារភ្លាម។'],
  },
  'business.api-key-made': {
    channels: desk,
    urgent: true,
    vi: ['Khóa API mới: {{name}}', 'Một khóa API vừa được tạo cho cơ sở. Nếu không phải bạn, hãy thu hồi ngay.'],
    en: ['New API key: {{name}}', 'An API key was made for your business. If it was not you, revoke it now.'],
    km: ['សោ API ថ្មី៖ {{name}}', 'សោ API មួយត្រូវបានបង្កើតសម្រាប់គ្រឹះស្ថាន។ បើមិនមែនអ្នកទេ សូមដកហូតភ្លាម។'],
  },
  'webhook.disabled': {
    channels: desk,
    vi: [
      'Đã ngừng gửi tin tới phần mềm của bạn',
      'Năm ngày qua không gửi được tin nào tới {{url}}, hoặc nơi nhận báo không muốn nhận nữa. Sửa rồi bật lại ở trang địa chỉ nhận tin.',
    ],
    en: [
      'Your software is no longer told',
      'For five days nothing got through to {{url}}, or the receiver said it wants no more. Mend it and switch the endpoint on again.',
    ],
    km: ['បានឈប់ផ្ញើសារទៅកម្មវិធីរបស់អ្នក', 'ប្រាំថ្ងៃកន្លងមក មិនអាចផ្ញើសារទៅ {{url}} ឬអ្នកទទួលមិនចង់ទទួលទៀត។ សូមកែ ហើយបើកវិញ។'],
  },
  'paper.expiring': {
    channels: desk,
    listed: { paper: 'paper.' },
    vi: ['{{paper}} còn {{days}} ngày', '{{paper}} hết hạn ngày {{expiresOn}}. Hãy tải bản mới lên trước ngày đó.'],
    en: ['{{paper}} ends in {{days}} days', '{{paper}} expires on {{expiresOn}}. Upload the new one before.'],
    km: ['{{paper}} នៅសល់ {{days}} ថ្ងៃ', '{{paper}} ផុតកំណត់ថ្ងៃ {{expiresOn}}។ សូមផ្ទុកឯកសារថ្មីមុនថ្ងៃនោះ។'],
  },
  'member.invited': {
    channels: ['email', 'sms'],
    urgent: true,
    secret: true,
    vi: [
      'Lời mời vào {{business}}',
      'Bạn được mời làm việc cho {{business}} trên Chợ Nổi. Mở đường dẫn này để nhận lời.',
    ],
    en: [
      'Invitation to {{business}}',
      'You are invited to work for {{business}} on Chợ Nổi. Open this link to accept.',
    ],
    km: ['ការអញ្ជើញចូល {{business}}', 'អ្នកត្រូវបានអញ្ជើញធ្វើការឱ្យ {{business}} នៅលើ Chợ Nổi។ សូមបើកតំណនេះដើម្បីទទួល។'],
  },
  'member.joined': {
    channels: desk,
    vi: ['{{name}} đã vào {{business}}', 'Lời mời vào cơ sở đã được nhận.'],
    en: ['{{name}} has joined {{business}}', 'The invitation to the business was accepted.'],
    km: ['{{name}} បានចូល {{business}}', 'ការអញ្ជើញចូលគ្រឹះស្ថានត្រូវបានទទួល។'],
  },
  'member.removed': {
    channels: desk,
    vi: ['Bạn không còn thuộc {{business}}', 'Quyền của bạn ở cơ sở này đã kết thúc.'],
    en: ['You no longer belong to {{business}}', 'Your access to this business has ended.'],
    km: ['អ្នកលែងជាសមាជិក {{business}}', 'សិទ្ធិរបស់អ្នកនៅគ្រឹះស្ថាននេះបានបញ្ចប់។'],
  },
  'consent.code': {
    channels: ['sms', 'zalo'],
    urgent: true,
    secret: true,
    vi: [
      'Mã đồng ý {{code}}',
      '{{assistant}} xin phép làm giúp hộ {{household}} trên Chợ Nổi trong {{months}} tháng. Nếu đồng ý, đọc mã {{code}} cho người đó trong {{minutes}} phút. Muốn dừng lúc nào, mở đường dẫn này.',
    ],
    en: [
      'Consent code {{code}}',
      '{{assistant}} asks to help the household {{household}} on Chợ Nổi for {{months}} months. If you agree, tell them the code {{code}} within {{minutes}} minutes. To stop it at any time, open this link.',
    ],
    km: [
      'លេខកូដយល់ព្រម {{code}}',
      '{{assistant}} សុំអនុញ្ញាតជួយគ្រួសារ {{household}} នៅលើ Chợ Nổi រយៈពេល {{months}} ខែ។ បើយល់ព្រម សូមប្រាប់លេខ {{code}} ក្នុង {{minutes}} នាទី។ ចង់ឈប់ពេលណា សូមបើកតំណនេះ។',
    ],
  },
} as const satisfies Readonly<Record<string, Template>>;
