import { checksOf, must, type Profile, same } from '../kit/check.ts';
import { publicKey } from '../kit/keys.ts';
import type { Session } from '../kit/session.ts';
import { answerBase, answerComponents, digestOf, isSignedBy, readFields, type Signing } from '../kit/signing.ts';
import type { Answer } from '../kit/wire.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'answer', profiles, spec: 'README: Signatures, Response' });

const changes = '/federation/v1/changes?lane=catalogue&limit=1';
const asked = (t: Session, how?: Signing): Promise<Answer> => t.get(changes, how);

function fieldsOf(answer: Answer) {
  const fields = readFields(answer.headers);
  must(fields !== undefined, 'one signature in the answer', answer.headers);
  return fields;
}

/** That the answer is signed as the profile says, by a key of the target's. */
async function mustBeSigned(t: Session, answer: Answer): Promise<void> {
  const fields = fieldsOf(answer);
  const { keys } = await t.profile();
  const key = keys.find(({ kid }) => kid === fields.parameters.get('keyid'));
  must(key !== undefined, 'a keyid of the profile', fields.input);
  same(answer.headers['content-digest'], digestOf(answer.body), 'content-digest of the bytes that came');
  must(isSignedBy(publicKey(key), answerBase(answer, fields), fields.signature), 'a right signature', fields.input);
}

/** Signed, whatever the status. */
const signed = (
  what: string,
  level: 'bronze' | 'silver' | 'gold',
  title: readonly [string, string],
  status: number,
  ask: (t: Session) => Promise<Answer>,
) =>
  check(
    what,
    level,
    title,
    [
      'Ký mọi câu trả lời cho yêu cầu đã xác thực, kể cả từ chối.',
      'Sign every answer to a verified request, refusals included.',
    ],
    async (t) => {
      const answer = await ask(t);
      same(answer.status, status, 'status');
      await mustBeSigned(t, answer);
    },
  );

export const answers = [
  check(
    'signed',
    'bronze',
    ['Câu trả lời được ký', 'The answer is signed'],
    ['Thêm Signature và Signature-Input.', 'Add Signature and Signature-Input.'],
    async (t) => {
      fieldsOf(await asked(t));
    },
  ),
  check(
    'components',
    'bronze',
    ['Chữ ký trả lời phủ đúng thành phần', 'It covers the right components'],
    ['Phủ đúng danh sách trong README, không thiếu, không thừa.', 'Cover the list of the README, no less and no more.'],
    async (t) => {
      const { components } = fieldsOf(await asked(t));
      same(components.toSorted(), answerComponents('ocop').toSorted(), 'components');
    },
  ),
  check(
    'verifies',
    'bronze',
    ['Chữ ký trả lời đúng', 'Its signature is right'],
    ['So với câu trả lời trong vectors/signatures.json.', 'Compare with the response of vectors/signatures.json.'],
    async (t) => {
      await mustBeSigned(t, await asked(t));
    },
  ),
  check(
    'digest',
    'bronze',
    ['Content-Digest đúng với byte trên đường truyền', 'Content-Digest is of the bytes on the wire'],
    ['Tính sau khi nén, trên đúng những byte gửi đi.', 'Compute it after packing, over the bytes that leave.'],
    async (t) => {
      const answer = await asked(t);
      same(answer.headers['content-digest'], digestOf(answer.body), 'content-digest');
    },
  ),
  check(
    'parameters',
    'silver',
    ['Tham số chữ ký trả lời đúng', 'Its parameters are right'],
    [
      'created, expires (không quá 300 s), nonce từ 16 ký tự, tag="ocop-fed/1".',
      'created, expires (300 s at most), nonce of 16 characters and more, tag="ocop-fed/1".',
    ],
    async (t) => {
      const { parameters, input } = fieldsOf(await asked(t));
      const [created, expires] = [Number(parameters.get('created')), Number(parameters.get('expires'))];
      must(Math.abs(created - t.now() / 1000) <= 60, 'created within 60 s', input);
      must(expires > created && expires - created <= 300, 'a life of 300 s at most', input);
      must(String(parameters.get('nonce') ?? '').length >= 16, 'a nonce', input);
      same(parameters.get('tag'), 'ocop-fed/1', 'tag');
    },
  ),
  check(
    'fresh-nonce',
    'gold',
    ['Mỗi câu trả lời một nonce', 'Each answer has a nonce of its own'],
    ['Sinh nonce ngẫu nhiên cho mỗi lần ký.', 'Draw a nonce at random for each signature.'],
    async (t) => {
      const nonces = [await asked(t), await asked(t)].map((answer) => fieldsOf(answer).parameters.get('nonce'));
      must(nonces[0] !== nonces[1], 'two nonces', nonces);
    },
  ),
  check(
    'binds-label',
    'silver',
    [
      'Câu trả lời gắn với chữ ký của câu hỏi, theo nhãn của nó',
      'It is bound to the signature of the question, by its label',
    ],
    ['"signature";req;key="<nhãn của yêu cầu>".', '"signature";req;key="<label of the request>".'],
    async (t) => {
      const answer = await asked(t, { label: 'sig1' });
      same(fieldsOf(answer).components.toSorted(), answerComponents('sig1').toSorted(), 'components');
      await mustBeSigned(t, answer);
    },
  ),
  signed('refusal', 'silver', ['Từ chối 400 cũng được ký', 'A 400 is signed'], 400, (t) =>
    t.get('/federation/v1/changes?lane=catalogue&cursor=forged.seal'),
  ),
  signed('not-found', 'silver', ['Từ chối 404 cũng được ký', 'A 404 is signed'], 404, (t) =>
    t.get(`/federation/v1/records/${encodeURIComponent(`ocop://${t.target.host}/listing/never-was`)}`),
  ),
  signed('post', 'silver', ['Trả lời POST gắn với POST', 'The answer to a POST is bound to it'], 200, (t) =>
    t.post('/federation/v1/records:batch', { uris: ['ocop://nowhere.example/listing/1'] }),
  ),
  signed(
    'snapshot',
    'bronze',
    ['Ảnh chụp được ký trên byte đã nén', 'The snapshot is signed over its packed bytes'],
    200,
    (t) => t.get('/federation/v1/snapshot?lane=offer'),
  ),
  signed(
    'packed',
    'silver',
    [
      'Khi bên hỏi nhận gzip, digest vẫn là của byte trên đường truyền',
      'The digest stays that of the bytes on the wire when gzip is welcome',
    ],
    200,
    (t) => t.get(changes.replace('&limit=1', ''), {}, { 'accept-encoding': 'gzip, br' }),
  ),
];
