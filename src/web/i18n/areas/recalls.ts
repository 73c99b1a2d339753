import { texts } from './texts.ts';

/** What partner exchanges are told to drop at once. */
export const recallTexts = texts({
  vi: {
    'recall.title': 'Thu hồi ở sàn bạn',
    'recall.lead':
      'Hàng bị gỡ theo yêu cầu của cơ quan chức năng và sao bị thu hồi được báo ngay cho các sàn đang giữ bản sao. Sàn nào chưa báo lại thì hệ thống còn gửi tiếp trong bảy ngày.',
    'recall.none': 'Chưa có lần thu hồi nào.',
    'recall.takenDown': 'Gỡ theo yêu cầu',
    'recall.starLost': 'Sao không còn hiệu lực',
    'recall.noPartners': 'Lúc đó chưa sàn bạn nào giữ bản sao.',
    'recall.count': '{{done}} trên {{all}} sàn đã làm theo.',
    'recall.slowest': 'Chậm nhất {{seconds}} giây.',
    'recall.each': 'Từng sàn',
    'recall.done': 'Xong lúc {{time}}',
    'recall.waiting': 'Chưa xong, đã gửi {{count}} lần',
    'recall.untried': 'Đang gửi',
  },
  en: {
    'recall.title': 'Recalls at partners',
    'recall.lead':
      'Goods that an authority had taken down, and stars that were taken away, are told at once to the exchanges that hold a copy. Who does not answer is asked again for seven days.',
    'recall.none': 'Nothing has been recalled.',
    'recall.takenDown': 'Taken down on request',
    'recall.starLost': 'The stars no longer count',
    'recall.noPartners': 'No partner held a copy then.',
    'recall.count': '{{done}} of {{all}} exchanges have done it.',
    'recall.slowest': 'The slowest took {{seconds}} seconds.',
    'recall.each': 'Each exchange',
    'recall.done': 'Done at {{time}}',
    'recall.waiting': 'Not done, sent {{count}} times',
    'recall.untried': 'Being sent',
  },
  km: {
    'recall.title': 'ការប្រមូលវិញនៅទីផ្សារដៃគូ',
    'recall.lead':
      'ទំនិញដែលត្រូវដកចេញតាមសំណើអាជ្ញាធរ និងផ្កាយដែលត្រូវដកហូត ត្រូវបានប្រាប់ភ្លាមដល់ទីផ្សារដែលរក្សាច្បាប់ចម្លង។ ទីផ្សារណាមិនទាន់ឆ្លើយ ប្រព័ន្ធនឹងផ្ញើម្ដងទៀតក្នុងប្រាំពីរថ្ងៃ។',
    'recall.none': 'មិនទាន់មានការប្រមូលវិញទេ។',
    'recall.takenDown': 'ដកចេញតាមសំណើ',
    'recall.starLost': 'ផ្កាយលែងមានសុពលភាព',
    'recall.noPartners': 'ពេលនោះគ្មានទីផ្សារដៃគូណារក្សាច្បាប់ចម្លងទេ។',
    'recall.count': '{{done}} ក្នុង {{all}} ទីផ្សារបានធ្វើរួច។',
    'recall.slowest': 'យឺតបំផុត {{seconds}} វិនាទី។',
    'recall.each': 'ទីផ្សារនីមួយៗ',
    'recall.done': 'រួចនៅ {{time}}',
    'recall.waiting': 'មិនទាន់រួច បានផ្ញើ {{count}} ដង',
    'recall.untried': 'កំពុងផ្ញើ',
  },
});
