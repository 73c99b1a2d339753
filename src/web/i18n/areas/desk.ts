import { texts } from './texts.ts';

/** What the desks of sellers and staff have in common. */
export const deskTexts = texts({
  vi: {
    'desk.ways': 'Các phần của bàn làm việc',
    'desk.here': 'Đang ở:',
    'desk.today': 'Hôm nay',
  },
  en: {
    'desk.ways': 'Parts of the desk',
    'desk.here': 'You are in:',
    'desk.today': 'Today',
  },
  km: {
    'desk.ways': 'ផ្នែកនៃតុការងារ',
    'desk.here': 'អ្នកនៅ៖',
    'desk.today': 'ថ្ងៃនេះ',
  },
});
