import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type TakedownId = Id<'Takedown'>;

/** Open until the product is down, down until a decision restores it. */
export const TAKEDOWN_STATES = ['open', 'down', 'restored', 'declined'] as const;

export type TakedownRequest = {
  /** Number of the authority's paper. */
  readonly requestNumber: string;
  readonly authority: string;
  readonly reason: string;
  readonly receivedAt: Date;
};

export const takedownProblems = defineProblems({
  'takedown-not-found': {
    status: 404,
    vi: ['Không có yêu cầu gỡ này', 'Tải lại danh sách để xem các yêu cầu hiện tại.'],
    en: ['There is no such takedown request', 'Reload the list to see the current ones.'],
  },
  'takedown-already-requested': {
    status: 409,
    vi: ['Sản phẩm này đã có yêu cầu gỡ đang xử lý', 'Mở yêu cầu đó trong hàng đợi.'],
    en: ['A takedown of this product is under way', 'Open that one in the queue.'],
  },
  'takedown-settled': {
    status: 409,
    vi: ['Yêu cầu gỡ này đã được xử lý', 'Tải lại để xem trạng thái hiện tại.'],
    en: ['This takedown has been dealt with', 'Reload to see its current state.'],
  },
  'takedown-incomplete': {
    status: 422,
    vi: ['Yêu cầu gỡ thiếu thông tin', 'Nhập số văn bản, cơ quan yêu cầu, lý do và lúc nhận, không ở tương lai.'],
    en: [
      'The takedown request is incomplete',
      'Enter the number, the authority, the reason and when it was received, which is not in the future.',
    ],
  },
  'decision-required': {
    status: 422,
    vi: ['Thiếu quyết định cho khôi phục', 'Nhập số quyết định hoặc văn bản cho phép hiển thị lại.'],
    en: ['The decision that restores is missing', 'Enter the number of the paper that allows showing it again.'],
  },
});
