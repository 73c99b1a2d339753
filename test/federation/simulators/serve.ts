import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Books } from './books.ts';

/** What the documents and issues of these systems warn of, each a switch. */
export type Traps = {
  /** A login page with status 200. */
  htmlLogin?: boolean;
  brokenJson?: boolean;
  cutGzip?: boolean;
  /** 429 to everything, with `Retry-After` in this form. */
  throttle?: 'seconds' | 'date' | undefined;
  /** A leaky bucket of so many requests that does not leak until it is filled anew. */
  bucket?: number | undefined;
  /** Every page begins with the last row of the one before. */
  duplicateRows?: boolean;
  /** The last page again for ever, with a number of rows that is never reached. */
  endless?: boolean;
  /** Rows a page at most, whatever is asked. */
  cap?: number | undefined;
  /** Dates by the wall clock of +07:00, without an offset. */
  localTime?: boolean;
  /** `45000.00` for 45000. */
  decimals?: boolean;
};
export type Asked = { readonly url: URL; readonly headers: IncomingHttpHeaders };
export type Simulator = {
  readonly url: URL;
  readonly traps: Traps;
  /** Addresses that were asked for, in their order. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
};
export type Reply = { readonly json: unknown; readonly headers?: Readonly<Record<string, string>> } | undefined;

/** A real HTTP server on loopback; `answer` gives undefined for a path that the system does not have. */
export async function serve(
  books: Books,
  isAllowed: (headers: IncomingHttpHeaders) => boolean,
  answer: (asked: Asked, traps: Traps) => Reply,
): Promise<Simulator> {
  const traps: Traps = {};
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(url.pathname + url.search);
    response.setHeader('date', new Date(books.nowMs).toUTCString());
    if (isTrapped(traps, books, response)) return;
    if (!isAllowed(request.headers)) return end(response, 401, '{}');
    const reply = answer({ url, headers: request.headers }, traps);
    if (!reply) return end(response, 404, '{}');
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
    const text = JSON.stringify(reply.json);
    if (traps.cutGzip) {
      response.setHeader('content-encoding', 'gzip');
      const packed = gzipSync(text);
      return end(response, 200, packed.subarray(0, packed.length >> 1));
    }
    return end(response, 200, traps.brokenJson ? text.slice(0, -3) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: new URL(`http://127.0.0.1:${port}/`), traps, asked, close };
}

function end(response: ServerResponse, status: number, body: string | Buffer, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

function isTrapped(traps: Traps, books: Books, response: ServerResponse): boolean {
  if (traps.htmlLogin) end(response, 200, '<html><form>Đăng nhập</form></html>', 'text/html');
  else if (traps.throttle || traps.bucket === 0) {
    const date = new Date(books.nowMs + 7_000).toUTCString();
    response.setHeader('retry-after', traps.throttle === 'date' ? date : '7');
    end(response, 429, '{}');
  } else {
    if (traps.bucket !== undefined) traps.bucket -= 1;
    return false;
  }
  return true;
}

/** Rows of a page by its number, with the traps of paging. `repeats`: behind the end the last page comes again. */
export function pageOf<T>(
  rows: readonly T[],
  { page, take }: { readonly page: number; readonly take: number },
  traps: Traps,
  repeats = false,
): readonly T[] {
  const size = Math.min(take, traps.cap ?? take);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const number = repeats || traps.endless ? Math.min(page, last) : page;
  const start = (number - 1) * size;
  const cut = rows.slice(start, start + size);
  if (traps.endless) return rows.slice(-size);
  const before = traps.duplicateRows && start > 0 && cut.length > 0 ? rows.slice(start - 1, start) : [];
  return [...before, ...cut];
}

export const counted = (rows: readonly unknown[], traps: Traps): number => (traps.endless ? 1_000_000 : rows.length);

/** How these systems write an instant: whole seconds, by UTC or the wall clock of +07:00. */
export const stamp = (ms: number, traps: Traps): string =>
  new Date(ms + (traps.localTime ? 7 * 3_600_000 : 0)).toISOString().slice(0, 19);
export const amount = (dongs: number, { decimals }: Traps): string => (decimals ? `${dongs}.00` : String(dongs));
