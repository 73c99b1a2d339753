/** Reading what somebody else wrote, whatever it is: nothing here throws. */
export type Row = Readonly<Record<string, unknown>>;

export const rowOf = (value: unknown): Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : {};
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
