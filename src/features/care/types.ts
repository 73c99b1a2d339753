import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type ReturnId = Id<'Return'>;

/** Why a shopper wants to give something back. All but the last are the seller's to answer for. */
export const RETURN_REASONS = ['damaged', 'wrong-item', 'not-as-described', 'poor-quality', 'changed-mind'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/**
 * Where a return stands. `refused` is the seller's word, against which the shopper may turn to an officer (`appealed`);
 * `rejected` is the end of it. `lapsed`: the goods were not sent back in time.
 */
export const RETURN_STATES = [
  'requested',
  'refused',
  'appealed',
  'accepted',
  'sent-back',
  'received',
  'refunded',
  'rejected',
  'withdrawn',
  'lapsed',
] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** What the history of a return tells: its states, and that an officer was called because somebody was silent. */
export const RETURN_EVENTS = [...RETURN_STATES, 'escalated', 'photo-added'] as const;
export type ReturnEventType = (typeof RETURN_EVENTS)[number];

/** What an officer decides where seller and shopper do not agree, or one of them is silent. */
export const RETURN_VERDICTS = ['send-back', 'refund', 'reject'] as const;
export type ReturnVerdict = (typeof RETURN_VERDICTS)[number];

/** The published terms of a day. What was ordered under them is judged by them, whatever is published later. */
export type CarePolicy = {
  /** The first day on which they hold, `YYYY-MM-DD`. */
  readonly validFrom: string;
  readonly returnDays: number;
  /** Perishables are taken back only when they came damaged, and that is to be said within so many hours. */
  readonly perishableHours: number;
  readonly perishableStorage: readonly string[];
  readonly sellerDays: number;
  readonly appealDays: number;
  readonly sendBackDays: number;
  readonly receiveDays: number;
  readonly inspectDays: number;
  readonly officerDays: number;
  readonly maxPhotos: number;
};

export const returnProblems = defineProblems({
  'return-not-found': {
    status: 404,
    vi: ['Không tìm thấy yêu cầu đổi trả', 'Kiểm tra mã đổi trả; mã bắt đầu bằng ST và có 12 ký tự.'],
    en: ['There is no such return', 'Check its code; it starts with ST and has 12 characters.'],
  },
  'pieces-not-returnable': {
    status: 409,
    vi: [
      'Không còn đủ số lượng để trả',
      'Chỉ trả được hàng đã giao và chưa có yêu cầu khác; xem returnable của từng dòng.',
    ],
    en: [
      'There are not as many pieces to return',
      'Only what was delivered and is in no other return; see returnable of each line.',
    ],
  },
  'return-window-over': {
    status: 409,
    vi: ['Đã quá hạn đổi trả', 'Hạn ghi ở until. Nếu hàng có lỗi nặng, gửi khiếu nại để cán bộ xem xét.'],
    en: ['The time for returning is over', 'It ended at until. Where the goods are badly faulty, complain instead.'],
  },
  'perishable-not-returnable': {
    status: 409,
    vi: ['Hàng tươi sống chỉ trả được khi bị hỏng lúc nhận', 'Chọn lý do hàng hỏng nếu đúng như vậy, kèm ảnh.'],
    en: ['Fresh goods are taken back only when they came damaged', 'Choose that reason if it is so, with a photo.'],
  },
  'return-not-movable': {
    status: 409,
    vi: ['Yêu cầu đổi trả không ở bước này', 'Tải lại để xem bước hiện tại trong state.'],
    en: ['The return is not at this step', 'Reload it to see where it stands, in state.'],
  },
  'return-words-missing': {
    status: 422,
    vi: ['Thiếu lý do', 'Viết vài chữ để bên kia hiểu vì sao.'],
    en: ['The reason is missing', 'Write a few words so that the other side understands why.'],
  },
  'return-photos-full': {
    status: 409,
    vi: ['Đã đủ số ảnh', 'Mỗi yêu cầu kèm tối đa maxPhotos ảnh.'],
    en: ['There are enough photos', 'A return takes maxPhotos photos at the most.'],
  },
});
