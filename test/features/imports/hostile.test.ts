import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { workbook, zip } from '#test/support/zip.ts';
import { createImporter, csv, type Importing } from './sheet.ts';

let node: TestNode;
let importing: Importing;
let before: Readonly<Record<string, number>>;

/** Tables in which an import leaves a trace of itself and nothing of its goods. */
const own = ['imports', 'import_rows', 'import_mappings'];
const rest = (rows: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(rows).filter(([name]) => !own.includes(name)));

beforeAll(async () => {
  node = await startNode();
  importing = createImporter(node, await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword));
  before = await node.countRows();
});
afterAll(async () => {
  expect(rest(await node.countRows())).toEqual(rest(before));
  await node.close();
});

const headings = 'Mã hàng,Tên sản phẩm,Nhóm hàng,Giá bán';
const goods = 'A1,Gạo,"Gạo, ngũ cốc, hạt sơ chế khác",25k';
const rows = (count: number): string =>
  `${headings}\n${Array.from({ length: count }, (_, index) => `A${index},Gạo,x,1000`).join('\n')}\n`;
const sheetXml = (count: number): string =>
  `<worksheet><sheetData>${Array.from({ length: count }, (_, row) => `<row r="${row + 1}"><c r="A${row + 1}"><v>${(row * 7_919) % 1_000_003}</v></c></row>`).join('')}</sheetData></worksheet>`;

describe('a file that is no sheet, or too much of one, is refused in words and nothing of it is kept', () => {
  test.each<[string, () => Buffer | string | Promise<Buffer>, string]>([
    [
      'an old .xls',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'sheet-type-refused',
    ],
    ['a PDF called .csv', () => Buffer.from('%PDF-1.7\n\u0000\u0001 %%EOF'), 'sheet-type-refused'],
    ['a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'sheet-type-refused'],
    [
      'random bytes',
      () => Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 97) % 256)),
      'sheet-type-refused',
    ],
    [
      'one whose table is not certain',
      () => Buffer.from('mã;tên\n1;gạo nếp thơm\n'.normalize('NFC'), 'latin1'),
      'sheet-encoding-unknown',
    ],
    ['blank lines', () => '\n\n  \n', 'sheet-empty'],
    ['headings alone', () => `${headings}\n`, 'sheet-empty'],
    ['a quotation that never ends', () => `${headings}\nA1,"Gạo${'x'.repeat(5_000_000)}`, 'sheet-damaged'],
    ['200,000 rows', () => rows(200_000), 'sheet-too-long'],
    [
      '300 columns',
      () => `${Array.from({ length: 300 }, (_, index) => `cột ${index}`).join()}\nmã hàng,tên\n`,
      'sheet-too-wide',
    ],
    ['a workbook of 200,000 rows', () => zip(workbookWith(sheetXml(200_000))), 'sheet-too-long'],
    [
      'a workbook that is a bomb',
      () => workbook({ name: 'xl/worksheets/sheet2.xml', bytes: Buffer.alloc(30_000_000) }),
      'archive-bomb',
    ],
    ['a workbook with macros', () => workbook({ name: 'xl/vbaProject.bin', bytes: 'x' }), 'workbook-active'],
    [
      'a workbook that draws from another',
      () => workbook({ name: 'xl/externalLinks/externalLink1.xml', bytes: '<x/>' }),
      'workbook-active',
    ],
    [
      'a workbook that was cut',
      async () => (await writeWorkbook([['Mã hàng', 'Tên']] as never).toBuffer()).subarray(0, -40),
      'archive-unreadable',
    ],
  ])('%s', async (_what, bytes, code) => {
    const preview = await importing.preview(await bytes());
    expect([preview.state, preview.problem?.code]).toEqual(['failed', code]);
    expect(await importing.rows(preview.importId)).toEqual([]);
    expect((await importing.confirm(preview.importId, preview.version, 'valid')).status).toBe(409);
    // In words of its own in each language, on the page as by the API.
    for (const [language, prefix] of [
      ['vi', ''],
      ['en', '/en'],
    ] as const) {
      const [title = ''] = preview.problem?.messages[language].split('. ') ?? [];
      expect(title.length).toBeGreaterThan(8);
      expect(title).not.toContain(code);
      const page = await importing.client.send<string>('GET', `${prefix}/ban-hang/nhap-hang/${preview.importId}`);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain(code);
      expect(page.text).toContain(title);
    }
  });

  test('nothing chosen, too large, another media type', async () => {
    expect((await importing.upload('', 'x.csv')).status).toBe(422);
    expect((await importing.upload(Buffer.alloc(21 * 1_048_576), 'x.csv')).status).toBe(413);
    expect((await importing.client.send('POST', '/v1/seller/imports', { body: { file: 'x' } })).status).toBe(415);
  });
});

/** A workbook as Excel packs it, with this sheet. */
function workbookWith(sheet: string) {
  const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return [
    { name: '[Content_Types].xml', bytes: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      bytes: `<workbook xmlns:r="${relationships}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: `<Relationships><Relationship Id="rId1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/sheet1.xml', bytes: sheet },
  ];
}

describe('a cell that is up to no good refuses its row, and is shown as text', () => {
  test.each([
    ['<script>alert(1)</script>', 'HTML_UNSAFE'],
    ['=cmd|x', 'FORMULA_INJECTION'],
    ['KhÃ´ gÃ\u00a0', 'ENCODING_MOJIBAKE'],
    ['x'.repeat(1_048_576), 'NAME_TOO_LONG'],
    ['__proto__', null],
  ])('%.30j', async (name, code) => {
    const preview = await importing.preview(
      csv(headings, `P-${name.length},"${name.replaceAll('"', '""')}","Gạo, ngũ cốc, hạt sơ chế khác",25k`),
    );
    const [row] = await importing.rows(preview.importId);
    expect(row?.reasonCode === null ? null : (row?.reasons.find(({ rejects }) => rejects)?.code ?? null)).toBe(
      code === 'NAME_TOO_LONG' ? 'TEXT_TOO_LONG' : code,
    );
    const { text } = await importing.client.send<string>('GET', `/ban-hang/nhap-hang/${preview.importId}?xem=error`);
    expect(text).not.toContain('<script>alert');
  });

  test('a formula of a workbook counts for what it came to, and never for what it would do', async () => {
    const text = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
    const cells = (row: number, name: string, price: string): string =>
      `<row r="${row}">${text(`A${row}`, `CT-${row}`)}${name}${text(`C${row}`, 'Gạo, ngũ cốc, hạt sơ chế khác')}${price}</row>`;
    const titles = headings.split(',').map((title, column) => text(`${'ABCD'[column]}1`, title));
    const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">${titles.join('')}</row>
${cells(2, text('B2', 'Gạo tính giá'), '<c r="D2"><f>20000+5000</f><v>25000</v></c>')}
${cells(3, '<c r="B3" t="str"><f>"=cmd|x"</f><v>=cmd|x</v></c>', '<c r="D3"><v>25000</v></c>')}</sheetData></worksheet>`;
    const preview = await importing.preview(zip(workbookWith(sheet)), 'cong-thuc.xlsx');
    const [sum, command] = await importing.rows(preview.importId);
    expect(sum).toMatchObject({ verdict: 'new', values: { priceVnd: 25_000 } });
    expect(command?.reasons).toContainEqual(expect.objectContaining({ field: 'nameVi', code: 'FORMULA_INJECTION' }));
  });

  test('headings are text as well', async () => {
    const preview = await importing.preview(csv('<script>alert(1)</script>,=1+1,Cột', 'a,b,c'));
    expect(preview.state).toBe('mapping');
    const { text } = await importing.client.send<string>('GET', `/ban-hang/nhap-hang/${preview.importId}`);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;');
  });

  test('a code that stands twice in a file is refused the second time, whatever its case and spaces', async () => {
    const preview = await importing.preview(csv(headings, goods, goods.replace('A1', ' a 1')));
    expect((await importing.rows(preview.importId)).map(({ verdict }) => verdict)).toEqual(['new', 'error']);
  });
});
