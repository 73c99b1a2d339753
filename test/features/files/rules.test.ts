import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Problem } from '#core/problem.ts';
import { checkArchive, checkWorkbook, workbookLimits } from '#features/files/index.ts';
import { type Entry, workbook, zip } from '#test/support/zip.ts';

const refusalOf = (bytes: Buffer) =>
  checkWorkbook(bytes).then(
    () => 'taken',
    ({ code, extra }: Problem) => (extra.reason ? `${code} ${extra.reason}` : code),
  );
const zeros = Buffer.alloc(30_000_000);
const xml = (text: string): string => `<?xml version="1.0"?>${text}`;
const entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>';
const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(9)}]><x>&b;</x>`;
const link = (kind: string) =>
  xml(
    `<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="\\\\10.0.0.1\\x" TargetMode="External"/></Relationships>`,
  );
const part = (name: string, bytes: string | Buffer = 'x', more: Partial<Entry> = {}): Entry => ({
  name,
  bytes,
  ...more,
});

test('a workbook as Excel writes it is taken, with pictures and links that are only text', async () => {
  expect(await refusalOf(workbook())).toBe('taken');
  expect(await refusalOf(workbook(part('xl/media/image1.png', 'png', { stored: true })))).toBe('taken');
  expect(await refusalOf(workbook(part('xl/worksheets/_rels/sheet1.xml.rels', link('hyperlink'))))).toBe('taken');
});

test('the directory tells what is inside without unpacking it', () => {
  expect(checkArchive(workbook(), workbookLimits).map(({ name }) => name)).toEqual([
    '[Content_Types].xml',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ]);
});

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'archive-unreadable not-an-archive'],
  ['text', Buffer.from('a,b,c\n'.repeat(20)), 'archive-unreadable not-an-archive'],
  ['a PDF', Buffer.from(`%PDF-1.7\n${'x'.repeat(100)}`), 'archive-unreadable not-an-archive'],
  [
    'an old .xls',
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
    'archive-unreadable not-an-archive',
  ],
  ['a ZIP that is no workbook', zip([part('a.txt')]), 'archive-unreadable no-workbook'],
  ['an empty ZIP', zip([]), 'archive-unreadable not-an-archive'],
  ['one that was cut', workbook().subarray(0, -30), 'archive-unreadable not-an-archive'],
  ['one behind a GIF', Buffer.concat([Buffer.from('GIF89a'), workbook()]), 'archive-unreadable not-an-archive'],
  ['one behind another archive', Buffer.concat([workbook(), workbook()]), 'archive-unreadable damaged'],
  ['one before more bytes', Buffer.concat([workbook(), Buffer.from('<script>')]), 'archive-unreadable not-an-archive'],
  ['a count that is not so', zip([part('a')], { count: 3 }), 'archive-unreadable damaged'],
  ['ZIP64', zip([part('a')], { count: 65_535 }), 'archive-bomb'],
  ['10,000 entries', zip(Array.from({ length: 10_000 }, (_, at) => part(`${at}`, ''))), 'archive-bomb'],
  ['30 MB of zeros', workbook(part('xl/worksheets/sheet2.xml', zeros)), 'archive-bomb'],
  ['the same, said to be 10 bytes', workbook(part('xl/worksheets/sheet2.xml', zeros, { says: 10 })), 'archive-bomb'],
  ['said to be 1 GB', workbook(part('xl/worksheets/sheet2.xml', 'x', { says: 1_000_000_000 })), 'archive-bomb'],
  ['said to be more than it is', workbook(part('a.xml', 'x', { says: 400 })), 'archive-unreadable damaged'],
  [
    'entries that share their bytes',
    workbook(part('a.xml', 'x'), part('b.xml', 'x', { onTop: true, localName: 'b.xml' })),
    'archive-unreadable damaged',
  ],
  ['an entry twice', workbook(part('xl/a.xml'), part('XL/A.xml')), 'archive-unreadable duplicate'],
  ['../ in a name', workbook(part('../../etc/passwd')), 'archive-unreadable name'],
  ['/ before a name', workbook(part('/etc/passwd')), 'archive-unreadable name'],
  ['a name of Windows', workbook(part('C:\\x.xml')), 'archive-unreadable name'],
  ['NUL in a name', workbook(part('a.xml\0.png')), 'archive-unreadable name'],
  ['a name of 5,000 letters', workbook(part('a'.repeat(5_000))), 'archive-unreadable name'],
  ['another name in front', workbook(part('a.xml', 'x', { localName: 'b.xml' })), 'archive-unreadable damaged'],
  ['a password', workbook(part('a.xml', 'x', { flags: 1 })), 'archive-unreadable encrypted'],
  ['another way to pack', workbook(part('a.xml', 'x', { method: 12 })), 'archive-unreadable method'],
  [
    'a link to a file',
    workbook(part('a', '/etc/passwd', { attributes: (0o120_777 << 16) >>> 0 })),
    'archive-unreadable link',
  ],
  [
    'packed bytes that are none',
    workbook(part('a.xml', 'xxxx', { packed: Buffer.from([255, 255, 255, 255]) })),
    'archive-unreadable damaged',
  ],
  [
    'packed bytes that end too soon',
    workbook(part('a.xml', 'x'.repeat(99), { packed: deflateRawSync(Buffer.from('x'.repeat(99))).subarray(0, 2) })),
    'archive-unreadable damaged',
  ],
  ['a macro', workbook(part('xl/vbaProject.bin')), 'workbook-active'],
  ['a macro in capitals', workbook(part('xl/VBAPROJECT.BIN')), 'workbook-active'],
  [
    'a macro under another name',
    workbook(part('xl/a.bin'), part('xl/_rels/workbook.xml.rels', link('vbaProject'))),
    'workbook-active',
  ],
  ['a macro sheet', workbook(part('xl/macrosheets/sheet1.xml')), 'workbook-active'],
  ['an ActiveX control', workbook(part('xl/activeX/activeX1.bin')), 'workbook-active'],
  ['an embedded object', workbook(part('xl/embeddings/oleObject1.bin')), 'workbook-active'],
  ['links to another workbook', workbook(part('xl/externalLinks/externalLink1.xml')), 'workbook-active'],
  ['a connection to a database', workbook(part('xl/connections.xml')), 'workbook-active'],
  [
    'the same by a list of links',
    workbook(part('xl/_rels/workbook.xml.rels', link('externalLink'))),
    'workbook-active',
  ],
  ['an external entity', workbook(part('xl/workbook.xml', xml(entity))), 'workbook-active'],
  [
    'the same in UTF-16',
    workbook(part('xl/workbook.xml', Buffer.from(`\ufeff${entity}`, 'utf16le'))),
    'workbook-active',
  ],
  ['a billion laughs', workbook(part('xl/sharedStrings.xml', xml(laughs))), 'workbook-active'],
])('%s is refused: %s', async (_name, bytes, refusal) => {
  expect(await refusalOf(bytes)).toBe(refusal);
});

test('entries that share their bytes are seen where names agree', () => {
  const one = zip([part('a', 'xyz'), part('a', 'xyz', { onTop: true })]);
  expect(() => checkArchive(one, workbookLimits)).toThrow('archive-unreadable');
});

test('a bomb is refused at once and without its memory', async () => {
  const bomb = workbook(part('xl/worksheets/sheet2.xml', zeros, { says: 150 }));
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  expect(await refusalOf(bomb)).toBe('archive-bomb');
  expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('what is cut or changed at random is refused in words, never by a crash', async () => {
  const whole = workbook(part('xl/a.xml', 'xin chào'.repeat(50)));
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 400; round += 1) {
    const bytes = Buffer.from(round % 2 ? whole : whole.subarray(0, random(whole.length)));
    for (let change = 0; bytes.length > 0 && change < 3; change += 1) bytes[random(bytes.length)] = random(256);
    expect(await refusalOf(bytes)).toMatch(/^(taken|archive-|workbook-)/);
  }
});
