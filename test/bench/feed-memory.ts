import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { startProcess } from '#test/support/processes.ts';
import type { Figure } from './report.ts';

const words = ['bánh', 'pía', 'mè', 'láo', 'gạo', 'thơm', 'hành', 'tím', 'khô', 'cá', 'mắm', 'tôm', 'lạp', 'xưởng'];
const phrase = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, at) => words[(seed * (at + 3) + at) % words.length]).join(' ');

function* feedOf(items: number, home: string): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Sàn lớn</title>';
  for (let n = 0; n < items; n += 1) {
    const code = (n * 2_654_435_761) % 4_294_967_296;
    yield `<item><g:id>SP-${n}</g:id><g:title>${phrase(code, 6)} ${code.toString(36)}</g:title><g:description>${phrase(code + 7, 12)}, mã ${code}</g:description><g:link>${home}/sp/${n}</g:link><g:image_link>${home}/anh/${code.toString(16)}.jpg</g:image_link><g:price>${20_000 + (code % 500_000)} VND</g:price><g:availability>in_stock</g:availability><g:brand>Cơ sở ${code % 97}</g:brand></item>`;
  }
  yield '</channel></rss>';
}

/** The feed by gzip, made as it is sent, as a shop's own server would. */
async function serveFeed(items: number) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/xml', 'content-encoding': 'gzip' });
    const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    pipeline(Readable.from(feedOf(items, home)), createGzip({ level: 3 }), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

type Seen = { readonly peakMb: number; readonly baseMb: number; readonly records: number; readonly seconds: number };

const heapMb = 160;

/** Both lanes of a shop of so many goods, read by a process of its own that keeps nothing but what the engine needs. */
export async function measureFeedMemory(items: number): Promise<Figure> {
  const shop = await serveFeed(items);
  try {
    const reader = await startProcess({
      file: 'test/bench/feed-memory-process.ts',
      // What reading takes, not what V8 leaves lying about while there is room: the heap is bounded, and it has to do.
      env: { FEED_URL: shop.url, NODE_OPTIONS: `--max-semi-space-size=4 --max-old-space-size=${heapMb}` },
    });
    const { code } = await reader.ended;
    if (code !== 0) throw new Error(reader.output());
    const { peakMb, baseMb, records, seconds }: Seen = JSON.parse(reader.output().trim().split('\n').at(-1) ?? '');
    const name = `Federation, memory on a feed of ${items.toLocaleString('en')} items`;
    const note = `peak of a process that fetches, reads, checks and judges ${records} records in a heap of ${heapMb} MB (${Math.round(baseMb)} MB before), ${seconds.toFixed(0)} s`;
    return { name, value: peakMb, unit: 'MB', target: { atMost: 256 }, note };
  } finally {
    shop.close();
  }
}
