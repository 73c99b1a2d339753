import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createCassoFeed } from '#adapters/bank-transfer/casso.ts';
import { createPayosFeed } from '#adapters/bank-transfer/payos.ts';
import { createSepayFeed } from '#adapters/bank-transfer/sepay.ts';

const bytes = (message: unknown): Buffer =>
  Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));

describe('payOS', () => {
  /** The example of payos.vn/docs, checking data with signature, with its own key and signature. */
  const key = '1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675';
  const example = {
    code: '00',
    desc: 'success',
    success: true,
    data: {
      orderCode: 123,
      amount: 3000,
      description: 'VQRIO123',
      accountNumber: '12345678',
      reference: 'TF230204212323',
      transactionDateTime: '2023-02-04 18:25:00',
      currency: 'VND',
      paymentLinkId: '124c33293c43417ab7879e14c8d9eb18',
      code: '00',
      desc: 'Thành công',
      counterAccountBankId: '',
      counterAccountBankName: '',
      counterAccountName: '',
      counterAccountNumber: '',
      virtualAccountName: '',
      virtualAccountNumber: '',
    },
    signature: '412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03',
  };
  const feed = createPayosFeed(key);

  test('the documented example is read, with the bank’s clock in Vietnam', () => {
    expect(feed.read({}, bytes(example))).toMatchObject([
      {
        provider: 'payos',
        providerTxId: 'TF230204212323',
        direction: 'in',
        amountVnd: 3000,
        accountNumber: '12345678',
        content: 'VQRIO123',
        bankReference: 'TF230204212323',
        happenedAt: new Date('2023-02-04T11:25:00Z'),
      },
    ]);
  });

  test.each([
    ['another amount', { ...example, data: { ...example.data, amount: 3001 } }],
    ['a member more', { ...example, data: { ...example.data, note: 'x' } }],
    ['no signature', { ...example, signature: '' }],
    ['no JSON', '<html>'],
    ['a list', []],
  ])('%s is refused', (_what, message) => expect(feed.read({}, bytes(message))).toBe('refused'));
});

describe('Casso', () => {
  const key = 'casso-key-0123456789';
  const at = new Date('2026-11-23T07:02:37Z');
  const feed = createCassoFeed(key, () => at);
  const line = {
    id: 92704,
    reference: 'FT26327123456',
    description: 'ST7K3M9Q2XAB chuyen tien',
    amount: 185_000,
    runningBalance: 900_000,
    transactionDateTime: '2026-11-23 14:02:37',
    accountNumber: '113366668888',
    bankName: 'VietinBank',
    counterAccountName: 'NGUYỄN VĂN A',
    counterAccountNumber: '0123456789',
    counterAccountBankId: '970436',
  };
  /** Written out by hand in the order of the alphabet, as its documentation tells. */
  const canonical = (amount = 185_000, id = 92704) =>
    `{"data":{"accountNumber":"113366668888","amount":${amount},"bankName":"VietinBank","counterAccountBankId":"970436","counterAccountName":"NGUYỄN VĂN A","counterAccountNumber":"0123456789","description":"ST7K3M9Q2XAB chuyen tien","id":${id},"reference":"FT26327123456","runningBalance":900000,"transactionDateTime":"2026-11-23 14:02:37"},"error":0}`;
  const signed = (text: string, t = at.getTime(), by = key) => ({
    'x-casso-signature': `t=${t},v1=${createHmac('sha512', by).update(`${t}.${text}`).digest('hex')}`,
  });

  test('money that came, and from whom', () => {
    expect(feed.read(signed(canonical()), bytes({ error: 0, data: line }))).toMatchObject([
      {
        provider: 'casso',
        providerTxId: '92704',
        direction: 'in',
        amountVnd: 185_000,
        bankReference: 'FT26327123456',
        happenedAt: at,
        payer: { bankBin: '970436', accountNumber: '0123456789', name: 'NGUYỄN VĂN A' },
      },
    ]);
  });

  test('an amount below zero left the account; the service’s own test is none', () => {
    const out = feed.read(signed(canonical(-185_000)), bytes({ error: 0, data: { ...line, amount: -185_000 } }));
    expect(out).toMatchObject([{ direction: 'out', amountVnd: 185_000 }]);
    expect(feed.read(signed(canonical(185_000, 0)), bytes({ error: 0, data: { ...line, id: 0 } }))).toBe('ping');
  });

  test.each<[string, Record<string, string>]>([
    ['another key', signed(canonical(), at.getTime(), 'casso-key-of-somebody')],
    ['another text', signed(canonical(1))],
    ['two days ago', signed(canonical(), at.getTime() - 2 * 86_400_000)],
    ['no signature', {}],
    ['half a signature', { 'x-casso-signature': 't=1,v1=ff' }],
  ])('%s is refused', (_what, headers) => expect(feed.read(headers, bytes({ error: 0, data: line }))).toBe('refused'));
});

describe('SePay', () => {
  const feed = createSepayFeed('sepay-key-0123456789');
  const headers = { authorization: 'Apikey sepay-key-0123456789' };
  test.each([
    ['no JSON', '<html>'],
    ['no amount', { id: 1, accountNumber: '1', transferType: 'in' }],
    ['half a đồng', { id: 1, accountNumber: '1', transferType: 'in', transferAmount: 0.5 }],
  ])('%s is malformed', (_what, message) => expect(feed.read(headers, bytes(message))).toBe('malformed'));
  test('its own test is no transfer', () => {
    const message = { id: 0, accountNumber: '1', transferType: 'in', transferAmount: 1 };
    expect(feed.read(headers, bytes(message))).toBe('ping');
  });
});
