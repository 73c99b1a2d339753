import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { maxAnswer, maxQuestion } from './rules.ts';
import { QUESTION_STATES, QUESTION_VERDICTS } from './types.ts';

const Words = (description: string, most = maxAnswer) => Text(description, most, 'Dạ, để ngăn mát được 10 ngày.');
const State = Type.Enum([...QUESTION_STATES], { description: 'Whether everybody reads it', examples: ['published'] });

export const QuestionParams = Type.Object({ questionId: IdOf('Question', 'The question') });
export const QuestionProductParams = Type.Object({
  productId: Text('Id or slug of the product', 300, 'hanh-tim-vinh-chau-tui-luoi'),
});
export const QuestionPage = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const SellerQuestionQuery = Type.Object({
  ...QuestionPage.properties,
  answered: Type.Optional(
    Type.Boolean({ description: 'Only those with an answer, or only those without', examples: [false] }),
  ),
});
export const StaffQuestionQuery = Type.Object({ ...QuestionPage.properties, state: Type.Optional(State) });
export const AskBody = Type.Object(
  {
    text: Text('What you want to know', maxQuestion, 'Bánh để được bao lâu sau khi mở gói?'),
    phone: Type.Optional(
      Text('Where you hear of the answer; not needed when you are signed in. Shown to nobody', 30, '0912345678'),
    ),
    name: Type.Optional(Text('Shown shortened; leave it out to stay unnamed', 100, 'Nguyễn Thị Bé')),
  },
  { additionalProperties: false },
);
export const AnswerBody = Type.Object({ text: Words('The answer') }, { additionalProperties: false });
export const QuestionVerdictBody = Type.Object(
  {
    verdict: Type.Enum([...QUESTION_VERDICTS], { description: 'What becomes of it', examples: ['show'] }),
    reason: Type.Optional(Words('Why it is hidden; needed for that')),
  },
  { additionalProperties: false },
);

const shown = {
  questionId: IdOf('Question', 'The question'),
  text: Text('What is asked', maxQuestion, 'Bánh để được bao lâu sau khi mở gói?'),
  name: Text('Who asks, shortened; empty where they gave no name', 60, 'Nguyễn T. B.'),
  answer: Nullable(Words('What the seller answers')),
  answeredAt: Nullable(Instant('When it was answered')),
  createdAt: Instant('When it was asked'),
};
export const Asked = Type.Object(
  { questionId: IdOf('Question', 'The question'), state: State },
  { title: 'AskedQuestion' },
);
export const ProductQuestions = Type.Object(
  {
    count: Count('Questions that everybody reads', 3),
    items: Type.Array(Type.Object(shown, { title: 'ProductQuestion' }), {
      description: 'Newest first',
      maxItems: 100,
    }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ProductQuestions' },
);
export const QuestionList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          ...shown,
          state: State,
          reason: Nullable(Words('Why it is hidden')),
          answerState: Nullable(Text('Of the answer: waiting, published or hidden', 20, 'published')),
          product: Type.Object(
            { productId: IdOf('Product', 'The product'), name: Text('Its name', 300, 'Bánh pía sầu riêng') },
            { title: 'QuestionProduct' },
          ),
        },
        { title: 'Question' },
      ),
      { description: 'Newest first', maxItems: 100 },
    ),
    nextCursor: Nullable(CursorText),
  },
  { title: 'QuestionList' },
);
