import { type Check, checksOf, must, type Profile, same } from '../kit/check.ts';
import { documentOf, jsonOf, mustRefuse, type Session, VERSION } from '../kit/session.ts';
import type { Answer } from '../kit/wire.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'hostile', profiles, spec: 'README: Limits' });

const batch = '/federation/v1/records:batch';
const changes = '/federation/v1/changes?lane=offer&limit=1';
const native = { profiles: ['native'] } as const;

/** Refused as the sender's mistake, and the node lives on. */
async function mustShrugOff(t: Session, answer: Answer, statuses: readonly number[]): Promise<void> {
  must(
    statuses.includes(answer.status),
    `status ${statuses.join(' or ')}`,
    `${answer.status} ${answer.body.toString('utf8', 0, 300)}`,
  );
  documentOf(await t.get(changes));
}

const mistake: Check['advice'] = [
  'Trả 4xx; lỗi của người gửi không bao giờ là 500.',
  'Answer 4xx: a mistake of the sender is never a 500.',
];

const shrugged = (
  what: string,
  level: Check['level'],
  title: Check['title'],
  send: (t: Session) => Promise<Answer>,
  statuses: readonly number[] = [400],
  more: { readonly profiles?: readonly Profile[] } = {},
): Check => check(what, level, title, mistake, async (t) => mustShrugOff(t, await send(t), statuses), more);

const raw = (t: Session, text: string | Buffer) => t.post(batch, Buffer.isBuffer(text) ? text : Buffer.from(text));

const bodies = [
  shrugged(
    'bad-json',
    'silver',
    ['JSON hỏng bị từ chối', 'Broken JSON is refused'],
    (t) => raw(t, '{"uris": ['),
    [400],
    native,
  ),
  shrugged(
    'deep-json',
    'gold',
    ['JSON lồng mười nghìn lớp bị từ chối', 'JSON ten thousand levels deep is refused'],
    (t) => raw(t, `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
    [400],
    native,
  ),
  shrugged(
    'null-json',
    'silver',
    ['null, số, chuỗi không phải là lô', 'null, a number, a string are no batch'],
    (t) => raw(t, 'null'),
    [400],
    native,
  ),
  shrugged(
    'string-json',
    'silver',
    ['Chuỗi không phải là lô', 'A string is no batch'],
    (t) => raw(t, '"uris"'),
    [400],
    native,
  ),
  shrugged(
    'not-utf8',
    'gold',
    ['Byte không phải UTF-8 bị từ chối', 'Bytes that are no UTF-8 are refused'],
    (t) => raw(t, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
    [400],
    native,
  ),
  shrugged(
    'surrogate',
    'gold',
    ['Nửa cặp surrogate bị từ chối', 'A lone surrogate is refused'],
    (t) => raw(t, '{"uris": ["ocop://x.example/listing/\\ud800"]}'),
    [400],
    native,
  ),
  shrugged(
    'nul',
    'gold',
    ['Ký tự U+0000 bị từ chối', 'U+0000 is refused'],
    (t) => raw(t, '{"uris": ["ocop://x.example/listing/\\u0000"]}'),
    [400],
    native,
  ),
  shrugged(
    'prototype',
    'gold',
    ['__proto__ không đổi được gì', '__proto__ changes nothing'],
    (t) => raw(t, '{"__proto__": {"uris": ["x"]}, "constructor": 1}'),
    [400],
    native,
  ),
  shrugged(
    'huge-body',
    'gold',
    ['Thân 2 MiB bị từ chối', 'A body of 2 MiB is refused'],
    (t) => raw(t, JSON.stringify({ uris: ['x'.repeat(2_097_152)] })),
    [400, 413],
    native,
  ),
  shrugged(
    'huge-unsigned',
    'gold',
    ['Thân 2 MiB không ký bị từ chối', 'An unsigned body of 2 MiB is refused'],
    (t) => t.plain('POST', batch, { 'content-type': 'application/json' }, Buffer.alloc(2_097_152, 0x20)),
    [401, 413],
    native,
  ),
  shrugged(
    'form',
    'silver',
    ['Thân không phải JSON bị từ chối', 'A body that is no JSON is refused'],
    (t) => t.post(batch, Buffer.from('uris=x'), {}, { 'content-type': 'application/x-www-form-urlencoded' }),
    [400, 415],
    native,
  ),
  shrugged(
    'text-as-json',
    'gold',
    ['JSON dưới tên text/plain bị từ chối', 'JSON by the name of text/plain is refused'],
    (t) => t.post(batch, { uris: ['ocop://x.example/listing/1'] }, {}, { 'content-type': 'text/plain' }),
    [400, 415],
    native,
  ),
];

const targets = [
  shrugged(
    'broken-percent',
    'silver',
    ['Mã phần trăm hỏng bị từ chối', 'A broken percent code is refused'],
    (t) => t.get('/federation/v1/records/%E0%A4%A'),
    [400, 404],
  ),
  shrugged(
    'traversal',
    'silver',
    ['Đi ngược thư mục bị từ chối', 'Climbing up folders is refused'],
    (t) => t.get('/federation/v1/records/..%2f..%2f..%2fetc%2fpasswd'),
    [400, 404],
  ),
  shrugged(
    'nul-query',
    'gold',
    ['U+0000 trong tham số bị từ chối', 'U+0000 in the query is refused'],
    (t) => t.get('/federation/v1/changes?lane=offer&cursor=%00'),
    [400],
  ),
  shrugged(
    'nul-lane',
    'gold',
    ['U+0000 trong luồng bị từ chối', 'U+0000 in the lane is refused'],
    (t) => t.get('/federation/v1/changes?lane=offer%00'),
    [400],
  ),
  shrugged(
    'long-path',
    'gold',
    ['Đường dẫn 6 KB bị từ chối', 'A path of 6 KB is refused'],
    (t) => t.get(`/federation/v1/records/${'x'.repeat(6_000)}`),
    [400, 404, 414],
  ),
  shrugged(
    'long-header',
    'gold',
    ['Tiêu đề 30 KB bị từ chối', 'A header of 30 KB is refused'],
    (t) => t.get(changes, {}, { 'x-long': 'x'.repeat(30_000) }),
    [400, 413, 431],
  ),
];

const methods = [
  check(
    'methods',
    'silver',
    ['Phương thức lạ bị từ chối', 'Other methods are refused'],
    ['404 hoặc 405, không 500.', '404 or 405, never 500.'],
    async (t) => {
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const answer = await t.send(t.signed({ ...t.getRequest(changes), method }));
        must([401, 404, 405].includes(answer.status), '404 or 405', `${method}: ${answer.status}`);
      }
    },
  ),
  check(
    'unknown-path',
    'silver',
    ['Đường dẫn lạ là 404', 'An unknown path is 404'],
    ['Đối tác cũ hơn nhận ra khả năng thiếu qua 404.', 'Peers see by 404 what you cannot do.'],
    async (t) => {
      mustRefuse(await t.get('/federation/v1/nothing-here'), 404);
    },
  ),
  check(
    'unknown-headers',
    'silver',
    ['Tiêu đề lạ được bỏ qua', 'Unknown headers are ignored'],
    ['Bản sau có thể thêm tiêu đề.', 'A later version may add some.'],
    async (t) => {
      documentOf(await t.get(changes, {}, { 'x-new': '1', 'federation-extension': 'a;b="c"' }));
    },
  ),
  check(
    'version',
    'silver',
    ['Nhận phiên bản của mình, nói phiên bản khi từ chối', 'Takes its version, and names it when it refuses another'],
    ['400 unsupported-version với supported[].', '400 unsupported-version with supported[].'],
    async (t) => {
      documentOf(await t.get(changes, {}, { 'federation-version': VERSION }));
      const { supported } = mustRefuse(
        await t.get(changes, {}, { 'federation-version': '1999-01-01' }),
        400,
        'unsupported-version',
      );
      must([supported].flat().includes(VERSION), `supported with ${VERSION}`, supported);
    },
  ),
  check(
    'at-once',
    'silver',
    ['Ba mươi yêu cầu cùng lúc đều được trả lời', 'Thirty at once are all answered'],
    ['200, hoặc 429/503 kèm Retry-After.', '200, or 429 or 503 with Retry-After.'],
    async (t) => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => t.get(changes)));
      for (const { status, headers } of answers) {
        const waits = [429, 503].includes(status) && headers['retry-after'] !== undefined;
        must(status === 200 || waits, '200, or a wait with Retry-After', status);
      }
    },
  ),
  check(
    'no-cookies',
    'gold',
    ['Không đặt cookie cho đối tác', 'Partners are given no cookies'],
    ['Danh tính là chữ ký.', 'The signature is who they are.'],
    async (t) => {
      must(!('set-cookie' in (await t.get(changes)).headers), 'no Set-Cookie', t.lastAnswer()?.headers);
    },
  ),
  check(
    'not-shared',
    'gold',
    ['Bộ đệm chung không giữ câu trả lời riêng', 'Shared caches keep no answer to a partner'],
    ['Đừng đặt Cache-Control: public cho câu trả lời có chữ ký.', 'Never set Cache-Control: public on signed answers.'],
    async (t) => {
      const control = (await t.get(changes)).headers['cache-control'] ?? '';
      must(!/\bpublic\b|s-maxage/.test(control), 'no public caching', control);
    },
  ),
];

const health = checksOf({ name: 'health', profiles: ['native'], spec: 'README: In ten minutes, 3' });
const healthPath = '/federation/v1/health';
type Health = {
  readonly status: unknown;
  readonly time: unknown;
  readonly partner: unknown;
  readonly versions: unknown;
};

const healths = [
  health(
    'open',
    'bronze',
    ['health trả lời người lạ', 'health answers strangers'],
    ['200 không cần ký.', '200 without a signature.'],
    async (t) => {
      same(documentOf<Health>(await t.plain('GET', healthPath)).status, 'ok', 'status');
    },
  ),
  health(
    'clock',
    'bronze',
    ['Đồng hồ lệch dưới 60 giây', 'The clock is right within 60 s'],
    ['Bật NTP.', 'Run NTP.'],
    async (t) => {
      const answer = await t.plain('GET', healthPath);
      for (const told of [String(documentOf<Health>(answer).time), answer.headers.date ?? ''])
        must(Math.abs(Date.parse(told) - t.now()) < 60_000, 'the time within 60 s', told);
    },
  ),
  health(
    'versions',
    'silver',
    ['health nêu phiên bản', 'health names the versions'],
    ['versions như trong hồ sơ.', 'versions as the profile has them.'],
    async (t) => {
      same(documentOf<Health>(await t.plain('GET', healthPath)).versions, (await t.profile()).versions, 'versions');
    },
  ),
  health(
    'names-partner',
    'silver',
    ['health gọi tên đối tác đã ký', 'health names the partner who signed'],
    [
      'partner là tên trong sổ đối tác; null cho người lạ.',
      'partner is the name in your register, null for strangers.',
    ],
    async (t) => {
      const known = documentOf<Health>(await t.get(healthPath)).partner;
      must(typeof known === 'string' && known !== '', 'the name of the kit', known);
      must(
        documentOf<Health>(await t.plain('GET', healthPath)).partner === null,
        'null for a stranger',
        t.lastAnswer()?.body.toString(),
      );
    },
  ),
  health(
    'refuses-wrong',
    'silver',
    ['health từ chối chữ ký sai', 'health refuses a wrong signature'],
    ['Có chữ ký thì phải kiểm.', 'A signature that is there is checked.'],
    async (t) => {
      mustRefuse(await t.get(healthPath, { authority: 'another-exchange.example' }), 401, 'bad-signature');
      must(
        jsonOf<Record<string, unknown>>(await t.plain('GET', healthPath)).status === 'ok',
        'ok for the next',
        t.lastAnswer()?.status,
      );
    },
  ),
];

export const hostile = [...bodies, ...targets, ...methods, ...healths];
