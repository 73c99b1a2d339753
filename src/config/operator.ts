import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno } from './files.ts';

/** Who runs the exchange, as the law wants it shown (Law on E-commerce 2025, in force since 1 July 2026). */
export type Operator = {
  readonly name: string;
  readonly address: string;
  readonly phone: string;
  readonly email: string;
  /** The decision or licence by which it is run, with its number and day. */
  readonly licence: string;
  readonly representative: string;
};
const members = ['name', 'address', 'phone', 'email', 'licence', 'representative'] as const;

/** What the demonstration shows in its place. Not real, like everything else in it. */
const sample: Operator = {
  name: 'Đơn vị vận hành mẫu (không có thật)',
  address: 'Phường Phú Lợi, Cần Thơ',
  phone: '0299 000 0000',
  email: 'lienhe@cho-noi.example',
  licence: 'Giấy xác nhận mẫu, không có giá trị',
  representative: 'Nguyễn Văn Mẫu',
};

/**
 * `operator.json` under `dataDir`: one object with every member above, as text. Undefined where nobody has written it yet
 * or a member is missing; the page then says so in the operator's place.
 */
export function readOperator(dataDir: string, demo: boolean): Operator | undefined {
  try {
    const held: unknown = JSON.parse(readFileSync(join(dataDir, 'operator.json'), 'utf8'));
    const values = members.map((name): readonly [string, unknown] => [
      name,
      typeof held === 'object' && held !== null ? Reflect.get(held, name) : undefined,
    ]);
    const isWhole = values.every(([, value]) => typeof value === 'string' && value !== '');
    return isWhole ? (Object.fromEntries(values) as Operator) : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return demo ? sample : undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
