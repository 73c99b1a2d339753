import { describe, expect, test } from 'vitest';
import { type CheckedFacts, machineChecks, type Twin } from '#features/certificates/rules/checks.ts';
import { competenceOn, isScoreOf, legalBasisOn, levelOf, ocopValidUntil } from '#features/certificates/rules/law.ts';
import { checkList, checkRevocation, checkVerdict, stateAt } from '#features/certificates/rules/life.ts';
import { daysLeft, reminderDue } from '#features/certificates/rules/reminders.ts';
import { claimsOf } from '#features/certificates/rules/statement.ts';
import { checkNotLapsed, checkScore, checkSubmission, readDay } from '#features/certificates/rules/submission.ts';
import { CHECKLIST, type RevocationCause, type Submission } from '#features/certificates/types.ts';

const now = new Date('2026-11-23T05:00:00Z');
const refused = (code: string) => expect.objectContaining({ code });

describe('36 months from the decision', () => {
  test.each([
    ['2023-11-24', '2026-11-24'],
    ['2024-02-29', '2027-02-28'],
    ['2025-02-28', '2028-02-28'],
    ['2023-12-31', '2026-12-31'],
  ])('signed on %s it ends when %s begins in Vietnam', (issuedOn, endsOn) => {
    const until = ocopValidUntil(issuedOn);
    expect(until.toISOString()).toBe(new Date(`${endsOn}T00:00:00+07:00`).toISOString());
    expect(until.getUTCHours()).toBe(17);
  });
});

test.each([
  ['2022-05-01', '1048/QĐ-TTg'],
  ['2023-02-23', '1048/QĐ-TTg'],
  ['2023-02-24', '148/QĐ-TTg'],
  ['2025-07-05', '148/QĐ-TTg'],
  ['2025-07-06', '1489/QĐ-TTg'],
  ['2026-05-21', '1489/QĐ-TTg'],
  ['2026-05-22', '26/2026/QĐ-TTg'],
])('a decision of %s stands on %s', (date, basis) => expect(legalBasisOn('ocop', date)).toBe(basis));

test.each([
  ['UBND huyện Mỹ Tú', 'district'],
  ['UBND thị xã Ngã Năm', 'district'],
  ['UBND thành phố Sóc Trăng', 'district'],
  ['Uỷ ban nhân dân TP. Sóc Trăng', 'district'],
  ['Ủy ban nhân dân tỉnh Sóc Trăng', 'province'],
  ['UBND thành phố Cần Thơ', 'province'],
  ['UBND TP Cần Thơ', 'province'],
  ['Bộ Nông nghiệp và Môi trường', 'ministry'],
  ['Sở Công Thương', 'other'],
])('%s is of the level %s', (issuer, level) => expect(levelOf(issuer)).toBe(level));

test.each([
  ['UBND huyện Mỹ Tú', 3, '2025-06-30', 'passed'],
  ['UBND huyện Mỹ Tú', 3, '2025-07-01', 'failed'],
  ['UBND huyện Mỹ Tú', 4, '2024-01-01', 'failed'],
  ['UBND thành phố Cần Thơ', 3, '2025-07-01', 'passed'],
  ['UBND thành phố Cần Thơ', 4, '2026-01-01', 'passed'],
  ['UBND thành phố Cần Thơ', 5, '2026-01-01', 'failed'],
  ['Bộ Nông nghiệp và Môi trường', 5, '2026-01-01', 'passed'],
  ['Bộ Nông nghiệp và Môi trường', 4, '2026-01-01', 'failed'],
  ['Hội đồng OCOP', 4, '2026-01-01', 'unsure'],
] as const)('%s awarding %i stars on %s: %s', (issuer, star, day, outcome) =>
  expect(competenceOn(issuer, star, day)).toBe(outcome),
);

describe('a submission', () => {
  const good: Submission = {
    kind: 'ocop',
    decisionNumber: '1693/QĐ-UBND',
    issuer: 'UBND tỉnh Sóc Trăng',
    issuedOn: '2026-11-23',
    star: 4,
    expiresOn: null,
  };
  const food: Submission = {
    ...good,
    kind: 'food-safety',
    decisionNumber: '12/2026/ATTP',
    star: null,
    expiresOn: '2029-11-23',
  };

  test('of today is taken, its end by the law', () =>
    expect(checkSubmission(good, now)).toMatchObject({ ...good, validUntil: ocopValidUntil('2026-11-23') }));
  test('keeps what is printed as its end for the other kinds: the day itself still counts', () =>
    expect(checkSubmission(food, now).validUntil).toEqual(new Date('2029-11-24T00:00:00+07:00')));
  test('of a geographical indication may have no end', () =>
    expect(checkSubmission({ ...food, kind: 'gi', expiresOn: null }, now).validUntil).toBeNull());
  test.each([
    ['star-invalid', { star: 2 }],
    ['star-invalid', { star: 6 }],
    ['star-invalid', { star: 4.5 }],
    ['star-invalid', { star: null }],
    ['decision-number-invalid', { decisionNumber: '1693' }],
    ['decision-number-invalid', { decisionNumber: '1693/QD-UBND' }],
    ['decision-number-invalid', { decisionNumber: '1693/QĐ-UBND; drop' }],
    ['certificate-from-the-future', { issuedOn: '2026-11-24' }],
    ['certificate-date-invalid', { issuedOn: '2026-02-30' }],
    ['certificate-issuer-invalid', { issuer: ' ' }],
    ['issuer-not-competent', { star: 5 }],
  ])('%s', (code, over) => {
    expect(() => checkSubmission({ ...good, ...over }, now)).toThrow(refused(code));
  });
  test.each([
    ['star-invalid', { star: 4 }],
    ['certificate-expiry-invalid', { expiresOn: null }],
    ['certificate-expiry-invalid', { expiresOn: '2026-11-23' }],
    ['certificate-expiry-invalid', { expiresOn: '2029-11-24' }],
    ['certificate-date-invalid', { expiresOn: '2027-13-01' }],
    ['decision-number-invalid', { decisionNumber: 'ATTP' }],
    ['decision-number-invalid', { decisionNumber: '<b>12</b>' }],
  ])('of another kind: %s', (code, over) => {
    expect(() => checkSubmission({ ...food, ...over }, now)).toThrow(refused(code));
  });
  test('it is tomorrow in Vietnam while it is still today in London', () => {
    const evening = new Date('2026-11-23T17:30:00Z');
    expect(checkSubmission({ ...good, issuedOn: '2026-11-24' }, evening)).toMatchObject({ issuedOn: '2026-11-24' });
  });
  test('by a business must still hold', () =>
    expect(() => checkNotLapsed({ validUntil: now }, now)).toThrow(refused('certificate-lapsed')));
});

test.each([
  ['15/9/2026', '2026-09-15'],
  ['15-09-2026', '2026-09-15'],
  ['2026-09-15', '2026-09-15'],
  ['31/02/2026', undefined],
  ['9/15/2026', undefined],
  ['', undefined],
])('%s is the day %s', (typed, day) => expect(readDay(typed)).toBe(day));

test('bands of the score are half open', () => {
  expect(
    [500, 699, 700, 899, 900, 1_000].map((score) => [3, 4, 5].filter((star) => isScoreOf(star as 3, score))),
  ).toEqual([[3], [3], [4], [4], [5], [5]]);
  expect(() => checkScore(null, 700)).toThrow(refused('score-outside-star'));
});

describe('verdicts', () => {
  const waiting = { status: 'submitted', submittedBy: 'account:a', validUntil: null } as const;
  test('need another pair of eyes, the whole list, and something that waits', () => {
    expect(() => checkVerdict(waiting, 'account:b')).not.toThrow();
    expect(() => checkVerdict(waiting, 'account:a')).toThrow(refused('certificate-four-eyes'));
    expect(() => checkVerdict({ ...waiting, status: 'verified' }, 'account:b')).toThrow(
      refused('certificate-not-submitted'),
    );
    expect(() => checkList(CHECKLIST.slice(1))).toThrow(refused('checklist-incomplete'));
    expect(() => checkList(CHECKLIST)).not.toThrow();
  });

  const held = { ...waiting, status: 'verified', issuedOn: '2026-01-01', validUntil: new Date('2029-01-01') } as const;
  const entry = {
    cause: 'fraud' as RevocationCause,
    reason: 'Hồ sơ giả con dấu',
    decisionNumber: '7/QĐ-UBND',
    decidedOn: '20/11/2026',
  };
  test('revocation names cause, decision and day', () =>
    expect(checkRevocation(held, entry, now)).toMatchObject({ decisionNumber: '7/QĐ-UBND', decidedOn: '2026-11-20' }));
  test('our own slip needs no decision', () =>
    expect(
      checkRevocation(held, { ...entry, cause: 'recorded-in-error', decisionNumber: '', decidedOn: '' }, now),
    ).toMatchObject({ decidedOn: null }));
  test.each([
    ['revocation-incomplete', { decisionNumber: '' }],
    ['revocation-incomplete', { decidedOn: '24/11/2026' }],
    ['revocation-incomplete', { decidedOn: '31/12/2025' }],
    ['verdict-reason-required', { reason: 'xấu' }],
  ])('%s', (code, over) => expect(() => checkRevocation(held, { ...entry, ...over }, now)).toThrow(refused(code)));
  test('what has lapsed is not revoked', () =>
    expect(() => checkRevocation({ ...held, validUntil: now }, entry, now)).toThrow(
      refused('certificate-not-in-force'),
    ));
});

test('the state is right at midnight, marked or not', () => {
  const validUntil = new Date('2026-11-24T00:00:00+07:00');
  const held = { status: 'verified', validUntil } as const;
  expect(stateAt(held, new Date(validUntil.getTime() - 1))).toBe('verified');
  expect(stateAt(held, validUntil)).toBe('expired');
  expect(stateAt({ ...held, validUntil: null }, validUntil)).toBe('verified');
});

describe('reminders', () => {
  const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
  test.each([
    [181, undefined],
    [180, 180],
    [91, 180],
    [90, 90],
    [30, 30],
    [8, 30],
    [7, 7],
    [0.1, 7],
    [0, undefined],
  ])('%d days before the end: %s', (left, due) => expect(reminderDue(days(left), now)).toBe(due));
  test('the last day counts', () => expect(daysLeft(days(0.1), now)).toBe(1));
});

describe('what the machine sees', () => {
  const facts: CheckedFacts = {
    kind: 'ocop',
    issuer: 'UBND thành phố Cần Thơ',
    decisionNumber: '9/QĐ-UBND',
    issuedOn: '2026-09-15',
    star: 3,
    validUntil: new Date('2029-09-15'),
    businessStatus: 'approved',
    evidenceSha256: 'a',
    storedSha256: 'a',
  };
  const twin: Twin = { ...facts, code: 'ST0000000001', evidenceSha256: 'a' };
  const seen = (over: Partial<CheckedFacts>, ...twins: Twin[]) =>
    machineChecks({ ...facts, ...over }, twins, now)
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ check, outcome, codes }) => [check, outcome, ...codes].join(' '));
  test('nothing to say of a plain one, nor of another product of the same decision', () => {
    expect(seen({})).toEqual([]);
    expect(seen({}, twin)).toEqual([]);
  });
  test.each([
    ['issuer failed', { issuer: 'UBND huyện Mỹ Tú' }],
    ['number unsure', { decisionNumber: '9/QĐ-BNNMT' }],
    ['holder failed', { businessStatus: 'suspended' }],
    ['evidence unsure', { evidenceSha256: null }],
    ['evidence failed', { storedSha256: 'b' }],
    ['dates failed', { validUntil: now }],
  ])('%s', (said, over) => expect(seen(over)).toContain(said));
  test('the same number with another date, and the same copy under another number', () => {
    expect(seen({}, { ...twin, issuedOn: '2026-01-01', evidenceSha256: null })).toEqual([
      'duplicates unsure ST0000000001',
    ]);
    expect(seen({}, { ...twin, decisionNumber: '8/QĐ-UBND' })).toEqual(['evidence unsure ST0000000001']);
  });
});

test('a statement lasts a day, and no longer than what it says', () => {
  const certificate = {
    code: 'ST7K3M9Q2XAB',
    kind: 'ocop',
    status: 'verified',
    inForce: true,
    star: 4,
    issuer: 'UBND thành phố Cần Thơ',
    decisionNumber: '9/QĐ-UBND',
    issuedOn: '2026-09-15',
    legalBasis: '26/2026/QĐ-TTg',
    validUntil: new Date('2029-09-15T00:00:00+07:00'),
    revokedAt: null,
    revocationCause: null,
    product: { productId: 'p', name: 'Bánh pía' },
    business: { businessId: 'b', name: 'Lò bánh' },
  } as const;
  const claims = claimsOf(certificate, 'https://san.example', now);
  expect(claims.exp - claims.iat).toBe(86_400);
  const soon = { ...certificate, validUntil: new Date(now.getTime() + 60_000) };
  expect(claimsOf(soon, 'https://san.example', now).exp - claims.iat).toBe(60);
  const lapsed = { ...certificate, status: 'expired', inForce: false, validUntil: now } as const;
  expect(claimsOf(lapsed, 'https://san.example', now)).toMatchObject({
    exp: claims.exp,
    certificate: { status: 'expired' },
  });
});
