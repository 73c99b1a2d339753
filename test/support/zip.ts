import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of an archive, and the lies that it is to tell. */
export type Entry = {
  readonly name: string;
  readonly bytes?: string | Buffer;
  /** Packed bytes as they are, in place of `bytes` packed. */
  readonly packed?: Buffer;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** What the directory says of the length once unpacked. */
  readonly says?: number;
  readonly localName?: string;
  readonly attributes?: number;
  /** Begins where the entry before begins. */
  readonly onTop?: boolean;
};

/** Writes a ZIP by APPNOTE.TXT 4.3, as honest as its entries. */
export function zip(entries: readonly Entry[], { count = entries.length, before = '', after = '' } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  let previous = 0;
  for (const {
    name,
    bytes = '',
    packed: given,
    stored = false,
    flags = 0,
    method,
    says,
    localName,
    attributes = 0,
    onTop,
  } of entries) {
    const plain = Buffer.from(bytes);
    const packed = given ?? (stored ? plain : deflateRawSync(plain));
    const how = method ?? (stored ? 0 : 8);
    const fixed = (start: number, label: Buffer) => {
      const block = Buffer.alloc(26);
      block.writeUInt16LE(20, start);
      block.writeUInt16LE(flags, start + 2);
      block.writeUInt16LE(how, start + 4);
      block.writeUInt32LE(crc32(plain), start + 10);
      block.writeUInt32LE(packed.length, start + 14);
      block.writeUInt32LE(says ?? plain.length, start + 18);
      block.writeUInt16LE(label.length, start + 22);
      return block;
    };
    const label = Buffer.from(name);
    const localLabel = Buffer.from(localName ?? name);
    const here = onTop ? previous : at;
    if (!onTop) {
      const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed(0, localLabel)]);
      parts.push(head, localLabel, packed);
      previous = at;
      at += head.length + localLabel.length + packed.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(attributes, 6);
    tail.writeUInt32LE(here, 10);
    const made = Buffer.from([20, 3]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, fixed(0, label), tail, label]));
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(table.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([
    Buffer.from(before),
    ...parts,
    table,
    Buffer.from('PK\x05\x06', 'latin1'),
    end,
    Buffer.from(after),
  ]);
}

const types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const sheet = '<?xml version="1.0"?><worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>';

/** The parts of a small workbook, and what is to be added to it or put in place of a part. */
export const workbook = (...more: readonly Entry[]): Buffer => {
  const own: Entry[] = [
    { name: '[Content_Types].xml', bytes: types },
    { name: 'xl/workbook.xml', bytes: '<?xml version="1.0"?><workbook/>' },
    { name: 'xl/worksheets/sheet1.xml', bytes: sheet },
  ];
  const replaced = new Set(more.map(({ name }) => name));
  return zip([...own.filter(({ name }) => !replaced.has(name)), ...more]);
};
