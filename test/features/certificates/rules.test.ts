import { describe, expect, test } from 'vitest';
import { checkSubmission, legalBasisOn, ocopValidUntil } from '#features/certificates/rules.ts';

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
])('a decision of %s stands on %s', (date, basis) => expect(legalBasisOn(date)).toBe(basis));

describe('a submission', () => {
  const now = new Date('2026-11-23T05:00:00Z');
  const good = { decisionNumber: '1693/QĐ-UBND', issuer: 'UBND tỉnh Sóc Trăng', issuedOn: '2026-11-23', star: 4 };
  test('of today is taken', () => expect(checkSubmission(good, now)).toEqual(good));
  test.each([
    ['star-invalid', { star: 2 }],
    ['star-invalid', { star: 6 }],
    ['star-invalid', { star: 4.5 }],
    ['decision-number-invalid', { decisionNumber: '1693' }],
    ['decision-number-invalid', { decisionNumber: '1693/QD-UBND' }],
    ['decision-number-invalid', { decisionNumber: '1693/QĐ-UBND; drop' }],
    ['certificate-from-the-future', { issuedOn: '2026-11-24' }],
  ])('%s', (code, over) => {
    expect(() => checkSubmission({ ...good, ...over }, now)).toThrow(expect.objectContaining({ code }));
  });
  test('it is tomorrow in Vietnam while it is still today in London', () => {
    const evening = new Date('2026-11-23T17:30:00Z');
    expect(checkSubmission({ ...good, issuedOn: '2026-11-24' }, evening)).toMatchObject({ issuedOn: '2026-11-24' });
  });
});
