import type { Level, Need, Profile } from '../kit/check.ts';
import type { Report, Result } from '../kit/run.ts';

export const LEVEL_VI: Readonly<Record<Level, string>> = { bronze: 'Đồng', silver: 'Bạc', gold: 'Vàng' };
export const PROFILE_VI: Readonly<Record<Profile, string>> = {
  native: 'Sàn nói giao thức (native)',
  'pull-only': 'Sàn chỉ được đọc (pull-only)',
  feed: 'Tệp dữ liệu (feed)',
};
export const NEED: Readonly<Record<Need, readonly [vi: string, en: string]>> = {
  driver: ['không có trình điều khiển (--driver)', 'no driver (--driver)'],
  ageing: ['trình điều khiển không làm được expire, epoch', 'the driver does neither expire nor epoch'],
  'second-key': ['không có khóa thứ hai (--other-key)', 'no second key (--other-key)'],
};

export const count = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length;

export const isReached = ({ asked, reached }: Report): boolean => asked === reached;

/** Text that XML and HTML take as it is. */
export const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
