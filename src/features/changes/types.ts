import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { ProductId } from '#features/products/types.ts';

export type ChangeSetId = Id<'ChangeSet'>;

/** `withdrawn`: the seller took it back, or every field of it is as it was again. */
export const CHANGE_STATES = ['proposed', 'approved', 'changes-requested', 'rejected', 'withdrawn'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];
/** `listing` is a product that nobody has seen yet and waits whole; `edit` changes one that is for sale. */
export const CHANGE_KINDS = ['listing', 'edit'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
export const RISKS = ['low', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** Why an officer says no or asks; `other` comes with words of the officer's own. */
export const VERDICT_REASONS = [
  'unclear-picture',
  'wrong-category',
  'medical-claim',
  'contact-in-text',
  'label-incomplete',
  'price-unusual',
  'name-misleading',
  'not-own-product',
  'prohibited-goods',
  'other',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

/** What the word filter marks, and why an officer should look. Nothing is dropped or changed by it. */
export const FLAG_KINDS = [
  'medical-claim',
  'superlative',
  'contact',
  'marketplace',
  'foreign-script',
  'look-alike',
  'shouting',
  'markup',
] as const;
export type FlagKind = (typeof FLAG_KINDS)[number];
/** `start` and `end` are places in the text of `field`, in UTF-16 units; `text` is what stands there. */
export type Flag = {
  readonly kind: FlagKind;
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

export type ChangeItem = {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly risk: Risk;
  readonly flags: readonly Flag[];
};

export type Subject = { readonly productId: ProductId; readonly businessId: Id<'Business'>; readonly name: string };

export const changeProblems = defineProblems({
  'change-set-not-found': {
    status: 404,
    vi: ['Không có đề nghị thay đổi này', 'Tải lại hàng đợi để xem danh sách hiện tại.'],
    en: ['There is no such change set', 'Reload the queue to see the current list.'],
  },
  'change-set-decided': {
    status: 409,
    vi: ['Đề nghị này đã được quyết định', 'Tải lại để xem kết quả; nhận việc khác trong hàng đợi.'],
    en: ['This change set has been decided', 'Reload to see how, and take another item of the queue.'],
  },
  'change-set-moved': {
    status: 409,
    vi: ['Người bán vừa sửa đề nghị này', 'Tải lại, xem nội dung mới rồi quyết định.'],
    en: ['The seller has just edited this change set', 'Reload it, look at what it says now, then decide.'],
  },
  'change-base-moved': {
    status: 409,
    vi: ['Sản phẩm đã đổi từ lúc đề nghị', 'Xem các ô nêu trong fields; duyệt lại với overwrite nếu vẫn đồng ý.'],
    en: [
      'The product has changed since this was proposed',
      'Look at the fields named in fields; approve with overwrite if you still agree.',
    ],
  },
  'reason-required': {
    status: 422,
    vi: ['Thiếu lý do', 'Chọn lý do trong danh sách, hoặc viết lý do của bạn.'],
    en: ['The reason is missing', 'Choose one from the list, or write your own.'],
  },
  'category-required': {
    status: 422,
    vi: ['Chưa chọn bộ sản phẩm', 'Chọn bộ sản phẩm OCOP cho sản phẩm này rồi duyệt.'],
    en: ['The product set is missing', 'Choose the OCOP product set of this product, then approve.'],
  },
});
