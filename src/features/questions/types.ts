import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type QuestionId = Id<'Question'>;

/** `waiting`: the word filter marked something, and an officer looks before it is shown. `hidden`: an officer took it away. */
export const QUESTION_STATES = ['waiting', 'published', 'hidden'] as const;
export type QuestionState = (typeof QUESTION_STATES)[number];

/** What an officer says of a question, or of the seller's answer below it. */
export const QUESTION_VERDICTS = ['show', 'hide', 'show-answer', 'hide-answer'] as const;
export type QuestionVerdict = (typeof QUESTION_VERDICTS)[number];

export const questionProblems = defineProblems({
  'question-not-found': {
    status: 404,
    vi: ['Không có câu hỏi này', 'Tải lại trang để xem danh sách hiện tại.'],
    en: ['There is no such question', 'Reload the page to see the current list.'],
  },
  'question-words-missing': {
    status: 422,
    vi: ['Chưa viết gì', 'Viết vài chữ để người đọc hiểu.'],
    en: ['The words are missing', 'Write a few words so that the reader understands.'],
  },
  'question-too-long': {
    status: 422,
    vi: ['Viết dài quá', 'Câu hỏi tối đa 500 ký tự, câu trả lời tối đa 2.000 ký tự.'],
    en: ['The text is too long', 'A question has 500 characters at the most, an answer 2,000.'],
  },
  'question-contact-missing': {
    status: 422,
    vi: ['Thiếu số điện thoại', 'Nhập số di động của bạn, hoặc đăng nhập, để được báo khi có câu trả lời.'],
    en: ['A phone number is missing', 'Enter yours or sign in, so that you are told of the answer.'],
  },
  'question-for-partner': {
    status: 409,
    vi: ['Hàng này do sàn đối tác bán', 'Hỏi người bán ở trang của sàn đối tác.'],
    en: ['A partner exchange sells this', 'Ask its seller on the page of that exchange.'],
  },
  'question-settled': {
    status: 409,
    vi: ['Câu hỏi này đã như vậy rồi', 'Tải lại để xem trạng thái hiện tại.'],
    en: ['The question is so already', 'Reload to see its present state.'],
  },
});
