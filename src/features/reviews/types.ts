import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type ReviewId = Id<'Review'>;

/** `waiting`: the word filter marked something, and an officer looks before it is shown. `hidden`: an officer took it away. */
export const REVIEW_STATES = ['waiting', 'published', 'hidden'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** What an officer says of a review, or of the seller's reply below it. */
export const REVIEW_VERDICTS = ['show', 'hide', 'show-reply', 'hide-reply'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** `detailed`: those with photos and many words first. */
export const REVIEW_SORTS = ['newest', 'detailed'] as const;
export type ReviewSort = (typeof REVIEW_SORTS)[number];

/** What buyers gave a product. Never called stars: those are of OCOP, and decided by an authority. */
export type Rating = {
  readonly count: number;
  /** Of five, with one decimal; null where nobody has said anything. */
  readonly average: number | null;
  /** How many gave one point, two, … five. */
  readonly distribution: readonly number[];
};

export const reviewProblems = defineProblems({
  'review-not-found': {
    status: 404,
    vi: ['Không có đánh giá này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such review', 'Reload the page to see the current list.'],
  },
  'review-before-delivery': {
    status: 409,
    vi: ['Chưa đánh giá được', 'Chờ nhận được sản phẩm này rồi đánh giá.'],
    en: ['It is too early for a review', 'Wait until this product was delivered.'],
  },
  'review-own-business': {
    status: 403,
    vi: ['Không tự đánh giá hàng của cơ sở mình', 'Chỉ người mua không thuộc cơ sở mới đánh giá được.'],
    en: ['Nobody reviews the goods of their own business', 'Only buyers from outside the business do.'],
  },
  'review-closed': {
    status: 409,
    vi: ['Đã quá 30 ngày nên không sửa được đánh giá', 'Đánh giá giữ nguyên như đã đăng.'],
    en: ['The review can no longer be changed', 'After thirty days it stays as it was written.'],
  },
  'review-points-missing': {
    status: 422,
    vi: ['Chưa chọn điểm', 'Chọn từ 1 đến 5 điểm.'],
    en: ['The points are missing', 'Give one to five points.'],
  },
  'review-words-missing': {
    status: 422,
    vi: ['Chưa viết gì', 'Viết vài chữ để người đọc hiểu.'],
    en: ['The words are missing', 'Write a few words so that the reader understands.'],
  },
  'review-too-long': {
    status: 422,
    vi: ['Viết dài quá', 'Rút còn tối đa 2.000 ký tự.'],
    en: ['The text is too long', 'Shorten it to 2,000 characters at the most.'],
  },
  'review-photos-full': {
    status: 409,
    vi: ['Đã đủ số ảnh', 'Mỗi đánh giá kèm tối đa maxPhotos ảnh; bỏ bớt ảnh rồi gửi lại.'],
    en: ['There are enough photos', 'A review takes maxPhotos photos at the most; leave some out.'],
  },
  'review-settled': {
    status: 409,
    vi: ['Đánh giá này đã như vậy rồi', 'Tải lại để xem trạng thái hiện tại.'],
    en: ['The review is so already', 'Reload to see its present state.'],
  },
  'review-flagged': {
    status: 409,
    vi: ['Đã báo cán bộ về đánh giá này', 'Chờ cán bộ trả lời; mỗi đánh giá chỉ báo một lần.'],
    en: ['This review was flagged', 'Wait for the officer’s answer; a review is flagged once.'],
  },
});
