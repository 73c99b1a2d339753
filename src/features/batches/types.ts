import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { FileId } from '#features/files/types.ts';

export type BatchId = Id<'Batch'>;

/** What a seller says of a batch. Days are `YYYY-MM-DD` of Vietnam; null where unknown. */
export type BatchDraft = {
  readonly lot: string;
  readonly harvestedOn: string | null;
  readonly packedOn: string | null;
  readonly expiresOn: string | null;
  readonly quantityNote: string;
  /** Number of the test report, as its laboratory gave it. */
  readonly reportNumber: string;
  readonly reportFileId: FileId | null;
};

export const batchProblems = defineProblems({
  'batch-not-found': {
    status: 404,
    vi: ['Không có lô hàng mang mã này', 'Kiểm tra lại mã in trên bao bì, gồm ST và 10 ký tự.'],
    en: ['No batch has this code', 'Check the code on the package: ST and ten characters.'],
  },
  'lot-taken': {
    status: 409,
    vi: ['Số lô này đã có', 'Mỗi lô của một sản phẩm mang một số riêng.'],
    en: ['This lot number is taken', 'Each lot of a product has a number of its own.'],
  },
  'lot-missing': {
    status: 422,
    vi: ['Thiếu số lô', 'Nhập số lô in trên bao bì, tối đa 50 ký tự.'],
    en: ['The lot number is missing', 'Enter the lot number on the package, 50 characters at most.'],
  },
  'batch-dates-crossed': {
    status: 422,
    vi: [
      'Các ngày của lô hàng không khớp nhau',
      'Ngày thu hoạch, đóng gói, hết hạn phải theo thứ tự và không ở tương lai.',
    ],
    en: [
      'The dates of the batch do not fit together',
      'Harvest, packing and expiry follow each other; the first two are not in the future.',
    ],
  },
  'batch-day-invalid': {
    status: 422,
    vi: ['Ngày không có trong lịch', 'Nhập ngày như 2026-11-23.'],
    en: ['There is no such day', 'Enter a day like 2026-11-23.'],
  },
  'recall-reason-missing': {
    status: 422,
    vi: ['Thiếu lý do thu hồi', 'Viết lý do để người mua biết phải làm gì.'],
    en: ['The reason of the recall is missing', 'Write it, so that buyers know what to do.'],
  },
  'batch-recalled': {
    status: 409,
    vi: ['Lô hàng này đã được thu hồi', 'Tải lại để xem thông báo thu hồi.'],
    en: ['This batch has been recalled already', 'Reload to see the notice.'],
  },
});
