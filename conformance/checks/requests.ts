import { digestOf, newNonce, TARGET } from '../kit/signing.ts';
import { accepted, ask, askBatch, batch, changed, changes, refused, uris } from './signed-requests.ts';

const basics = [
  accepted(
    'accepted',
    'bronze',
    ['Yêu cầu ký đúng được nhận', 'A rightly signed request is answered'],
    [
      'Ghim khóa của bộ kiểm thử, rồi so cơ sở chữ ký với vectors/signatures.json.',
      'Pin the key of the kit, then compare your signature base with vectors/signatures.json.',
    ],
    ask,
  ),
  accepted(
    'accepted-with-body',
    'bronze',
    ['Yêu cầu có thân, ký đúng, được nhận', 'A rightly signed request with a body is answered'],
    [
      'Digest tính trên byte thô, trước khi phân tích JSON.',
      'The digest is over the raw bytes, before JSON is parsed.',
    ],
    askBatch,
  ),
  refused(
    'unsigned',
    'bronze',
    ['Không ký thì bị từ chối', 'An unsigned request is refused'],
    'signature-missing',
    (t) => t.getRequest(changes),
  ),
  refused(
    'stripped',
    'bronze',
    ['Mất Signature thì bị từ chối', 'Without Signature it is refused'],
    'signature-malformed',
    (t) => changed(ask(t), { signature: undefined }),
  ),
  refused(
    'input-stripped',
    'bronze',
    ['Mất Signature-Input thì bị từ chối', 'Without Signature-Input it is refused'],
    'signature-malformed',
    (t) => changed(ask(t), { 'signature-input': undefined }),
  ),
  refused(
    'wrong-key',
    'bronze',
    ['Chữ ký của khóa khác bị từ chối', 'A signature by another key is refused'],
    'bad-signature',
    (t) => {
      const right = ask(t);
      const other = t.signed(t.getRequest(`${changes}&other=1`));
      return changed(right, { signature: other.headers.signature });
    },
  ),
  refused(
    'unknown-key',
    'bronze',
    ['Khóa chưa ghim bị từ chối', 'A key that is not pinned is refused'],
    'unknown-key',
    (t) => ask(t, { keyid: 'A'.repeat(43) }),
  ),
  refused(
    'other-query',
    'bronze',
    ['Đổi tham số sau khi ký bị từ chối', 'Another query than was signed is refused'],
    'bad-signature',
    (t) => ({
      ...ask(t),
      target: changes.replace('catalogue', 'offer'),
    }),
  ),
  refused(
    'other-path',
    'bronze',
    ['Đổi đường dẫn sau khi ký bị từ chối', 'Another path than was signed is refused'],
    'bad-signature',
    (t) => ({
      ...ask(t),
      target: changes.replace('changes', 'snapshot'),
    }),
  ),
  refused(
    'other-method',
    'silver',
    ['Đổi phương thức sau khi ký bị từ chối', 'Another method than was signed is refused'],
    'bad-signature',
    (t) => ({
      ...t.signed({ ...t.postRequest(batch, uris), method: 'PUT' }),
      method: 'POST',
    }),
  ),
  refused(
    'other-authority',
    'bronze',
    ['Yêu cầu ký cho sàn khác bị từ chối', 'A request signed for another exchange is refused'],
    'bad-signature',
    (t) => ask(t, { authority: 'another-exchange.example' }),
    {
      advice: [
        '@authority là tên miền của chính sàn, không lấy từ tiêu đề Host.',
        '@authority is your own domain, never what Host says.',
      ],
    },
  ),
  refused(
    'host-header',
    'silver',
    ['Host giả không mở được yêu cầu ký cho sàn khác', 'A forged Host does not open what was signed for another'],
    'bad-signature',
    (t) => changed(ask(t, { authority: 'another-exchange.example' }), { host: 'another-exchange.example' }),
    {
      advice: [
        '@authority là tên miền của chính sàn, không lấy từ tiêu đề Host.',
        '@authority is your own domain, never what Host says.',
      ],
    },
  ),
];

const bodies = [
  refused(
    'other-body',
    'bronze',
    ['Đổi thân sau khi ký bị từ chối', 'Another body than was signed is refused'],
    'digest-mismatch',
    (t) => ({
      ...askBatch(t),
      body: Buffer.from(JSON.stringify({ uris: ['ocop://nowhere.example/listing/2'] })),
    }),
    {
      advice: [
        'Tự tính SHA-256 trên byte thô; thư viện RFC 9421 không làm việc đó.',
        'Compute SHA-256 over the raw bytes yourself: RFC 9421 libraries do not.',
      ],
    },
  ),
  refused(
    'other-body-and-digest',
    'bronze',
    ['Đổi thân và cả digest bị từ chối', 'Another body with its digest is refused'],
    'bad-signature',
    (t) => {
      const body = Buffer.from(JSON.stringify({ uris: ['ocop://nowhere.example/listing/2'] }));
      return { ...changed(askBatch(t), { 'content-digest': digestOf(body) }), body };
    },
  ),
  refused(
    'uncovered-body',
    'bronze',
    ['Thân không được chữ ký phủ bị từ chối', 'A body that nothing covers is refused'],
    'missing-component',
    (t) => askBatch(t, { components: TARGET }),
  ),
  refused(
    'uncovered-type',
    'silver',
    ['Content-Type không được phủ bị từ chối', 'An uncovered Content-Type is refused'],
    'missing-component',
    (t) => askBatch(t, { components: [...TARGET, '"content-digest"'] }),
  ),
  refused(
    'other-type',
    'silver',
    ['Đổi Content-Type sau khi ký bị từ chối', 'Another Content-Type than was signed is refused'],
    'bad-signature',
    (t) => changed(askBatch(t), { 'content-type': 'application/json; charset=utf-8' }),
  ),
  refused(
    'weak-digest',
    'silver',
    ['Digest không phải SHA-256 bị từ chối', 'A digest other than SHA-256 is refused'],
    'digest-mismatch',
    (t) => t.signed(t.postRequest(batch, uris, { 'content-digest': 'md5=:XrY7u+Ae7tCTyyK7j1rNww==:' })),
  ),
  refused(
    'uncovered-idempotency-key',
    'gold',
    ['Idempotency-Key không được phủ bị từ chối', 'An uncovered Idempotency-Key is refused'],
    'missing-component',
    (t) => changed(ask(t), { 'idempotency-key': '"kit"' }),
  ),
  accepted(
    'idempotency-key',
    'gold',
    ['Idempotency-Key được phủ thì được nhận', 'A covered Idempotency-Key is taken'],
    ['Phủ idempotency-key khi có tiêu đề đó.', 'It is covered whenever the header is there.'],
    (t) => t.signed(t.getRequest(changes, { 'idempotency-key': '"kit"' })),
  ),
];

const components = TARGET.map((component) => {
  const name = component.slice(2, -1);
  return refused(
    `uncovered-${name}`,
    'silver',
    [`Không phủ @${name} thì bị từ chối`, `Without @${name} covered it is refused`],
    'missing-component',
    (t) => ask(t, { components: TARGET.filter((one) => one !== component) }),
  );
});

const forms = [
  refused(
    'extra-component',
    'gold',
    ['Phủ thừa thành phần bị từ chối', 'A component too many is refused'],
    'missing-component',
    (t) => ask(t, { components: [...TARGET, '"accept"'] }),
  ),
  accepted(
    'any-order',
    'silver',
    ['Thứ tự thành phần là tự do', 'Components may stand in any order'],
    ['Dựng cơ sở theo thứ tự trong Signature-Input.', 'Build the base in the order of Signature-Input.'],
    (t) => ask(t, { components: TARGET.toReversed() }),
  ),
  accepted(
    'any-label',
    'silver',
    ['Nhãn chữ ký là tự do', 'The label is free'],
    ['Đừng so nhãn với một tên cố định.', 'Do not compare the label with a name of yours.'],
    (t) => ask(t, { label: 'sig1' }),
  ),
  accepted(
    'alg-ed25519',
    'silver',
    ['alg="ed25519" được nhận', 'alg="ed25519" is taken'],
    ['alg có thể có hoặc không.', 'alg may be there or not.'],
    (t) => ask(t, { alg: 'ed25519' }),
  ),
  refused(
    'alg-other',
    'bronze',
    ['Thuật toán khác bị từ chối', 'Another algorithm is refused'],
    'unsupported-algorithm',
    (t) => ask(t, { alg: 'hmac-sha256' }),
  ),
  refused(
    'two-signatures',
    'silver',
    ['Hai chữ ký bị từ chối', 'Two signatures are refused'],
    'signature-malformed',
    (t) => {
      const right = ask(t);
      const second = ask(t, { label: 'b' });
      return changed(right, {
        signature: `${right.headers.signature}, ${second.headers.signature}`,
        'signature-input': `${right.headers['signature-input']}, ${second.headers['signature-input']}`,
      });
    },
  ),
  refused(
    'other-tag',
    'bronze',
    ['Chữ ký cho mục đích khác bị từ chối', 'A signature made for something else is refused'],
    'signature-malformed',
    (t) => ask(t, { tag: 'web-bot-auth' }),
  ),
  refused('no-tag', 'silver', ['Thiếu tag bị từ chối', 'Without tag it is refused'], 'signature-malformed', (t) =>
    ask(t, { omit: ['tag'] }),
  ),
  refused(
    'no-created',
    'silver',
    ['Thiếu created bị từ chối', 'Without created it is refused'],
    'signature-malformed',
    (t) => ask(t, { omit: ['created'] }),
  ),
  refused(
    'no-expires',
    'silver',
    ['Thiếu expires bị từ chối', 'Without expires it is refused'],
    'signature-malformed',
    (t) => ask(t, { omit: ['expires'] }),
  ),
  refused('no-nonce', 'bronze', ['Thiếu nonce bị từ chối', 'Without nonce it is refused'], 'signature-malformed', (t) =>
    ask(t, { omit: ['nonce'] }),
  ),
  refused(
    'short-nonce',
    'gold',
    ['Nonce dưới 16 ký tự bị từ chối', 'A nonce below 16 characters is refused'],
    'signature-malformed',
    (t) => ask(t, { nonce: newNonce().slice(0, 15) }),
  ),
  refused(
    'garbage',
    'silver',
    ['Chữ ký không đọc được bị từ chối', 'A signature that cannot be read is refused'],
    'signature-malformed',
    (t) => changed(ask(t), { signature: 'ocop="not bytes"' }),
  ),
];

export const requests = [...basics, ...bodies, ...components, ...forms];
