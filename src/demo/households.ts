import { addMonths, localDate } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import { type Db, transact } from '#db/client.ts';
import type { Assistance } from '#features/assistance/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { BusinessId, PaperKind } from '#features/businesses/types.ts';
import { samplePaper } from './certificates.ts';

type Samples = {
  readonly services: { readonly db: Db; readonly businesses: Businesses; readonly assistance: Assistance };
  readonly moderator: Id<'Account'>;
  readonly assistant: Id<'Account'>;
  readonly applicant: Id<'Account'>;
  /** The household that the assistant helps. */
  readonly household: BusinessId | undefined;
};
type Household = { readonly name: string; readonly phone: string; readonly wardCode: string; readonly story: string };

const households: readonly Household[] = [
  {
    name: 'Hộ Bánh ống lá dứa Bà Tư',
    phone: '0912000101',
    wardCode: '31507',
    story: 'Bánh ống hấp bằng ống tre, lá dứa hái sau nhà.',
  },
  {
    name: 'Hộ Mắm cá lóc Chín Lành',
    phone: '0912000102',
    wardCode: '31732',
    story: 'Mắm ủ trong khạp sành, chín tháng mới mở.',
  },
  { name: 'Hộ Khô cá kèo Út Mặn', phone: '0912000103', wardCode: '31795', story: 'Khô cá kèo phơi hai nắng, vị lạt.' },
  {
    name: 'Hộ Chiếu lác Ba Xuyên',
    phone: '0912000104',
    wardCode: '31717',
    story: 'Chiếu lác dệt tay, mỗi ngày hai chiếc.',
  },
];

/** An application with its steps filled in by the applicant, and one paper of each kind that is required. */
async function apply(
  { services, applicant }: Samples,
  { name, phone, wardCode, story }: Household,
  papers: readonly PaperKind[],
): Promise<BusinessId> {
  const { businesses } = services;
  const by = { actor: `account:${applicant}` };
  const id = await businesses.begin(by, { name, type: 'household', phone }, applicant);
  const representative = name.split(' ').slice(-2).join(' ');
  const who = {
    name,
    type: 'household' as const,
    representative,
    taxCode: '094170001234',
    phone,
    email: '',
    storyVi: story,
    storyEn: '',
    foundedYear: 2019,
  };
  await businesses.saveWho(by, id, who);
  await businesses.saveWhere(by, id, { provinceCode: '92', wardCode, addressLine: 'Ấp Chợ Cũ' });
  for (const kind of papers) {
    const bytes = samplePaper(`Giay to mau: ${kind}`);
    const stated = { number: '59A8-000123', issuer: 'UBND xã', issuedOn: '2025-02-10', expiresOn: null };
    await businesses.addPaper(by, id, { kind, ...stated }, { bytes, name: `${kind}.pdf` });
  }
  return id;
}

async function approve({ services: { businesses }, moderator }: Samples, id: BusinessId): Promise<void> {
  const officer = { actor: `account:${moderator}`, accountId: moderator };
  for (const { paperId } of await businesses.listPapers(id))
    await businesses.judgePaper(officer, paperId, 'accepted', '');
  await businesses.review(officer, id, { verdict: 'approved', reason: '', remarks: {} });
}

/** Applications in every state that an officer meets, and an assistant with a household, each made by the door that people use. */
export async function loadHouseholds(samples: Samples): Promise<void> {
  const { services, moderator, applicant, assistant, household } = samples;
  const { businesses, assistance, db } = services;
  const officer = { actor: `account:${moderator}`, accountId: moderator };
  const by = { actor: `account:${applicant}` };
  const required = ['registration', 'personal-id'] as const;
  const [waiting, sentBack, suspended, closed] = households;
  if (!waiting || !sentBack || !suspended || !closed) return;
  await businesses.submit(by, await apply(samples, waiting, required));
  const back = await apply(samples, sentBack, required);
  await businesses.submit(by, back);
  const remarks = { 'papers.registration': 'Ảnh mờ, xin chụp lại cả tờ.', addressLine: 'Ghi thêm số nhà.' };
  await businesses.review(officer, back, { verdict: 'changes-requested', reason: 'Còn hai chỗ cần bổ sung.', remarks });
  for (const [one, kind] of [
    [suspended, 'suspension'],
    [closed, 'closure'],
  ] as const) {
    const id = await apply(samples, one, required);
    await businesses.submit(by, id);
    await approve(samples, id);
    await businesses.decideMeasure(officer, id, { kind, ground: 'own-wish', reason: 'Cơ sở xin nghỉ (dữ liệu mẫu).' });
  }
  await assistance.addTeams(officer, [
    { code: 'CNS-VP-01', name: 'Tổ công nghệ số khóm Biển Dưới', wardCode: '31804' },
    { code: 'CNS-VH-01', name: 'Tổ công nghệ số ấp Giồng Nổi', wardCode: '31795' },
  ]);
  const [, team] = await assistance.listTeams();
  if (!team || !household) return;
  await transact(db, officer.actor, (tx) =>
    assistance.addConsent(tx, {
      businessId: household,
      teamId: team.teamId,
      assistantId: assistant,
      scopes: ['profile', 'products', 'stock', 'orders-read'],
      phone: '+84912000105',
      expiresAt: new Date(`${addMonths(localDate(assistance.now()), 11)}T00:00:00+07:00`),
    }),
  );
}
