import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { text } from 'drizzle-orm/pg-core';
import { openVaultKeys, type VaultKey } from '#config/vault-keys.ts';
import { type Db, type Tx, transact } from './client.ts';

declare const sealedBrand: unique symbol;
/** What `seal` made: `s1.<key id>.<wrapped data key>.<ciphertext>`. It may be stored and backed up; it tells nothing. */
export type Sealed = string & { readonly [sealedBrand]: true };
export type Vault = ReturnType<typeof createVault>;

/** A column of sealed texts. Its name ends in `_sealed` (`taxIdSealed`), by which rotation finds it. */
export const sealed = () => text().$type<Sealed>();

/** `1234` of `001087001234`: what a page shows of an identifier. Empty when hiding all but four would hide nothing. */
export const lastFour = (plain: string): string => (plain.length > 4 ? plain.slice(-4) : '');

const nonceLength = 12;
const tagLength = 16;

function encrypt(key: Buffer, plain: Buffer, aad: string): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: Buffer, box: string, aad: string): Buffer {
  const bytes = Buffer.from(box, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(-tagLength));
  return Buffer.concat([decipher.update(bytes.subarray(nonceLength, -tagLength)), decipher.final()]);
}

/**
 * Keeps personal identifiers and secrets unreadable in the database: each text has a data key of its own (AES-256-GCM),
 * which is wrapped by a key under `DATA_DIR/secrets/vault`. Composed once, as `services.vault`:
 *
 * - `seal(plain, aad)` → `Sealed`. `aad` says what the text belongs to, `<table>.<column>:<row id>`; opening with
 *   another one fails, so that a row cannot be given a neighbour's number by copying it in SQL.
 * - `open(sealed, aad)` → the plain text. Throws when key, text or `aad` is not the one it was sealed with.
 *
 * Reading a person's identifier in full is an act: whoever shows it calls `identity.logReading` in the same transaction.
 */
export function createVault({ dataDir }: { readonly dataDir: string }) {
  const keys = openVaultKeys(dataDir);
  const keyOf = (id: string): VaultKey => {
    const key = keys.find(id);
    if (!key) throw new Error(`There is no key ${id} in DATA_DIR/secrets/vault: restore it from a backup`);
    return key;
  };
  const partsOf = (text: string) => {
    const [version, id = '', wrapped = '', box = ''] = text.split('.');
    if (version !== 's1') throw new Error('This text was not sealed');
    return { id, box, dataKey: decrypt(keyOf(id).bytes, wrapped, id) };
  };
  const wrap = (dataKey: Buffer, box: string): Sealed => {
    const { id, bytes } = keys.newest();
    return `s1.${id}.${encrypt(bytes, dataKey, id)}.${box}` as Sealed;
  };
  return {
    seal: (plain: string, aad: string): Sealed => {
      const dataKey = randomBytes(32);
      return wrap(dataKey, encrypt(dataKey, Buffer.from(plain), aad));
    },
    open: (text: Sealed, aad: string): string => {
      const { dataKey, box } = partsOf(text);
      return decrypt(dataKey, box, aad).toString();
    },
    /** The same text under the newest key; nobody needs to know what it says for that. */
    reseal: (text: Sealed): Sealed => {
      const { dataKey, box } = partsOf(text);
      return wrap(dataKey, box);
    },
    newestKeyId: (): string => keys.newest().id,
    rotate: (): string => keys.rotate().id,
  };
}

const batchSize = 500;

/** Columns are found by their names, so that no slice can forget to announce one. */
async function sealedColumns(db: Db): Promise<readonly { readonly table: string; readonly column: string }[]> {
  const { rows } = await db.execute<{ table: string; column: string }>(
    sql`select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and column_name like '%\\_sealed' and data_type = 'text' order by 1, 2`,
  );
  return rows;
}

async function resealBatch(tx: Tx, vault: Vault, table: string, column: string): Promise<number> {
  const [from, what] = [sql.identifier(table), sql.identifier(column)];
  const { rows } = await tx.execute<{ at: string; text: Sealed }>(
    sql`select ctid::text as at, ${what} as text from ${from}
      where ${what} is not null and ${what} not like ${`s1.${vault.newestKeyId()}.%`} limit ${batchSize} for update skip locked`,
  );
  for (const { at, text } of rows)
    await tx.execute(sql`update ${from} set ${what} = ${vault.reseal(text)} where ctid = ${at}::tid`);
  return rows.length;
}

/** Brings every sealed text under the newest key, some hundred rows a transaction; how many there were. */
export async function resealAll(db: Db, vault: Vault): Promise<number> {
  let done = 0;
  for (const { table, column } of await sealedColumns(db)) {
    for (;;) {
      const count = await transact(db, 'system:reseal', (tx) => resealBatch(tx, vault, table, column));
      done += count;
      if (count < batchSize) break;
    }
  }
  return done;
}
