import { checksOf, every, must, type Profile, same, some } from '../kit/check.ts';
import { thumbprint } from '../kit/keys.ts';
import { mustFit, schemaDigests } from '../kit/schemas.ts';
import { jsonOf, PROFILE_PATH, VERSION } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'discovery', profiles, spec: 'README: In ten minutes, 2' });

const maxBytes = 65_536;
const reading = ['changes', 'snapshot', 'records'];

export const discovery = [
  check(
    'found',
    'bronze',
    ['Hồ sơ sàn đọc được, không cần ký', 'The profile is served to anybody'],
    [`Trả 200 tại ${PROFILE_PATH} cho yêu cầu không ký.`, `Answer unsigned requests to ${PROFILE_PATH} by 200.`],
    async (t) => same((await t.discovery()).status, 200, 'status'),
  ),
  check(
    'no-redirect',
    'bronze',
    ['Hồ sơ không chuyển hướng', 'The profile does not redirect'],
    ['Phục vụ hồ sơ ngay tại địa chỉ đó; đối tác không đi theo chuyển hướng.', 'Serve it at that very address.'],
    async (t) => must(!('location' in (await t.discovery()).headers), 'no Location', (await t.discovery()).headers),
  ),
  check(
    'content-type',
    'bronze',
    ['Hồ sơ có kiểu application/json', 'The profile is application/json'],
    ['Đặt Content-Type: application/json.', 'Set Content-Type: application/json.'],
    async (t) => {
      const type = (await t.discovery()).headers['content-type'] ?? '';
      must(/^application\/json\b/.test(type), 'application/json', type);
    },
  ),
  check(
    'size',
    'bronze',
    ['Hồ sơ không quá 64 KiB', 'The profile has at most 64 KiB'],
    ['Bỏ những gì không thuộc profile.json.', 'Leave out what does not belong into profile.json.'],
    async (t) => must((await t.discovery()).body.length <= maxBytes, '64 KiB', (await t.discovery()).body.length),
  ),
  check(
    'schema',
    'bronze',
    ['Hồ sơ đúng profile.json', 'The profile is as profile.json says'],
    ['So với schemas/profile.json.', 'Compare with schemas/profile.json.'],
    async (t) => mustFit('profile.json', await t.profile()),
  ),
  check(
    'origin',
    'bronze',
    ['Tên miền trong hồ sơ là của chính sàn', 'The profile speaks for its own domain'],
    [
      'exchange.origin phải là máy chủ (và cổng, nếu có) của địa chỉ hồ sơ.',
      'exchange.origin is the host of the profile.',
    ],
    async (t) => same((await t.profile()).exchange.origin, t.target.host, 'exchange.origin'),
  ),
  check(
    'kid',
    'bronze',
    ['Mỗi khóa mang tên là dấu vân tay của nó', 'Each key is named by its thumbprint'],
    ['kid là dấu vân tay RFC 7638 của khóa công khai.', 'kid is the RFC 7638 thumbprint of the public key.'],
    async (t) => every(some((await t.profile()).keys, 'key'), (key) => thumbprint(key) === key.kid, 'kid = thumbprint'),
  ),
  check(
    'no-private-key',
    'bronze',
    ['Hồ sơ không lộ khóa bí mật', 'The profile shows no private key'],
    ['Xóa thành viên "d" và thay khóa ngay: nó đã lộ.', 'Remove member "d", and replace the key now: it is known.'],
    async (t) => every((await t.profile()).keys, (key) => !('d' in key), 'public members only'),
  ),
  check(
    'key-in-force',
    'bronze',
    ['Ít nhất một khóa đang có hiệu lực', 'At least one key is in force'],
    ['Kiểm tra nbf và exp (giây).', 'Check nbf and exp, in seconds.'],
    async (t) => {
      const now = t.now() / 1000;
      const isNow = ({ nbf = 0, exp = Number.POSITIVE_INFINITY }) => nbf <= now && now < exp;
      must((await t.profile()).keys.some(isNow), 'a key in force now', (await t.profile()).keys);
    },
  ),
  check(
    'version',
    'bronze',
    [`Nói phiên bản ${VERSION}`, `Speaks version ${VERSION}`],
    ['Thêm phiên bản vào versions.', 'Name it in versions.'],
    async (t) => must((await t.profile()).versions.includes(VERSION), VERSION, (await t.profile()).versions),
  ),
  check(
    'endpoints',
    'bronze',
    ['Các đường dẫn nằm trên chính máy chủ này', 'The endpoints are paths on this host'],
    [
      'endpoints có changes, snapshot, records; mỗi giá trị bắt đầu bằng /.',
      'endpoints names changes, snapshot, records; each begins with /.',
    ],
    async (t) => {
      const { endpoints } = await t.profile();
      every(reading, (name) => name in endpoints, 'changes, snapshot and records');
      every(Object.values(endpoints), (path) => /^\/(?!\/)/.test(path), 'paths on this host');
    },
  ),
  check(
    'capabilities',
    'bronze',
    ['Khai báo khả năng đọc', 'Names what can be read'],
    [
      'capabilities có pull:catalogue, pull:offer, snapshot.',
      'capabilities names pull:catalogue, pull:offer, snapshot.',
    ],
    async (t) => {
      const { capabilities } = await t.profile();
      every(['pull:catalogue', 'pull:offer', 'snapshot'], (name) => capabilities.includes(name), 'capability to read');
    },
  ),
  check(
    'native-capabilities',
    'silver',
    ['Khai báo đối soát và lấy theo lô', 'Names audit and batches'],
    ['Sàn native có audit và records:batch.', 'A native node names audit and records:batch.'],
    async (t) => {
      const { capabilities } = await t.profile();
      every(['audit', 'records:batch'], (name) => capabilities.includes(name), 'capability of a native node');
    },
    { profiles: ['native'] },
  ),
  check(
    'limits',
    'bronze',
    ['maxChanges từ 1 đến 500', 'maxChanges is from 1 to 500'],
    ['Sửa limits.maxChanges.', 'Mend limits.maxChanges.'],
    async (t) => {
      const { maxChanges } = (await t.profile()).limits;
      must(maxChanges >= 1 && maxChanges <= 500, '1 to 500', maxChanges);
    },
  ),
  check(
    'schemas',
    'silver',
    ['Lược đồ giống của phiên bản này', 'The schemas are those of this version'],
    [
      'schemas là SHA-256 của dạng RFC 8785 từng lược đồ; chép lại từ federation/schemas.',
      'schemas holds the SHA-256 of the RFC 8785 form of each schema; copy them anew.',
    ],
    async (t) => {
      const known = schemaDigests();
      const said = Object.entries((await t.profile()).schemas);
      every(said, ([file, digest]) => (known.get(file) ?? digest) === digest, 'the digest of this schema');
    },
  ),
  check(
    'cache',
    'silver',
    ['Hồ sơ cho phép lưu ít nhất 5 phút', 'The profile may be kept for five minutes'],
    ['Cache-Control: public, max-age=300.', 'Cache-Control: public, max-age=300.'],
    async (t) => {
      const control = (await t.discovery()).headers['cache-control'] ?? '';
      const [, age] = /\bmax-age=(\d+)/.exec(control) ?? [];
      must(Number(age) >= 300 && !/no-store|no-cache|private/.test(control), 'max-age of 300 and more', control);
    },
  ),
  check(
    'conditional',
    'silver',
    ['Hồ sơ chưa đổi thì trả 304', 'An unchanged profile costs a 304'],
    [
      'Gửi ETag, và 304 không thân khi If-None-Match khớp.',
      'Send an ETag, and 304 without a body when If-None-Match holds it.',
    ],
    async (t) => {
      const { etag } = (await t.discovery()).headers;
      must(etag !== undefined, 'an ETag', (await t.discovery()).headers);
      const again = await t.plain('GET', PROFILE_PATH, { 'if-none-match': etag });
      same([again.status, again.body.length], [304, 0], 'status and bytes');
      same((await t.plain('GET', PROFILE_PATH, { 'if-none-match': '"other"' })).status, 200, 'status for another tag');
    },
  ),
  check(
    'read-only',
    'gold',
    ['Không ai ghi được vào hồ sơ', 'Nobody writes to the profile'],
    ['Trả 404 hoặc 405 cho POST, PUT, DELETE.', 'Answer POST, PUT and DELETE by 404 or 405.'],
    async (t) => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const { status } = await t.plain(method, PROFILE_PATH);
        must([403, 404, 405].includes(status), '404 or 405', `${method}: ${status}`);
      }
    },
  ),
  check(
    'unknown-members',
    'gold',
    ['Tham số lạ không làm hỏng hồ sơ', 'Unknown query members do no harm'],
    ['Bỏ qua tham số không biết.', 'Ignore what you do not know.'],
    async (t) => {
      const answer = await t.plain('GET', `${PROFILE_PATH}?x-new=1`);
      same([answer.status, Object(jsonOf(answer)).protocol], [200, 'ocop-fed/1'], 'status and protocol');
    },
  ),
];
