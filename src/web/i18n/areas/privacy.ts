import { texts } from './texts.ts';

/** What is held about people, and what they may ask. */
export const privacyTexts = texts({
  vi: {
    'privacy.consents': 'Bạn đã đồng ý những gì',
    'privacy.yes': 'Đồng ý từ {{time}}, bản {{version}}',
    'privacy.no': 'Không đồng ý',
    'privacy.agree': 'Đồng ý',
    'privacy.withdraw': 'Rút lại',
    'privacy.terms': 'Điều khoản và dữ liệu cần để mua bán',
    'privacy.marketing': 'Tin mùa vụ và khuyến mãi',
    'privacy.sharing': 'Chia sẻ số liệu với sàn đối tác',
    'privacy.export': 'Tải dữ liệu của tôi',
    'privacy.exportText': 'Mọi thứ sàn đang giữ về bạn, trong một tập tin JSON.',
    'privacy.erase': 'Xóa tài khoản',
    'privacy.eraseText':
      'Xóa ngay và vĩnh viễn: tên, số điện thoại, email, nơi đăng nhập, và tên bạn trong các đơn đã xong. Sổ sách và số tiền của đơn giữ lại theo luật, không còn mang tên bạn.',
    'privacy.eraseSure': 'Tôi hiểu là không lấy lại được',
    'privacy.erased': 'Đã xóa tài khoản',
    'privacy.erasedText': 'Cảm ơn bạn đã ghé Chợ Nổi.',
    'policy.title': 'Dữ liệu cá nhân trên Chợ Nổi',
    'policy.version': 'Bản ngày {{version}}',
    'policy.h1': 'Chúng tôi giữ gì',
    'policy.t1':
      'Người mua: tên, số điện thoại, địa chỉ nhận hàng của đơn. Tài khoản: tên, số điện thoại hoặc email, nơi đăng nhập. Người bán: giấy tờ của cơ sở, số định danh và số tài khoản được niêm phong. Chúng tôi không hỏi và không lưu dân tộc, tôn giáo hay vị trí GPS.',
    'policy.h2': 'Để làm gì',
    'policy.t2': 'Để giao hàng, thu và hoàn tiền, giải quyết khiếu nại, và làm đúng luật thương mại điện tử và thuế.',
    'policy.h3': 'Ai được xem',
    'policy.t3':
      'Cơ sở bán hàng xem địa chỉ của đơn mình bán. Cán bộ xem theo vai trò. Mỗi lần đọc đầy đủ một số định danh đều được ghi lại: ai, lúc nào, vì sao.',
    'policy.h4': 'Giữ bao lâu',
    'policy.t4':
      'Dữ liệu đơn hàng giữ ba năm theo luật rồi quên người mua. Giỏ hàng 30 ngày. Lời mời 90 ngày. Nhật ký tin đã gửi một năm. Phiên đăng nhập tối đa 90 ngày. Nhật ký lần thử mật khẩu hai ngày.',
    'policy.h5': 'Bảo vệ thế nào',
    'policy.t5':
      'Mật khẩu được băm; số định danh, tài khoản ngân hàng được mã hóa bằng khóa thay định kỳ; cán bộ và chủ cơ sở phải xác thực hai bước.',
    'policy.h6': 'Chuyển đi đâu',
    'policy.t6':
      'Trả bằng thẻ thì cổng thanh toán Stripe ở nước ngoài xử lý thẻ của bạn; chuyển khoản thì ngân hàng trong nước. Ngoài ra không ra khỏi sàn nếu bạn không đồng ý.',
    'policy.h7': 'Quyền của bạn',
    'policy.t7':
      'Xem, sửa, tải về, rút lại đồng ý và xóa, ngay trong trang tài khoản. Rút lại dễ như đồng ý, và không ảnh hưởng đơn đã đặt.',
    'policy.h8': 'Hỏi ai',
    'policy.t8': 'Cơ quan vận hành sàn, theo địa chỉ và đường dây hỗ trợ ghi ở cuối trang.',
  },
  en: {
    'privacy.consents': 'What you agreed to',
    'privacy.yes': 'Agreed since {{time}}, version {{version}}',
    'privacy.no': 'Not agreed',
    'privacy.agree': 'Agree',
    'privacy.withdraw': 'Take back',
    'privacy.terms': 'Terms, and the data that buying needs',
    'privacy.marketing': 'News of seasons and offers',
    'privacy.sharing': 'Figures shared with partner exchanges',
    'privacy.export': 'Download my data',
    'privacy.exportText': 'Everything the exchange holds about you, in one JSON file.',
    'privacy.erase': 'Erase my account',
    'privacy.eraseText':
      'At once and for good: name, phone number, e-mail, sessions, and your name in finished orders. Books and amounts are kept as the law asks and no longer carry your name.',
    'privacy.eraseSure': 'I understand that this cannot be undone',
    'privacy.erased': 'The account is erased',
    'privacy.erasedText': 'Thank you for coming to Chợ Nổi.',
    'policy.title': 'Personal data on Chợ Nổi',
    'policy.version': 'Version of {{version}}',
    'policy.h1': 'What we keep',
    'policy.t1':
      'Of buyers: name, phone number and delivery address of an order. Of accounts: name, phone number or e-mail, where they are signed in. Of sellers: papers of the business; identity and account numbers are sealed. We neither ask for nor store ethnic origin, religion or GPS position.',
    'policy.h2': 'What for',
    'policy.t2': 'To deliver, to collect and refund money, to settle complaints, and to obey the law on trade and tax.',
    'policy.h3': 'Who may see it',
    'policy.t3':
      'A business sees the addresses of the orders it sells. Officers see what their role needs. Each reading of an identity number in full is written down: who, when, why.',
    'policy.h4': 'How long',
    'policy.t4':
      'Orders are kept three years by law, then the buyer is forgotten. Carts 30 days. Invitations 90 days. The log of what you were told one year. Sessions 90 days at most. Wrong guesses two days.',
    'policy.h5': 'How it is protected',
    'policy.t5':
      'Passwords are hashed; identity and bank numbers are encrypted with keys that change; staff and owners need a second factor.',
    'policy.h6': 'Where it goes',
    'policy.t6':
      'If you pay by card, Stripe, abroad, handles your card; a transfer stays with banks here. Otherwise nothing leaves the exchange unless you agree.',
    'policy.h7': 'Your rights',
    'policy.t7':
      'See, correct, download, take back consent and erase, on the page of your account. Taking back is as easy as agreeing and does not touch orders already placed.',
    'policy.h8': 'Whom to ask',
    'policy.t8': 'The body that runs the exchange, at the address and help line at the foot of the page.',
  },
  km: {
    'privacy.consents': 'អ្វីដែលអ្នកបានយល់ព្រម',
    'privacy.yes': 'យល់ព្រមតាំងពី {{time}} កំណែ {{version}}',
    'privacy.no': 'មិនយល់ព្រម',
    'privacy.agree': 'យល់ព្រម',
    'privacy.withdraw': 'ដកវិញ',
    'privacy.terms': 'លក្ខខណ្ឌ និងទិន្នន័យដែលការទិញលក់ត្រូវការ',
    'privacy.marketing': 'ដំណឹងរដូវ និងការបញ្ចុះតម្លៃ',
    'privacy.sharing': 'ចែករំលែកតួលេខជាមួយផ្សារដៃគូ',
    'privacy.export': 'ទាញយកទិន្នន័យរបស់ខ្ញុំ',
    'privacy.exportText': 'អ្វីៗទាំងអស់ដែលផ្សាររក្សាអំពីអ្នក ក្នុងឯកសារ JSON មួយ។',
    'privacy.erase': 'លុបគណនី',
    'privacy.eraseText':
      'លុបភ្លាម និងជារៀងរហូត៖ ឈ្មោះ លេខទូរស័ព្ទ អ៊ីមែល កន្លែងចូល និងឈ្មោះអ្នកក្នុងការបញ្ជាទិញដែលចប់។ សៀវភៅ និងចំនួនប្រាក់រក្សាទុកតាមច្បាប់ ដោយគ្មានឈ្មោះអ្នក។',
    'privacy.eraseSure': 'ខ្ញុំយល់ថាយកមកវិញមិនបានទេ',
    'privacy.erased': 'បានលុបគណនី',
    'privacy.erasedText': 'អរគុណដែលបានមកផ្សារអណ្តែត។',
    'policy.title': 'ទិន្នន័យផ្ទាល់ខ្លួនលើ Chợ Nổi',
    'policy.version': 'កំណែថ្ងៃ {{version}}',
    'policy.h1': 'យើងរក្សាអ្វី',
    'policy.t1':
      'អ្នកទិញ៖ ឈ្មោះ លេខទូរស័ព្ទ អាសយដ្ឋានទទួលទំនិញ។ គណនី៖ ឈ្មោះ លេខទូរស័ព្ទ ឬអ៊ីមែល កន្លែងចូល។ អ្នកលក់៖ ឯកសារអាជីវកម្ម លេខសម្គាល់ និងលេខគណនីត្រូវបានបិទត្រា។ យើងមិនសួរ និងមិនរក្សាជនជាតិ សាសនា ឬទីតាំង GPS ទេ។',
    'policy.h2': 'ដើម្បីអ្វី',
    'policy.t2': 'ដើម្បីដឹកទំនិញ ប្រមូល និងសងប្រាក់ ដោះស្រាយពាក្យបណ្តឹង និងគោរពច្បាប់ពាណិជ្ជកម្ម និងពន្ធ។',
    'policy.h3': 'អ្នកណាមើលបាន',
    'policy.t3':
      'អាជីវកម្មមើលអាសយដ្ឋាននៃការបញ្ជាទិញដែលខ្លួនលក់។ បុគ្គលិកមើលតាមតួនាទី។ រាល់ការអានលេខសម្គាល់ពេញ ត្រូវបានកត់ត្រា៖ អ្នកណា ពេលណា ហេតុអ្វី។',
    'policy.h4': 'យូរប៉ុណ្ណា',
    'policy.t4':
      'ការបញ្ជាទិញរក្សាបីឆ្នាំតាមច្បាប់ រួចបំភ្លេចអ្នកទិញ។ កន្ត្រក ៣០ ថ្ងៃ។ ការអញ្ជើញ ៩០ ថ្ងៃ។ កំណត់ត្រាសារដែលបានផ្ញើ មួយឆ្នាំ។ វគ្គចូលយ៉ាងច្រើន ៩០ ថ្ងៃ។ ការសាកពាក្យសម្ងាត់ពីរថ្ងៃ។',
    'policy.h5': 'ការពារដោយរបៀបណា',
    'policy.t5': 'ពាក្យសម្ងាត់ត្រូវបានបំប្លែង លេខសម្គាល់ និងគណនីធនាគារត្រូវបានអ៊ិនគ្រីបដោយសោដែលប្តូរ បុគ្គលិក និងម្ចាស់ត្រូវផ្ទៀងផ្ទាត់ពីរជំហាន។',
    'policy.h6': 'ផ្ញើទៅណា',
    'policy.t6': 'បើបង់ដោយកាត Stripe នៅបរទេសដោះស្រាយកាតរបស់អ្នក។ ក្រៅពីនោះ គ្មានអ្វីចេញពីផ្សារទេ បើអ្នកមិនយល់ព្រម។',
    'policy.h7': 'សិទ្ធិរបស់អ្នក',
    'policy.t7': 'មើល កែ ទាញយក ដកការយល់ព្រម និងលុប នៅទំព័រគណនី។ ដកវិញងាយដូចយល់ព្រម។',
    'policy.h8': 'សួរអ្នកណា',
    'policy.t8': 'ស្ថាប័នដែលដំណើរការផ្សារ តាមអាសយដ្ឋាន និងខ្សែជំនួយនៅចុងទំព័រ។',
  },
});
