import type { Template } from '../types.ts';

const desk = ['in-app', 'email'] as const;
const asker = ['zalo', 'sms', 'in-app'] as const;

/** What is said of questions: to whoever asked, and to the business whose goods they are. */
export const questionTemplates = {
  'question.asked': {
    channels: desk,
    vi: ['Khách hỏi: {{product}}', 'Một khách hỏi về món này. Bạn có thể trả lời.'],
    en: ['A question: {{product}}', 'A customer asks about it. You can answer.'],
    km: ['អតិថិជនសួរ៖ {{product}}', 'អតិថិជនម្នាក់សួរអំពីទំនិញនេះ។ អ្នកអាចឆ្លើយបាន។'],
  },
  'question.answered': {
    channels: asker,
    vi: ['Người bán đã trả lời', 'Câu hỏi của bạn về {{product}} đã có câu trả lời.'],
    en: ['The seller answered', 'Your question about {{product}} was answered.'],
    km: ['អ្នកលក់បានឆ្លើយ', 'សំណួររបស់អ្នកអំពី {{product}} មានចម្លើយហើយ។'],
  },
  'question.shown': {
    channels: asker,
    vi: ['Câu hỏi đã được đăng', 'Cán bộ đã xem, câu hỏi của bạn về {{product}} đang hiện.'],
    en: ['Your question is shown', 'An officer has looked: your question about {{product}} is shown.'],
    km: ['សំណួរត្រូវបានបង្ហាញ', 'មន្ត្រីបានពិនិត្យ សំណួររបស់អ្នកអំពី {{product}} កំពុងបង្ហាញ។'],
  },
  'question.hidden': {
    channels: asker,
    vi: ['Câu hỏi bị ẩn', 'Câu hỏi của bạn về {{product}} bị ẩn. Lý do: {{reason}}.'],
    en: ['Your question was hidden', 'Your question about {{product}} was hidden: {{reason}}.'],
    km: ['សំណួរត្រូវបានលាក់', 'សំណួររបស់អ្នកអំពី {{product}} ត្រូវបានលាក់។ មូលហេតុ៖ {{reason}}។'],
  },
  'question.answer-hidden': {
    channels: desk,
    vi: ['Câu trả lời bị ẩn: {{product}}', 'Cán bộ đã ẩn câu trả lời của bạn. Lý do: {{reason}}. Bạn có thể viết lại.'],
    en: ['Answer hidden: {{product}}', 'An officer hid your answer: {{reason}}. You can write it again.'],
    km: ['ចម្លើយត្រូវបានលាក់៖ {{product}}', 'មន្ត្រីបានលាក់ចម្លើយរបស់អ្នក។ មូលហេតុ៖ {{reason}}។ អ្នកអាចសរសេរម្តងទៀត។'],
  },
} satisfies Readonly<Record<string, Template>>;
