import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type TeamId = Id<'AssistTeam'>;
export type ConsentId = Id<'Consent'>;

/** Of a consent: asked for by a code, given with it, over by its day, or taken back. */
export const CONSENT_STATES = ['asked', 'given', 'expired', 'revoked'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** Which wording a household agreed to; a new wording is a new version, and old consents keep theirs. */
export const CONSENT_WORDING = '2026-11';

export const assistanceProblems = defineProblems({
  'not-an-assistant': {
    status: 403,
    vi: ['Bạn chưa thuộc tổ công nghệ số cộng đồng nào', 'Nhờ cán bộ sàn đưa bạn vào tổ của xã, phường.'],
    en: ['You are in no community digital team', 'Ask the exchange to add you to the team of your ward.'],
  },
  'household-not-found': {
    status: 404,
    vi: ['Không có hộ này trong địa bàn của tổ', 'Kiểm tra số điện thoại; hộ ở xã, phường khác do tổ khác giúp.'],
    en: [
      'There is no such household in the wards of your team',
      'Check the phone number; other wards have other teams.',
    ],
  },
  'consent-not-found': {
    status: 404,
    vi: ['Không có lần đồng ý này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such consent', 'Reload the page to see the current list.'],
  },
  'consent-code-wrong': {
    status: 422,
    vi: ['Mã không đúng hoặc đã hết hạn', 'Hỏi lại hộ mã 6 số trong tin nhắn mới nhất; mã dùng trong 10 phút.'],
    en: [
      'The code is wrong or no longer valid',
      'Ask for the 6 digits of the newest message; it holds for 10 minutes.',
    ],
  },
  'consent-asked-too-often': {
    status: 429,
    vi: ['Đã gửi quá nhiều mã cho số này', 'Chờ theo Retry-After rồi xin lại.'],
    en: ['Too many codes were sent to this number', 'Wait as Retry-After says, then ask again.'],
  },
  'consent-too-long': {
    status: 422,
    vi: ['Thời hạn đồng ý không đúng', 'Chọn từ 1 đến 12 tháng và ít nhất một việc được làm giúp.'],
    en: ['The consent is not valid', 'Choose 1 to 12 months and at least one thing to help with.'],
  },
  'team-not-found': {
    status: 404,
    vi: ['Không có tổ này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such team', 'Reload the page to see the current list.'],
  },
  'assistant-unknown': {
    status: 422,
    vi: ['Chưa có tài khoản mang số điện thoại hoặc email này', 'Nhờ người đó tạo tài khoản trước.'],
    en: ['No account has this phone number or e-mail', 'Ask the person to make an account first.'],
  },
});
