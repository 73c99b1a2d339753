import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Hosted = {
  readonly body: string | Buffer;
  readonly type?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes after which the connection is cut, though the header promised all of them. */
  readonly cutAt?: number;
};

const packed = (body: Buffer, asked: IncomingMessage): Buffer | undefined =>
  String(asked.headers['accept-encoding'] ?? '').includes('gzip') && body.length > 1_000 ? gzipSync(body) : undefined;

/** A web server as a shop's hoster runs it: strong ETags, 304, gzip for those who ask. Speaks HTTP on loopback. */
export async function startFeedHost(pages: Record<string, Hosted> = {}) {
  const asked: { readonly path: string; readonly status: number; readonly at: number }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const page = pages[path];
    const body = Buffer.from(page?.body ?? 'not found');
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const isKnown = page !== undefined && request.headers['if-none-match'] === etag;
    const status = isKnown ? 304 : (page?.status ?? (page ? 200 : 404));
    asked.push({ path, status, at: performance.now() });
    const gzip = page?.type === 'application/gzip' ? undefined : packed(body, request);
    const headers = { etag, 'content-type': page?.type ?? 'application/xml', ...page?.headers };
    if (isKnown) return void response.writeHead(304, headers).end();
    const bytes = gzip ?? body;
    response.writeHead(status, {
      ...headers,
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      'content-length': bytes.length,
    });
    if (page?.cutAt === undefined) return void response.end(bytes);
    response.write(bytes.subarray(0, page.cutAt), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    pages,
    asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
export type FeedHost = Awaited<ReturnType<typeof startFeedHost>>;
