/** Of every login of the demonstration in tests. */
export const demoPassword = 'nuoc-noi-cho-day';
export const sepayKey = 'test-sepay-key-0123456789';
export const account = {
  bankBin: '970415',
  accountNumber: '113366668888',
  accountName: 'SAN CHO NOI SOC TRANG',
} as const;

/** What a process of a test exchange is started with, besides its database and its port. */
export const exchangeEnv = {
  DEMO: '0',
  SEPAY_API_KEY: sepayKey,
  VIETQR_BANK_BIN: account.bankBin,
  VIETQR_ACCOUNT_NUMBER: account.accountNumber,
  VIETQR_ACCOUNT_NAME: account.accountName,
} as const;
