import { bucketOf, bucketsOf, type Named, rootOf, rootOfBuckets, sha256 } from '../kit/canonical.ts';
import { checksOf, every, type Profile, same, some } from '../kit/check.ts';
import { mustFit } from '../kit/schemas.ts';
import { documentOf, LANES, type Lane, mustRefuse, type Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native'];
const check = checksOf({ name: 'audit', profiles, spec: 'README: Audit' });

type Audit = { epoch: string; lane: string; count: number; root: string; buckets: readonly string[] };
type Bucket = { epoch: string; lane: string; bucket: number; hash: string; members: readonly Named[] };

const auditOf = (t: Session, lane: Lane) =>
  t.once(`audit ${lane}`, async () => documentOf<Audit>(await t.get(`/federation/v1/audit?lane=${lane}`)));
const bucketAt = async (t: Session, lane: Lane, bucket: number | string) =>
  documentOf<Bucket>(await t.get(`/federation/v1/audit/${bucket}?lane=${lane}`));
const both = async (t: Session, look: (audit: Audit, lane: Lane) => void | Promise<void>): Promise<void> => {
  for (const lane of LANES) await look(await auditOf(t, lane), lane);
};
const follow = ['So với vectors/audit.json.', 'Compare with vectors/audit.json.'] as const;

export const audit = [
  check('schema', 'silver', ['Bảng đối soát đúng audit.json', 'The audit is as audit.json says'], follow, (t) =>
    both(t, (said, lane) => {
      mustFit('audit.json', said);
      same(said.lane, lane, 'lane');
    }),
  ),
  check('root', 'silver', ['root là của 256 ngăn', 'The root is of the 256 buckets'], follow, (t) =>
    both(t, ({ root, buckets }) => same(root, rootOfBuckets(buckets), 'root')),
  ),
  check(
    'buckets',
    'silver',
    ['Các ngăn bằng phép tính lại từ ảnh chụp', 'The buckets equal those of the snapshot'],
    follow,
    (t) => both(t, async ({ buckets }, lane) => same(buckets, bucketsOf((await t.snapshot(lane)).records), 'buckets')),
  ),
  check('count', 'silver', ['Số bản ghi bằng của ảnh chụp', 'The count is that of the snapshot'], follow, (t) =>
    both(t, async ({ count }, lane) => same(count, (await t.snapshot(lane)).records.length, 'count')),
  ),
  check(
    'epoch',
    'silver',
    ['Đối soát cùng epoch với dòng thay đổi', 'The audit is of the epoch of the feed'],
    follow,
    (t) => both(t, async ({ epoch }, lane) => same(epoch, (await t.snapshot(lane)).header.epoch, 'epoch')),
  ),
  check(
    'empty',
    'silver',
    ['Ngăn rỗng là hash của không byte nào', 'An empty bucket is the hash of no bytes'],
    follow,
    (t) =>
      both(t, async ({ buckets }, lane) => {
        const used = new Set((await t.snapshot(lane)).records.map(({ uri }) => bucketOf(uri)));
        every(
          buckets.filter((_, index) => !used.has(index)),
          (hash) => hash === sha256(''),
          'the hash of no bytes',
        );
      }),
  ),
  check(
    'members',
    'silver',
    ['Thành viên một ngăn khớp hash của ngăn', 'The members of a bucket give its hash'],
    follow,
    async (t) => {
      const { uri } = some((await t.snapshot('offer')).records, 'record')[0];
      const bucket = await bucketAt(t, 'offer', bucketOf(uri));
      mustFit('audit-bucket.json', bucket);
      const expected = (await auditOf(t, 'offer')).buckets[bucketOf(uri)];
      same([bucket.hash, rootOf(bucket.members)], [expected, expected], 'hash of the bucket');
    },
  ),
  check(
    'members-of-bucket',
    'silver',
    ['Thành viên thuộc đúng ngăn', 'The members belong to the bucket'],
    ['Ngăn là byte đầu của SHA-256 của uri.', 'The bucket is the first byte of SHA-256 of the uri.'],
    async (t) => {
      const { records } = await t.snapshot('catalogue');
      const number = bucketOf(some(records, 'record')[0].uri);
      const { members, bucket } = await bucketAt(t, 'catalogue', number);
      same(bucket, number, 'bucket');
      every(members, ({ uri }) => bucketOf(uri) === number, `members of bucket ${number}`);
      same(members.length, records.filter(({ uri }) => bucketOf(uri) === number).length, 'members');
    },
  ),
  check(
    'bounds',
    'silver',
    ['Ngăn ngoài 0–255 bị từ chối', 'A bucket outside 0 to 255 is refused'],
    ['400.', '400.'],
    async (t) => {
      for (const bucket of ['256', '-1', 'x'])
        mustRefuse(await t.get(`/federation/v1/audit/${bucket}?lane=offer`), 400);
    },
  ),
  check('lane', 'silver', ['Luồng lạ bị từ chối', 'An unknown lane is refused'], ['400.', '400.'], async (t) => {
    mustRefuse(await t.get('/federation/v1/audit?lane=everything'), 400);
    mustRefuse(await t.get('/federation/v1/audit'), 400);
  }),
];
