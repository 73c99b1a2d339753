import { must, same } from '../kit/check.ts';
import { documentOf, jsonOf, mustRefuse } from '../kit/session.ts';
import { newNonce, TARGET } from '../kit/signing.ts';
import { accepted, ask, askBatch, batch, changed, changes, check, refused } from './signed-requests.ts';

const times = [
  refused('old', 'bronze', ['Ký từ một giờ trước bị từ chối', 'Signed an hour ago it is refused'], 'clock-skew', (t) =>
    ask(t, { skew: -3600 }),
  ),
  refused(
    'future',
    'bronze',
    ['Ký cho mười phút tới bị từ chối', 'Signed for ten minutes from now it is refused'],
    'clock-skew',
    (t) => ask(t, { skew: 600 }),
  ),
  refused(
    'just-too-old',
    'silver',
    ['Hết hạn quá 60 giây bị từ chối', 'Expired for more than 60 s it is refused'],
    'clock-skew',
    (t) => ask(t, { skew: -380 }),
  ),
  refused(
    'just-too-early',
    'silver',
    ['Sớm quá 60 giây bị từ chối', 'Early by more than 60 s it is refused'],
    'clock-skew',
    (t) => ask(t, { skew: 80 }),
  ),
  refused(
    'long-life',
    'silver',
    ['Sống quá 300 giây bị từ chối', 'A life of more than 300 s is refused'],
    'clock-skew',
    (t) => ask(t, { lifetime: 301 }),
  ),
  refused(
    'no-life',
    'gold',
    ['expires không sau created bị từ chối', 'expires not after created is refused'],
    'clock-skew',
    (t) => ask(t, { lifetime: 0 }),
  ),
  accepted(
    'slow-clock',
    'silver',
    ['Đồng hồ chậm 40 giây được chấp nhận', 'A clock 40 s behind is forgiven'],
    ['Cho phép lệch 60 giây.', 'Forgive 60 s.'],
    (t) => ask(t, { skew: -340 }),
  ),
  accepted(
    'fast-clock',
    'silver',
    ['Đồng hồ nhanh 40 giây được chấp nhận', 'A clock 40 s ahead is forgiven'],
    ['Cho phép lệch 60 giây.', 'Forgive 60 s.'],
    (t) => ask(t, { skew: 40 }),
  ),
  check(
    'skew-tells-time',
    'silver',
    ['Từ chối vì lệch giờ thì nói giờ của mình', 'Who refuses for the time tells his own'],
    ['Thêm thành viên now (ISO 8601) và tiêu đề Date.', 'Add the member now (ISO 8601) and the header Date.'],
    async (t) => {
      const answer = await t.send(ask(t, { skew: 600 }));
      const { now } = mustRefuse(answer, 401, 'clock-skew');
      for (const told of [String(now), answer.headers.date ?? ''])
        must(Math.abs(Date.parse(told) - t.now()) < 60_000, 'the time within 60 s, as now and as Date', told);
    },
  ),
  check(
    'names-required',
    'silver',
    ['Từ chối vì thiếu thành phần thì nói thiếu gì', 'Who misses a component names what is required'],
    ['Thêm thành viên required.', 'Add the member required.'],
    async (t) => {
      const { required } = mustRefuse(await t.send(ask(t, { components: [] })), 401, 'missing-component');
      same([required].flat().toSorted(), TARGET.toSorted(), 'required');
    },
  ),
];

const keepNonces = [
  'Ghi (keyid, nonce) bằng khóa duy nhất, giữ tới khi chữ ký hết hạn.',
  'Keep (keyid, nonce) under a unique key until the signature has expired.',
] as const;

const replays = [
  check(
    'replay',
    'bronze',
    ['Gửi lại nguyên văn bị từ chối', 'The same request again is refused'],
    keepNonces,
    async (t) => {
      const request = ask(t);
      documentOf(await t.send(request));
      mustRefuse(await t.send(request), 401, 'replayed');
    },
  ),
  check(
    'replay-at-once',
    'gold',
    ['Gửi bốn lần cùng lúc chỉ một được nhận', 'Of four at once one is answered'],
    keepNonces,
    async (t) => {
      const request = ask(t);
      const answers = await Promise.all([1, 2, 3, 4].map(() => t.send(request)));
      same(answers.map(({ status }) => status).toSorted(), [200, 401, 401, 401], 'statuses');
    },
  ),
  check(
    'nonce-of-key',
    'silver',
    ['Nonce đã dùng thì yêu cầu khác cũng bị từ chối', 'A used nonce opens no other request'],
    keepNonces,
    async (t) => {
      const nonce = newNonce();
      documentOf(await t.send(ask(t, { nonce })));
      mustRefuse(await t.send(askBatch(t, { nonce })), 401, 'replayed');
    },
  ),
  check(
    'nonce-not-burnt',
    'gold',
    ['Chữ ký sai không chiếm nonce', 'A wrong signature burns no nonce'],
    ['Ghi nonce sau khi chữ ký và digest đã đúng.', 'Keep the nonce after signature and digest were right.'],
    async (t) => {
      const nonce = newNonce();
      mustRefuse(await t.send({ ...ask(t, { nonce }), target: `${changes}&x=1` }), 401, 'bad-signature');
      documentOf(await t.send(ask(t, { nonce })));
    },
  ),
  check(
    'before-parsing',
    'silver',
    ['Kiểm chữ ký trước khi đọc JSON', 'The signature is checked before JSON is read'],
    ['Không phân tích gì của người lạ.', 'Parse nothing that a stranger sent.'],
    async (t) => {
      const answer = await t.send(t.postRequest(batch, Buffer.from('{"uris": [')));
      mustRefuse(answer, 401, 'signature-missing');
    },
  ),
  check(
    'before-validation',
    'silver',
    ['Kiểm chữ ký trước khi xét tham số', 'The signature is checked before the query is'],
    ['Không cho người lạ biết tham số nào đúng.', 'Tell strangers nothing about parameters.'],
    async (t) => {
      mustRefuse(await t.plain('GET', '/federation/v1/changes?lane=none&limit=x'), 401, 'signature-missing');
    },
  ),
  check(
    'huge-fields',
    'gold',
    ['Tiêu đề chữ ký quá dài bị từ chối', 'Signature fields beyond measure are refused'],
    ['Giới hạn 4 KiB mỗi tiêu đề trước khi phân tích.', 'Allow 4 KiB a field, before parsing.'],
    async (t) => {
      const request = changed(ask(t), { signature: `ocop=:${'A'.repeat(6_000)}:` });
      const answer = await t.send(request);
      must([401, 431].includes(answer.status), '401 or 431', answer.status);
      if (answer.status === 401) same(Object(jsonOf(answer)).code, 'signature-malformed', 'code');
    },
  ),
];

export const requestTimes = [...times, ...replays];
