import { texts } from './texts.ts';

/** Parcels of a business and the carriers that fetch them. */
export const courierTexts = texts({
  vi: {
    'courier.title': 'Vận chuyển',
    'courier.lead':
      'Kiện đã đóng gói có thể nhờ đơn vị vận chuyển đến lấy. Cơ sở trả phí cho đơn vị vận chuyển theo giá họ báo.',
    'courier.noneYet':
      'Sàn chưa kết nối đơn vị vận chuyển nào. Gửi hàng như thường lệ và nhập mã vận đơn ở trang đơn hàng.',
    'courier.noParcels': 'Không có kiện nào đang chờ gửi hoặc đang trên đường.',
    'courier.book': 'Gọi {{carrier}} đến lấy',
    'courier.byHand': 'Tự gửi',
    'courier.cancel': 'Hủy lượt lấy hàng',
    'courier.label': 'Nhãn của đơn vị vận chuyển',
    'courier.fee': 'Phí của đơn vị vận chuyển: {{fee}}',
    'courier.asked': '{{carrier}} chưa trả lời. Sàn sẽ hỏi lại; trong lúc chờ vẫn có thể tự gửi.',
    'courier.refused': '{{carrier}} không nhận kiện này. {{reason}}',
    'courier.wrong': 'Chưa gọi được',
  },
  en: {
    'courier.title': 'Carriers',
    'courier.lead': 'A packed parcel can be fetched by a carrier. The business pays the carrier what it asks for.',
    'courier.noneYet':
      'The exchange is not connected to a carrier yet. Send parcels as you do, and enter their number with the order.',
    'courier.noParcels': 'No parcel is waiting or under way.',
    'courier.book': 'Have {{carrier}} fetch it',
    'courier.byHand': 'Send it yourself',
    'courier.cancel': 'Call the pick-up off',
    'courier.label': 'The carrier’s label',
    'courier.fee': 'The carrier asks for {{fee}}',
    'courier.asked': '{{carrier}} has not answered yet. The exchange asks again; you can send it yourself meanwhile.',
    'courier.refused': '{{carrier}} does not take this parcel. {{reason}}',
    'courier.wrong': 'Not done',
  },
  km: {
    'courier.title': 'ការដឹកជញ្ជូន',
    'courier.lead': 'កញ្ចប់ដែលវេចរួចអាចឱ្យក្រុមហ៊ុនដឹកជញ្ជូនមកយក។ អាជីវកម្មបង់ថ្លៃដល់ក្រុមហ៊ុនតាមតម្លៃដែលគេប្រាប់។',
    'courier.noneYet': 'ផ្សារមិនទាន់ភ្ជាប់ក្រុមហ៊ុនដឹកជញ្ជូនណាទេ។ សូមផ្ញើដូចធម្មតា ហើយបញ្ចូលលេខតាមដានក្នុងទំព័របញ្ជាទិញ។',
    'courier.noParcels': 'គ្មានកញ្ចប់កំពុងរង់ចាំ ឬកំពុងដឹកទេ។',
    'courier.book': 'ហៅ {{carrier}} មកយក',
    'courier.byHand': 'ផ្ញើដោយខ្លួនឯង',
    'courier.cancel': 'បោះបង់ការមកយក',
    'courier.label': 'ស្លាករបស់ក្រុមហ៊ុនដឹក',
    'courier.fee': 'ថ្លៃក្រុមហ៊ុនដឹក៖ {{fee}}',
    'courier.asked': '{{carrier}} មិនទាន់ឆ្លើយ។ ផ្សារនឹងសួរម្តងទៀត ពេលរង់ចាំអាចផ្ញើដោយខ្លួនឯង។',
    'courier.refused': '{{carrier}} មិនទទួលកញ្ចប់នេះទេ។ {{reason}}',
    'courier.wrong': 'មិនទាន់បានធ្វើ',
  },
});
