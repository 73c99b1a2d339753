import { texts } from './texts.ts';

/** What the desks of sellers and staff have in common. */
export const deskTexts = texts({
  vi: {
    'desk.ways': 'Các phần của bàn làm việc',
    'desk.here': 'Đang ở:',
    'desk.restored': 'Bạn đã vào lại. Những gì bạn gõ đã được điền lại vào đây; xem rồi gửi.',
    'desk.today': 'Hôm nay',
  },
  en: {
    'desk.ways': 'Parts of the desk',
    'desk.here': 'You are in:',
    'desk.restored': 'You are back in. What you typed stands here again; look it over and send it.',
    'desk.today': 'Today',
  },
  km: {
    'desk.ways': 'ផ្នែកនៃតុការងារ',
    'desk.here': 'អ្នកនៅ៖',
    'desk.restored': 'អ្នកបានចូលវិញ។ អ្វីដែលអ្នកបានវាយត្រូវបានបំពេញវិញ សូមពិនិត្យ រួចផ្ញើ។',
    'desk.today': 'ថ្ងៃនេះ',
  },
});
