import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ALL_NAMES, VARIABLE_NAMES, VARIABLES } from '#config/variables.ts';

const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The names that operators and other provinces rely on: more may come, none of these may go. */
const promised = `HOST PORT DATA_DIR ROLE DATABASE_URL MEILI_URL MEILI_KEY PUBLIC_URL METRICS_PORT DEMO
  STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET STRIPE_API_BASE SEPAY_API_KEY PAYOS_CHECKSUM_KEY CASSO_KEY VNPAY_TMN_CODE
  VNPAY_SECRET VNPAY_URL VIETQR_BANK_BIN VIETQR_ACCOUNT_NUMBER VIETQR_ACCOUNT_NAME MEILI_INDEX_PREFIX
  FEDERATION_ALLOW_LOOPBACK SMTP_URL STORAGE_URL FEDERATION_KEY_FILE`.split(/\s+/);

test('every promised variable is read', () => {
  expect(promised.filter((name) => !(VARIABLE_NAMES as readonly string[]).includes(name))).toEqual([]);
});

describe.each([
  ['README.md', 's'],
  ['README.vi.md', 'm'],
])('%s', (file, mark) => {
  const rows = [...textOf(file).matchAll(/^\| `([A-Z_]+)`( \*\*(\w)\*\*)? \|/gm)];

  test('has each variable in its table, once, and no other', () => {
    expect(rows.map(([, name = '']) => name).toSorted()).toEqual([...VARIABLE_NAMES].toSorted());
  });

  test('marks the secrets', () => {
    const marked = rows.filter(([, , , letter]) => letter === mark).map(([, name = '']) => name);
    expect(marked.toSorted()).toEqual(VARIABLE_NAMES.filter((name) => VARIABLES[name].secret).toSorted());
  });

  test('names no variable that is not read', () => {
    const named = [...textOf(file).matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)].map(([, name = '']) => name);
    expect(named.filter((name) => ![...ALL_NAMES, 'POSTGRES_PASSWORD', 'DATA_DIR'].includes(name))).toEqual([]);
  });
});
