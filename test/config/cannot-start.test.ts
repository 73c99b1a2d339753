import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { CannotStart, cannotListen } from '#config/cannot-start.ts';

describe('A port that cannot be had', () => {
  test('in use: the sentence names it and the command with another one', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const address = first.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const error = await once(createServer().listen(port, '127.0.0.1'), 'listening').catch((reason: unknown) => reason);
    first.close();
    const sentence = cannotListen(error, { host: '127.0.0.1', port });
    expect(sentence).toBeInstanceOf(CannotStart);
    expect(sentence?.code).toBe('port-in-use');
    expect(sentence?.vi).toMatch(new RegExp(`Cổng ${port} .* PORT=\\d+ npm start`));
    expect(sentence?.en).toMatch(new RegExp(`Port ${port} .* PORT=\\d+ npm start`));
  });

  test.each([
    ['EACCES', 'port-not-allowed'],
    ['EADDRNOTAVAIL', 'host-unknown'],
    ['ENOTFOUND', 'host-unknown'],
  ])('%s becomes %s', (errno, code) => {
    const error = Object.assign(new Error(errno), { code: errno });
    expect(cannotListen(error, { host: '192.0.2.1', port: 80 })?.code).toBe(code);
  });

  test('the last port of all is not followed by one that does not exist', () => {
    const error = Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' });
    expect(cannotListen(error, { host: '127.0.0.1', port: 65_535 })?.en).toContain('PORT=3000');
  });

  test('a bug is not dressed up', () => {
    expect(cannotListen(new TypeError('x'), { host: '127.0.0.1', port: 3000 })).toBeUndefined();
  });
});
