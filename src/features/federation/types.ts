import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import { PEER_PROBLEMS } from '#federation/protocol/problems.ts';

export type QuarantineId = Id<'Quarantine'>;
export type RecallId = Id<'Recall'>;
/** An authority had the goods taken down, or a decision on their stars no longer counts. */
export const RECALL_REASONS = ['taken-down', 'star-lost'] as const;
export type RecallReason = (typeof RECALL_REASONS)[number];
/** `inactive` has no endpoint yet or is not let in; `suspended` was, and its listings are hidden. */
export const PARTNER_STATES = ['inactive', 'active', 'suspended'] as const;
export type PartnerState = (typeof PARTNER_STATES)[number];
export const LANE_STATES = ['ok', 'failed', 'held'] as const;

export const federationProblems = defineProblems({
  ...PEER_PROBLEMS,
  'partner-not-found': {
    status: 404,
    vi: ['Không có sàn đối tác này', 'Xem danh sách bằng `npm run cli -- partner:list`.'],
    en: ['There is no such partner', 'See the list with `npm run cli -- partner:list`.'],
  },
  'partner-unreachable': {
    status: 502,
    vi: ['Không đọc được hồ sơ của đối tác', 'Kiểm tra địa chỉ và máy chủ của họ; `detail` nói đã gặp gì.'],
    en: ["The partner's profile cannot be read", 'Check the address and their server; `reason` says what happened.'],
  },
  'partner-fingerprint-mismatch': {
    status: 409,
    vi: [
      'Dấu vân tay không thuộc khóa nào của đối tác',
      'So với văn bản ký kết; đừng dùng dấu vân tay do máy chủ đọc cho.',
    ],
    en: [
      'The fingerprint belongs to none of the partner’s keys',
      'Compare with the signed agreement; never take it from the server itself.',
    ],
  },
  'partner-is-ourselves': {
    status: 409,
    vi: ['Đây là chính sàn này', 'Nhập địa chỉ của sàn đối tác.'],
    en: ['This is our own exchange', 'Give the address of the partner.'],
  },
  'partner-key-taken': {
    status: 409,
    vi: ['Khóa hoặc địa chỉ này đã thuộc một đối tác khác', 'Xem `npm run cli -- partner:list`.'],
    en: ['Another partner has this key or address', 'See `npm run cli -- partner:list`.'],
  },
  'quarantine-not-found': {
    status: 404,
    vi: ['Không có bản ghi cách ly này', 'Xem danh sách bằng `npm run cli -- partner:quarantine --key …`.'],
    en: ['There is no such quarantined record', 'See the list with `npm run cli -- partner:quarantine --key …`.'],
  },
  'quarantine-cut': {
    status: 409,
    vi: ['Bản ghi quá dài nên không giữ đủ để đọc lại', 'Chờ đối tác gửi lại, hoặc kéo lại từ đầu.'],
    en: ['The record was too long to be kept whole', 'Wait until the partner sends it again, or pull anew.'],
  },
  'partner-not-ready': {
    status: 409,
    vi: ['Đối tác chưa có địa chỉ và khóa', 'Chạy `partner:add --url … --fingerprint …` trước.'],
    en: ['The partner has no address and key yet', 'Run `partner:add --url … --fingerprint …` first.'],
  },
});
