import { checksOf, must, type Profile, same } from '../kit/check.ts';
import { jsonOf, type ProblemDocument, type Session } from '../kit/session.ts';
import type { Answer } from '../kit/wire.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'problems', profiles, spec: 'README: Refusals; RFC 9457' });

/** One refusal of each kind: no signature, no such record, no right query, no such cursor, no such path. */
const refusals = (t: Session): Promise<readonly Answer[]> =>
  t.once('refusals', () =>
    Promise.all([
      t.plain('GET', '/federation/v1/changes?lane=offer'),
      t.get(`/federation/v1/records/${encodeURIComponent(`ocop://${t.target.host}/listing/never-was`)}`),
      t.get('/federation/v1/changes?lane=everything'),
      t.get('/federation/v1/changes?lane=offer&cursor=forged.seal'),
    ]),
  );
const each = async (t: Session, look: (problem: ProblemDocument, answer: Answer) => void): Promise<void> => {
  for (const answer of await refusals(t)) {
    must(answer.status >= 400, 'a refusal', answer.status);
    look(jsonOf<ProblemDocument>(answer), answer);
  }
};

export const problems = [
  check(
    'content-type',
    'bronze',
    ['Từ chối là application/problem+json', 'Refusals are application/problem+json'],
    ['RFC 9457.', 'RFC 9457.'],
    (t) =>
      each(t, (_problem, { headers }) =>
        must(
          /^application\/problem\+json\b/.test(headers['content-type'] ?? ''),
          'application/problem+json',
          headers['content-type'],
        ),
      ),
  ),
  check(
    'status',
    'bronze',
    ['status trong thân bằng mã HTTP', 'The member status is the HTTP status'],
    ['Lấy cả hai từ một chỗ.', 'Take both from one place.'],
    (t) => each(t, ({ status }, answer) => same(status, answer.status, 'status')),
  ),
  check(
    'code',
    'bronze',
    ['Có mã ổn định, chữ thường nối gạch', 'There is a stable code in kebab-case'],
    ['Khách rẽ nhánh theo code; không đổi tên.', 'Clients switch on code; never rename one.'],
    (t) => each(t, ({ code }) => must(/^[a-z][a-z0-9-]+$/.test(String(code)), 'a code', code)),
  ),
  check(
    'type',
    'silver',
    ['type là địa chỉ đầy đủ, riêng cho mỗi mã', 'type is a whole address of its own for each code'],
    ['https://…/problems/<code>.', 'https://…/problems/<code>.'],
    (t) =>
      each(t, ({ type, code }) =>
        must(
          URL.canParse(String(type)) && String(type).endsWith(String(code)),
          'an address that ends with the code',
          type,
        ),
      ),
  ),
  check(
    'title',
    'silver',
    ['Có title và detail', 'There are title and detail'],
    ['Nói điều gì sai và phải làm gì.', 'Say what is wrong and what to do.'],
    (t) =>
      each(t, ({ title, detail }) =>
        must(
          typeof title === 'string' && typeof detail === 'string' && title !== '' && detail !== '',
          'title and detail',
          { title, detail },
        ),
      ),
  ),
  check(
    'retryable',
    'silver',
    ['Nói thử lại có ích không', 'It says whether trying again may help'],
    ['Thành viên retryable: true hoặc false trong mọi từ chối.', 'Member retryable, true or false, in every refusal.'],
    (t) => each(t, ({ retryable, code }) => must(typeof retryable === 'boolean', 'retryable', { code, retryable })),
  ),
  check(
    'languages',
    'gold',
    ['Câu chữ bằng tiếng Việt và tiếng Anh', 'The sentence is in Vietnamese and English'],
    ['messages.vi và messages.en.', 'messages.vi and messages.en.'],
    (t) =>
      each(t, ({ messages }) => {
        const { vi, en } = Object(messages);
        must(typeof vi === 'string' && typeof en === 'string' && vi !== en, 'messages in vi and en', messages);
      }),
  ),
  check(
    'no-insides',
    'silver',
    ['Không lộ bên trong máy chủ', 'Nothing of the insides is told'],
    ['Không gửi ngăn xếp, SQL hay đường dẫn tệp.', 'Send no stack, SQL or file path.'],
    (t) =>
      each(t, (_problem, { body }) =>
        must(
          !/\bat \S+ \(|node_modules|\bselect\b .* \bfrom\b|Traceback|\.(?:ts|js|py|php):\d+/i.test(
            body.toString('utf8'),
          ),
          'nothing of the insides',
          body.toString('utf8', 0, 500),
        ),
      ),
  ),
  check(
    'not-cached',
    'gold',
    ['Từ chối không được lưu lại', 'Refusals are not kept'],
    ['Cache-Control: no-store.', 'Cache-Control: no-store.'],
    (t) =>
      each(t, (_problem, { headers }) =>
        must(/no-store/.test(headers['cache-control'] ?? ''), 'cache-control: no-store', headers['cache-control']),
      ),
  ),
];
