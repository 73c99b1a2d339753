/** Files as somebody would make them who wants a server to fall, to serve a page of theirs, or to tell a secret. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { photograph, withExif } from '#test/support/pictures.ts';
import { workbook, zip } from '#test/support/zip.ts';

export type Kind = 'picture' | 'document';
export type Hostile = {
  readonly name: string;
  readonly kind?: Kind;
  /** What the form calls it; `x.jpg` if left out. */
  readonly called?: string;
  readonly type?: string;
  readonly bytes: Buffer | (() => Promise<Buffer> | Buffer);
  readonly status: 201 | 413 | 415 | 422;
  /** Of the refusal, or what the bytes are taken for. */
  readonly says: string;
};

/** Stands in every file that carries something to run: nothing that we show may hold it. */
export const canary = 'VOI-RUNG-CHI-QUA';
const script = `<script>/*${canary}*/alert(document.domain)</script>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('${canary}')">${script}</svg>`;

const chunk = (type: string, data: Buffer, wrongSum = false): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(body) ^ (wrongSum ? 1 : 0)) >>> 0);
  return Buffer.concat([length, body, sum]);
};
const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const header = (width: number, height: number, wrongSum = false): Buffer => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 0, 0, 0, 0], 8);
  return chunk('IHDR', data, wrongSum);
};
const end = chunk('IEND', Buffer.alloc(0));
/** Grey, with rows as long as they say unless `rows` are given. */
const png = (
  width: number,
  height: number,
  { before = [], rows }: { before?: readonly Buffer[]; rows?: Buffer } = {},
) =>
  Buffer.concat([
    signature,
    header(width, height),
    ...before,
    chunk('IDAT', deflateSync(rows ?? Buffer.alloc((width + 1) * height))),
    end,
  ]);
const packedZeros = deflateSync(Buffer.alloc(150_000_000));

const jpeg = (): Promise<Buffer> => photograph(60, 40);
/** Puts segments behind the start of a JPEG. */
const withSegments = async (...segments: readonly (readonly [marker: number, data: Buffer])[]): Promise<Buffer> => {
  const plain = await jpeg();
  const made = segments.map(([marker, data]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([plain.subarray(0, 2), ...made, plain.subarray(2)]);
};
/** An EXIF block whose first directory says that the next one is itself. */
const exifLoop = (): Buffer => {
  const tiff = Buffer.alloc(26);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x8769, 10);
  tiff.writeUInt16LE(4, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt32LE(8, 18);
  tiff.writeUInt32LE(8, 22);
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
};
const resized = async (width: number, height: number): Promise<Buffer> => {
  const bytes = Buffer.from(await jpeg());
  const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
};
/** A progressive picture whose last scan comes again and again: each makes a decoder go over all of it. */
const manyScans = async (): Promise<Buffer> => {
  const plain = await sharp(await photograph(400, 300))
    .jpeg({ progressive: true })
    .toBuffer();
  const at = plain.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = plain.subarray(at, -2);
  return Buffer.concat([plain.subarray(0, at), ...Array.from({ length: 5_000 }, () => scan), plain.subarray(-2)]);
};
const webp = (): Promise<Buffer> => photograph(60, 40, 'webp');
const moving = (format: 'webp' | 'gif'): Promise<Buffer> =>
  sharp(Buffer.concat([Buffer.alloc(32 * 32 * 3, 200), Buffer.alloc(32 * 32 * 3, 30)]), {
    raw: { width: 32, height: 64, channels: 3, pageHeight: 32 },
  })
    .toFormat(format)
    .toBuffer();
const half = async (bytes: Promise<Buffer>): Promise<Buffer> => {
  const whole = await bytes;
  return whole.subarray(0, Math.floor(whole.length / 2));
};
const text = (content: string): Buffer => Buffer.from(content);
const hex = (content: string, more = 2_000): Buffer => Buffer.concat([Buffer.from(content, 'hex'), Buffer.alloc(more)]);
const pdf = (body = ''): Buffer => Buffer.from(`%PDF-1.7\n${body}\n%%EOF\n`);

const refused = (status: 413 | 415 | 422, says: string, kind: Kind = 'picture') => ({ status, says, kind }) as const;
const other = refused(415, 'file-type-refused');
const cut = refused(422, 'file-incomplete');
const vast = refused(422, 'picture-dimensions');
const taken = (says: string, kind: Kind = 'picture') => ({ status: 201, says, kind }) as const;

/** Not a picture, whatever it is called. */
export const disguised: readonly Hostile[] = [
  { name: 'a PDF called .jpg', bytes: pdf(), ...other },
  { name: 'an SVG', called: 'x.svg', type: 'image/svg+xml', bytes: text(svg), ...other },
  { name: 'an SVG called .png', called: 'x.png', type: 'image/png', bytes: text(svg), ...other },
  { name: 'an SVG behind a mark and a comment', bytes: text(`\ufeff<?xml version="1.0"?><!-- -->${svg}`), ...other },
  { name: 'a packed SVG', bytes: () => zip([{ name: 'x.svg', bytes: svg }]), ...other },
  { name: 'a page called .jpg', bytes: text(`<!doctype html>${script}`), ...other },
  { name: 'a page with GIF in front', bytes: text(`GIF89a/*${script}*/`), ...other },
  { name: 'a GIF', bytes: () => sharp(png(8, 8)).gif().toBuffer(), ...other },
  { name: 'a moving GIF', bytes: () => moving('gif'), ...other },
  {
    name: 'a GIF that is an archive of Java',
    bytes: async () => Buffer.concat([await moving('gif'), zip([{ name: 'A.class', bytes: 'x' }])]),
    ...other,
  },
  { name: 'a BMP', bytes: hex('424d36040000'), ...other },
  { name: 'a TIFF', bytes: () => sharp(png(8, 8)).tiff().toBuffer(), ...other },
  { name: 'an AVIF', bytes: () => sharp(png(8, 8)).avif().toBuffer(), ...other },
  { name: 'a HEIC', bytes: hex('00000018667479706865696300000000'), ...other },
  { name: 'a JPEG XL', bytes: hex('ff0a'), ...other },
  { name: 'a JPEG 2000', bytes: hex('0000000c6a5020200d0a870a'), ...other },
  { name: 'an icon', bytes: hex('00000100010010100000'), ...other },
  { name: 'a Photoshop file', bytes: hex('384250530001'), ...other },
  { name: 'PostScript', bytes: text('%!PS-Adobe-3.0\n(%pipe%id) (r) file'), ...other },
  { name: 'a script of ImageMagick', bytes: text('push graphic-context\nfill url(https://x/"|id")'), ...other },
  { name: 'a playlist of FFmpeg', bytes: text('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd'), ...other },
  { name: 'PHP', called: 'x.php.jpg', bytes: text('<?php system($_GET[0]);'), ...other },
  { name: 'a program of Windows', bytes: hex('4d5a90000300'), ...other },
  { name: 'a program of Linux', bytes: hex('7f454c460201'), ...other },
  { name: 'a shell script', bytes: text('#!/bin/sh\nrm -rf /\n'), ...other },
  { name: 'an archive', bytes: () => zip([{ name: '../../x', bytes: 'x' }]), ...other },
  {
    name: 'a test virus',
    kind: 'document',
    bytes: text('X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'),
    status: 415,
    says: 'file-type-refused',
  },
  {
    name: 'a page called .pdf',
    called: 'x.pdf',
    bytes: text(`<html>${script}`),
    ...refused(415, 'file-type-refused', 'document'),
  },
  {
    name: 'a PDF behind a line of HTML',
    called: 'x.pdf',
    bytes: text(`<b>\n${pdf()}`),
    ...refused(415, 'file-type-refused', 'document'),
  },
  { name: 'a workbook', called: 'x.xlsx', bytes: () => workbook(), ...refused(415, 'file-type-refused', 'document') },
  {
    name: 'a workbook with a macro',
    called: 'x.pdf',
    bytes: () => workbook({ name: 'xl/vbaProject.bin', bytes: 'x' }),
    ...refused(415, 'file-type-refused', 'document'),
  },
  {
    name: 'an old Word document',
    called: 'x.doc',
    bytes: hex('d0cf11e0a1b11ae1'),
    ...refused(415, 'file-type-refused', 'document'),
  },
  { name: 'an SVG as a document', called: 'x.pdf', bytes: text(svg), ...refused(415, 'file-type-refused', 'document') },
];

/** Empty, cut, or only the beginning of what it says it is. */
export const broken: readonly Hostile[] = [
  { name: 'nothing', bytes: Buffer.alloc(0), ...refused(422, 'file-empty') },
  { name: 'a document of nothing', bytes: Buffer.alloc(0), ...refused(422, 'file-empty', 'document') },
  { name: 'one byte', bytes: Buffer.from([0xff]), ...other },
  { name: 'three bytes of a JPEG', bytes: Buffer.from([0xff, 0xd8, 0xff]), ...cut },
  { name: 'the first bytes of a PNG', bytes: signature, ...cut },
  { name: 'the first bytes of a WebP', bytes: text('RIFF\0\0\0\0WEBP'), ...cut },
  { name: 'zeros behind the start of a JPEG', bytes: hex('ffd8ffe0', 100_000), ...cut },
  {
    name: 'text behind the start of a JPEG',
    bytes: Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), text(script.repeat(100))]),
    ...cut,
  },
  { name: 'half a JPEG', bytes: () => half(photograph(400, 300)), ...cut },
  { name: 'half a PNG', bytes: () => half(photograph(400, 300, 'png')), ...cut },
  { name: 'half a WebP', bytes: () => half(photograph(400, 300, 'webp')), ...cut },
  {
    name: 'a PNG with a wrong sum on its header',
    bytes: Buffer.concat([signature, header(8, 8, true), chunk('IDAT', deflateSync(Buffer.alloc(72))), end]),
    ...cut,
  },
  {
    name: 'a PNG with a wrong sum on its pixels',
    bytes: Buffer.concat([signature, header(8, 8), chunk('IDAT', deflateSync(Buffer.alloc(72)), true), end]),
    ...cut,
  },
  { name: 'a PNG without pixels', bytes: Buffer.concat([signature, header(8, 8), end]), ...cut },
  { name: 'a PNG of 0 × 0', bytes: png(0, 0), ...cut },
  {
    name: 'a PNG whose pixels are no stream',
    bytes: Buffer.concat([signature, header(8, 8), chunk('IDAT', Buffer.alloc(90, 7)), end]),
    ...cut,
  },
  { name: 'a PDF without an end', bytes: text('%PDF-1.7\n1 0 obj'), ...refused(422, 'file-incomplete', 'document') },
  {
    name: 'half a scanned paper',
    bytes: () => half(photograph(400, 300)),
    ...refused(422, 'file-incomplete', 'document'),
  },
];

/** Larger inside than outside. */
export const bombs: readonly Hostile[] = [
  { name: 'a PNG that says 50,000 × 50,000', bytes: png(50_000, 50_000, { rows: Buffer.alloc(1_000) }), ...vast },
  {
    name: 'a document of the same',
    bytes: png(50_000, 50_000, { rows: Buffer.alloc(1_000) }),
    ...refused(422, 'picture-dimensions', 'document'),
  },
  {
    name: 'a PNG as large as a PNG can say',
    bytes: png(2_147_483_647, 2_147_483_647, { rows: Buffer.alloc(9) }),
    ...cut,
  },
  { name: 'a PNG of 100,000,000 zeros', bytes: () => png(10_000, 10_000), ...vast },
  { name: 'a PNG of one line', bytes: png(200_000, 1), ...vast },
  { name: 'a PNG one pixel too wide', bytes: png(12_001, 1), ...vast },
  { name: 'a JPEG that says 65,500 × 65,500', bytes: () => resized(65_500, 65_500), ...vast },
  {
    name: 'a JPEG that says 8,000 × 6,000 and ends in grey',
    bytes: () => resized(8_000, 6_000),
    ...taken('image/jpeg'),
  },
  { name: 'a WebP of 16,000 × 16', bytes: () => sharp(png(16_000, 16)).webp().toBuffer(), ...vast },
  { name: 'a moving WebP', bytes: () => moving('webp'), ...refused(422, 'picture-animated') },
  {
    name: 'a moving PNG',
    bytes: png(8, 8, { before: [chunk('acTL', Buffer.from('0000271000000000', 'hex'))] }),
    ...refused(422, 'picture-animated'),
  },
  {
    name: 'a PNG with 150 MB of text',
    bytes: png(8, 8, { before: [chunk('zTXt', Buffer.concat([text('x\0\0'), packedZeros]))] }),
    ...taken('image/png'),
  },
  {
    name: 'a PNG with 150 MB of colours',
    bytes: png(8, 8, { before: [chunk('iCCP', Buffer.concat([text('x\0\0'), packedZeros]))] }),
    ...taken('image/png'),
  },
  {
    name: 'a PNG with 20,000 notes',
    bytes: png(8, 8, { before: Array.from({ length: 20_000 }, () => chunk('tEXt', text('a\0b'))) }),
    ...taken('image/png'),
  },
  { name: 'a JPEG with 5,000 scans', bytes: manyScans, ...cut },
  {
    name: 'a document of 10 MB and a byte',
    bytes: () => Buffer.concat([pdf(), Buffer.alloc(10_485_760), pdf()]),
    ...refused(413, 'file-too-large', 'document'),
  },
  {
    name: 'a picture of 20 MB and a byte',
    bytes: async () => Buffer.concat([await jpeg(), Buffer.alloc(20_971_520)]),
    ...refused(413, 'upload-too-large'),
  },
];

/** Pictures and papers that are what they say, and carry something along. */
export const stowaways: readonly Hostile[] = [
  {
    name: 'a page in the comment of a JPEG',
    type: 'text/html',
    called: 'x.html',
    bytes: () => withSegments([0xfe, text(script)]),
    ...taken('image/jpeg'),
  },
  { name: 'a PDF in the comment of a JPEG', bytes: () => withSegments([0xfe, pdf(canary)]), ...taken('image/jpeg') },
  {
    name: 'a page in the XMP of a JPEG',
    bytes: () => withSegments([0xe1, text(`http://ns.adobe.com/xap/1.0/\0<x>${script}</x>`)]),
    ...taken('image/jpeg'),
  },
  {
    name: 'an archive behind a JPEG',
    bytes: async () => Buffer.concat([await jpeg(), zip([{ name: 'x.html', bytes: script, stored: true }])]),
    ...taken('image/jpeg'),
  },
  { name: 'a page behind a PNG', bytes: Buffer.concat([png(8, 8), text(script)]), ...taken('image/png') },
  {
    name: 'a page in a note of a PNG',
    bytes: png(8, 8, { before: [chunk('tEXt', text(`Comment\0${script}`))] }),
    ...taken('image/png'),
  },
  {
    name: 'a page in a block of a WebP',
    bytes: async () => Buffer.concat([await webp(), text(script)]),
    ...taken('image/webp'),
  },
  { name: 'an EXIF that goes in circles', bytes: () => withSegments([0xe1, exifLoop()]), ...taken('image/jpeg') },
  {
    name: 'an EXIF of noise',
    bytes: () => withSegments([0xe1, Buffer.concat([text('Exif\0\0II*\0'), Buffer.alloc(60_000, 0xff)])]),
    ...taken('image/jpeg'),
  },
  {
    name: 'two hundred EXIFs',
    bytes: () => withSegments(...Array.from({ length: 200 }, () => [0xe1, exifLoop()] as const)),
    ...taken('image/jpeg'),
  },
  {
    name: 'colours of noise',
    bytes: () => withSegments([0xe2, Buffer.concat([text('ICC_PROFILE\0\x01\x01'), Buffer.alloc(60_000, 0x41)])]),
    ...taken('image/jpeg'),
  },
  { name: 'where it was taken', bytes: async () => withExif(await jpeg()), ...taken('image/jpeg') },
  {
    name: 'the colours of a printing press',
    bytes: async () =>
      sharp(await jpeg())
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer(),
    ...taken('image/jpeg'),
  },
  { name: 'a PNG of one pixel', bytes: png(1, 1), ...taken('image/png') },
  { name: 'a PNG of 12,000 × 1', bytes: png(12_000, 1), ...taken('image/png') },
  {
    name: 'a PDF with a script',
    called: 'x.pdf',
    bytes: pdf(`1 0 obj <</S /JavaScript /JS (app.alert('${canary}'))>>`),
    ...taken('application/pdf', 'document'),
  },
  {
    name: 'a PDF that is a page',
    called: 'x.html',
    type: 'text/html',
    bytes: pdf(script),
    ...taken('application/pdf', 'document'),
  },
  {
    name: 'a scanned paper with a page in it',
    called: 'x.pdf',
    bytes: () => withSegments([0xfe, text(script)]),
    ...taken('image/jpeg', 'document'),
  },
];
