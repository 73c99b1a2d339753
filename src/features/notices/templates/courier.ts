import type { Template } from '../types.ts';

/** What carriers tell that we cannot read. */
export const courierTemplates = {
  'courier.unread': {
    channels: ['in-app', 'email'],
    vi: [
      '{{carrier}} báo một trạng thái lạ',
      'Kiện {{number}} được {{carrier}} báo là "{{status}}", một từ mà sàn chưa biết. Kiện giữ nguyên trạng thái; hãy hỏi {{carrier}} và cập nhật giúp người bán.',
    ],
    en: [
      '{{carrier}} says something that we do not know',
      '{{carrier}} says "{{status}}" of the parcel {{number}}, a word that is not known here. The parcel stays as it was; ask {{carrier}} and help the seller.',
    ],
    km: [
      '{{carrier}} ប្រាប់ស្ថានភាពមិនស្គាល់',
      'កញ្ចប់ {{number}}៖ {{carrier}} ប្រាប់ថា "{{status}}" ដែលផ្សារមិនស្គាល់។ កញ្ចប់នៅដដែល សូមសួរ {{carrier}}។',
    ],
  },
} as const satisfies Readonly<Record<string, Template>>;
