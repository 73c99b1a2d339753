import { randomBytes, randomUUIDv7 } from 'node:crypto';

declare const brand: unique symbol;

/** A UUIDv7 that belongs to one kind of thing, so that an order's id cannot be passed where a business's is wanted. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

/** A fresh id; UUIDv7 sorts by time, which keeps primary-key indexes dense. */
export const newId = <Kind extends string>(): Id<Kind> => randomUUIDv7() as string as Id<Kind>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` can be an id at all. PostgreSQL raises an error on anything else, and a stranger's guess is no error of ours. */
export const isId = <Kind extends string>(text: string): text is Id<Kind> => uuid.test(text);

/** Bearer secret of 128 random bits in 22 URL-safe characters: whoever knows it may act on the cart or payment. */
export const newSecret = (): string => randomBytes(16).toString('base64url');

/** Crockford's alphabet: no I, L, O or U, which people misread on a bank slip. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_PATTERN = /ST[0-9A-HJKMNP-TV-Z]{10}/;

/** A code as people type it: any case, spaces and dashes between, and O for 0, I or L for 1, as Crockford's base32 reads them. */
export const readCode = (text: string): string => {
  const typed = text.toUpperCase().replace(/[\s-]/g, '');
  return typed.slice(0, 2) + typed.slice(2).replace(/O/g, '0').replace(/[IL]/g, '1');
};

/** A code that people read aloud and banks carry in a memo: `ST` and 50 random bits. The `codes` table keeps all of them unique. */
export function newCode(): string {
  const bytes = randomBytes(10);
  return `ST${Array.from(bytes, (byte) => alphabet[byte & 31]).join('')}`;
}
