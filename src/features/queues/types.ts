import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { StaffRole } from '#core/roles.ts';

export type ReviewItemId = Id<'ReviewItem'>;
export const QUEUES = [
  'businesses',
  'changes',
  'certificates',
  'takedowns',
  'money',
  'complaints',
  'reviews',
  'questions',
  'field-reports',
] as const;
export type Queue = (typeof QUEUES)[number];

/** Who works a queue; an administrator works all. */
export const QUEUE_ROLES: Readonly<Record<Queue, readonly StaffRole[]>> = {
  businesses: ['moderator'],
  changes: ['moderator'],
  certificates: ['certifier'],
  takedowns: ['moderator'],
  money: ['finance'],
  complaints: ['support'],
  reviews: ['moderator'],
  questions: ['moderator'],
  'field-reports': ['moderator'],
};

/** How an item left its queue. `withdrawn`: by whoever brought it, or because it became pointless. */
export const OUTCOMES = ['approved', 'changes-requested', 'rejected', 'withdrawn', 'done'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is to be looked at: `{ kind: 'business', id }`. Kinds are nouns of the glossary in the singular. */
export type Reviewed = { readonly kind: string; readonly id: string };

export type NewItem = {
  readonly queue: Queue;
  readonly subject: Reviewed;
  /** What an officer recognises it by, in the words of whoever brought it. */
  readonly title: string;
  /** The page on which it is decided, without a language: `/quan-tri/co-so/<id>`. */
  readonly path: string;
  readonly businessId?: Id<'Business'> | undefined;
  /** The law's or the exchange's limit: the item turns amber in the last quarter of its time, red after it. */
  readonly dueAt?: Date | undefined;
  /** A few short facts by name, shown beside the title in this order. Nothing secret: every officer of the queue sees them. */
  readonly facts?: Readonly<Record<string, string>>;
};

/** Whether the time of an item is running out. `none`: it has no limit. */
export const PACES = ['late', 'soon', 'calm', 'none'] as const;
export type Pace = (typeof PACES)[number];

/** Which items an officer wants to see. Whatever is left out does not narrow. */
export type ItemFilter = {
  /** Words of the title or of the business's name, with or without diacritics. */
  readonly q?: string | undefined;
  readonly pace?: 'late' | 'soon' | undefined;
  /** `mine`: what I hold; `free`: what nobody holds. */
  readonly holder?: 'mine' | 'free' | undefined;
};

export const queueProblems = defineProblems({
  'queue-not-found': {
    status: 404,
    vi: ['Không có hàng đợi này', 'Xem danh sách ở /v1/staff/queues.'],
    en: ['There is no such queue', 'See /v1/staff/queues for the list.'],
  },
  'queue-not-yours': {
    status: 403,
    vi: ['Hàng đợi này thuộc cán bộ khác', 'Nhờ quản trị viên giao vai trò phù hợp nếu bạn phải làm việc này.'],
    en: [
      'This queue is for officers of another role',
      'Ask an administrator for the role if this work is yours to do.',
    ],
  },
  'item-not-found': {
    status: 404,
    vi: ['Không có việc này trong hàng đợi', 'Tải lại hàng đợi để xem danh sách hiện tại.'],
    en: ['There is no such item in the queue', 'Reload the queue to see the current list.'],
  },
  'item-claimed': {
    status: 409,
    vi: ['Một cán bộ khác đang xử lý việc này', 'Chờ đến giờ ghi ở claimedUntil, hoặc nhận việc khác.'],
    en: ['Another officer is working on this', 'Wait until claimedUntil, or take another item.'],
  },
  'claim-required': {
    status: 409,
    vi: ['Bạn chưa nhận việc này', 'Bấm Nhận xử lý trước khi quyết định; mỗi lần giữ 15 phút.'],
    en: ['You have not taken this item', 'Take it before deciding; it is held for a quarter of an hour.'],
  },
  'item-settled': {
    status: 409,
    vi: ['Việc này đã được xử lý', 'Tải lại hàng đợi và nhận việc khác.'],
    en: ['This has been dealt with already', 'Reload the queue and take another item.'],
  },
  'filter-refused': {
    status: 422,
    vi: ['Chưa lưu được bộ lọc', 'Đặt tên từ 1 đến 40 ký tự; mỗi hàng đợi giữ tối đa 12 bộ lọc.'],
    en: ['The filter was not saved', 'Name it with 1 to 40 characters; a queue keeps 12 filters at the most.'],
  },
});
