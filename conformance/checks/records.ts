import { checksOf, every, must, type Profile, same, some } from '../kit/check.ts';
import { documentOf, type FedRecord, type Item, jsonOf, mustRefuse, type Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'records', profiles, spec: 'README: Records' });
const native = { profiles: ['native'] } as const;

const pathOf = (uri: string): string => `/federation/v1/records/${encodeURIComponent(uri)}`;
const batch = '/federation/v1/records:batch';
type Batch = { readonly records: readonly FedRecord[] };

const aLive = async (t: Session): Promise<Item> =>
  some(
    (await t.wholeLane('offer')).items.filter(({ op }) => op === 'upsert'),
    'live offer',
  )[0];
const missing = (t: Session): string => `ocop://${t.target.host}/listing/never-was`;

const single = [
  check(
    'by-address',
    'bronze',
    ['Lấy được từng bản ghi theo địa chỉ', 'A record is found by its address'],
    ['Giải mã phần trăm của uri trong đường dẫn.', 'Decode the percent-encoded uri of the path.'],
    async (t) => {
      const item = await aLive(t);
      same(documentOf<FedRecord>(await t.get(pathOf(item.uri))), item.record, 'the record of the feed');
    },
  ),
  check(
    'etag',
    'bronze',
    ['ETag là hash của bản ghi', 'ETag is the hash of the record'],
    ['ETag: "<hash>".', 'ETag: "<hash>".'],
    async (t) => {
      const item = await aLive(t);
      same((await t.get(pathOf(item.uri))).headers.etag, `"${item.hash}"`, 'ETag');
    },
  ),
  check(
    'conditional',
    'silver',
    ['Bản ghi chưa đổi thì trả 304', 'An unchanged record costs a 304'],
    ['304 không thân khi If-None-Match khớp.', '304 without a body when If-None-Match holds the ETag.'],
    async (t) => {
      const { uri, hash } = await aLive(t);
      const held = await t.get(pathOf(uri), {}, { 'if-none-match': `"${hash}"` });
      same([held.status, held.body.length], [304, 0], 'status and bytes');
      same((await t.get(pathOf(uri), {}, { 'if-none-match': '"other"' })).status, 200, 'status for another tag');
    },
  ),
  check(
    'missing',
    'bronze',
    ['Bản ghi chưa từng có là 404', 'A record that never was is 404'],
    ['404 unknown-record.', '404 unknown-record.'],
    async (t) => {
      mustRefuse(await t.get(pathOf(missing(t))), 404, 'unknown-record');
    },
  ),
  check(
    'of-another',
    'silver',
    ['Bản ghi của sàn khác là 404', 'A record of another exchange is 404'],
    ['Đừng trả bản sao của sàn khác.', 'Never answer with copies of others.'],
    async (t) => {
      mustRefuse(await t.get(pathOf('ocop://another-exchange.example/listing/1')), 404, 'unknown-record');
    },
  ),
  check(
    'no-address',
    'silver',
    ['Địa chỉ sai dạng bị từ chối', 'What is no address is refused'],
    ['400 hoặc 404.', '400 or 404.'],
    async (t) => {
      for (const uri of ['nothing', 'ocop://x/y', '../../etc/passwd', 'http://127.0.0.1/'])
        mustRefuse(await t.get(pathOf(uri)), [400, 404]);
    },
  ),
];

const many = [
  check(
    'batch',
    'silver',
    ['Lấy được nhiều bản ghi một lần', 'Several records are found at once'],
    ['POST records:batch với {"uris": […]}.', 'POST records:batch with {"uris": […]}.'],
    async (t) => {
      const wanted = (await t.wholeLane('offer')).items.filter(({ op }) => op === 'upsert').slice(0, 5);
      const { records } = documentOf<Batch>(await t.post(batch, { uris: wanted.map(({ uri }) => uri) }));
      same(records.map(({ uri }) => uri).toSorted(), wanted.map(({ uri }) => uri).toSorted(), 'addresses');
      every(
        records,
        (record) => wanted.some(({ hash, uri }) => uri === record.uri && hash === record.hash),
        'the records of the feed',
      );
    },
    native,
  ),
  check(
    'batch-unknown',
    'silver',
    ['Bản ghi không có thì bỏ ra', 'Unknown ones are left out'],
    ['Đừng từ chối cả lô.', 'Do not refuse the whole batch.'],
    async (t) => {
      const { uri } = await aLive(t);
      const { records } = documentOf<Batch>(await t.post(batch, { uris: [missing(t), uri] }));
      same(
        records.map((record) => record.uri),
        [uri],
        'addresses',
      );
    },
    native,
  ),
  check(
    'batch-bounds',
    'silver',
    ['Lô rỗng hoặc quá 100 bị từ chối', 'None, or more than 100, are refused'],
    ['400.', '400.'],
    async (t) => {
      mustRefuse(await t.post(batch, { uris: [] }), 400);
      mustRefuse(
        await t.post(batch, { uris: Array.from({ length: 101 }, (_, index) => `${missing(t)}-${index}`) }),
        400,
      );
    },
    native,
  ),
  check(
    'batch-hundred',
    'silver',
    ['Lô 100 được nhận', 'A hundred are taken'],
    ['Cho phép tới 100.', 'Allow up to 100.'],
    async (t) => {
      const { records } = documentOf<Batch>(
        await t.post(batch, { uris: Array.from({ length: 100 }, (_, index) => `${missing(t)}-${index}`) }),
      );
      same(records, [], 'records');
    },
    native,
  ),
  check(
    'batch-shape',
    'silver',
    ['Lô sai dạng bị từ chối', 'What is no batch is refused'],
    ['400, không bao giờ 500.', '400, never 500.'],
    async (t) => {
      for (const body of [[], {}, { uris: 'x' }, { uris: [1] }, { uris: [null] }, { uris: ['nothing'] }])
        mustRefuse(await t.post(batch, body), 400);
    },
    native,
  ),
  check(
    'batch-unknown-members',
    'gold',
    ['Thành viên lạ trong lô được bỏ qua', 'Unknown members are ignored'],
    ['Bản sau có thể thêm thành viên.', 'A later version may add some.'],
    async (t) => {
      const { uri } = await aLive(t);
      const answer = await t.post(batch, { uris: [uri], 'x-new': { deep: [1] } });
      must(documentOf<Batch>(answer).records.length === 1, 'one record', jsonOf(answer));
    },
    native,
  ),
];

export const records = [...single, ...many];
