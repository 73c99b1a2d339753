import type { Template } from '../types.ts';

const desk = ['in-app', 'email'] as const;
const buyer = ['zalo', 'sms', 'email'] as const;

/** What is said of reviews: to whoever wrote one, and to the business that it is of. */
export const reviewTemplates = {
  'review.written': {
    channels: desk,
    vi: ['Đánh giá mới: {{product}}', 'Một khách đã nhận hàng cho {{points}}/5 điểm. Bạn có thể trả lời.'],
    en: ['New review: {{product}}', 'A customer who received it gave {{points}}/5 points. You can answer.'],
    km: ['មតិថ្មី៖ {{product}}', 'អតិថិជនម្នាក់បានឱ្យ {{points}}/5 ពិន្ទុ។ អ្នកអាចឆ្លើយបាន។'],
  },
  'review.replied': {
    channels: buyer,
    vi: ['Người bán đã trả lời', 'Người bán đã trả lời đánh giá của bạn về {{product}}.'],
    en: ['The seller answered', 'The seller answered your review of {{product}}.'],
    km: ['អ្នកលក់បានឆ្លើយ', 'អ្នកលក់បានឆ្លើយមតិរបស់អ្នកលើ {{product}}។'],
  },
  'review.shown': {
    channels: buyer,
    vi: ['Đánh giá đã được đăng', 'Cán bộ đã xem, đánh giá của bạn về {{product}} đang hiện.'],
    en: ['Your review is shown', 'An officer has looked: your review of {{product}} is shown.'],
    km: ['មតិត្រូវបានបង្ហាញ', 'មន្ត្រីបានពិនិត្យ មតិរបស់អ្នកលើ {{product}} កំពុងបង្ហាញ។'],
  },
  'review.hidden': {
    channels: buyer,
    vi: [
      'Đánh giá đã bị ẩn',
      'Đánh giá của bạn về {{product}} bị ẩn. Lý do: {{reason}}. Bạn có thể sửa trong 30 ngày.',
    ],
    en: ['Your review was hidden', 'Your review of {{product}} was hidden: {{reason}}. It can be changed for 30 days.'],
    km: ['មតិត្រូវបានលាក់', 'មតិរបស់អ្នកលើ {{product}} ត្រូវបានលាក់។ មូលហេតុ៖ {{reason}}។ អាចកែក្នុង 30 ថ្ងៃ។'],
  },
  'review.taken-away': {
    channels: desk,
    vi: ['Đánh giá đã được ẩn: {{product}}', 'Cán bộ đã xem lời nhờ của bạn và ẩn đánh giá đó.'],
    en: ['Review hidden: {{product}}', 'An officer looked at what you flagged and hid the review.'],
    km: ['មតិត្រូវបានលាក់៖ {{product}}', 'មន្ត្រីបានពិនិត្យសំណើរបស់អ្នក ហើយបានលាក់មតិនោះ។'],
  },
  'review.kept': {
    channels: desk,
    vi: ['Đánh giá được giữ lại: {{product}}', 'Cán bộ đã xem lời nhờ của bạn và thấy đánh giá đó không có gì sai.'],
    en: ['Review kept: {{product}}', 'An officer looked at what you flagged and found nothing wrong with the review.'],
    km: ['មតិត្រូវបានរក្សាទុក៖ {{product}}', 'មន្ត្រីបានពិនិត្យសំណើរបស់អ្នក ហើយមិនឃើញអ្វីខុសទេ។'],
  },
  'review.reply-hidden': {
    channels: desk,
    vi: ['Câu trả lời bị ẩn: {{product}}', 'Cán bộ đã ẩn câu trả lời của bạn. Lý do: {{reason}}. Bạn có thể viết lại.'],
    en: ['Answer hidden: {{product}}', 'An officer hid your answer: {{reason}}. You can write it again.'],
    km: ['ចម្លើយត្រូវបានលាក់៖ {{product}}', 'មន្ត្រីបានលាក់ចម្លើយរបស់អ្នក។ មូលហេតុ៖ {{reason}}។ អ្នកអាចសរសេរម្តងទៀត។'],
  },
} satisfies Readonly<Record<string, Template>>;
