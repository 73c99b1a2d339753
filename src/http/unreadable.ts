import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { httpProblem, type httpProblems } from './problems.ts';

const codes: Readonly<Record<string, keyof typeof httpProblems>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** What Node could not read as a request, or waited for too long, is refused in the same shape as everything else. */
export const refuseUnreadable =
  (base: string) =>
  (error: ConnectionError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { code, status, entry } = httpProblem(codes[error.code] ?? 'invalid-request');
    const body = JSON.stringify({
      type: `${base}/problems/${code}`,
      title: entry.vi[0],
      status,
      detail: entry.vi[1],
      code,
      messages: { vi: entry.vi.join('. '), en: entry.en.join('. ') },
    });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
