import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { withComposedApp } from '#test/support/documents.ts';

/** Sends bytes as they are, and gives back all that came until the other side closed. */
const exchange = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.once('error', reject).once('close', () => resolve(answer));
  });

test.each([
  ['no HTTP at all', 'xin chào\r\n\r\n', 400, 'invalid-request'],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(40_000)}\r\n\r\n`,
    431,
    'headers-too-large',
  ],
])('%s is refused by a problem document, and the connection ends', async (_, bytes, status, code) => {
  const answer = await withComposedApp(async (app) => {
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    return exchange(Number(port), bytes);
  });
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({
    code,
    status,
    messages: { vi: expect.any(String), en: expect.any(String) },
  });
});
