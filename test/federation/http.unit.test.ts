import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '#federation/engine/addresses.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { observed } from './observed.ts';

const loopback = createPeerHttp({ allowLoopback: true });
const strict = createPeerHttp({ allowLoopback: false });
let server: Server | undefined;

const serve = (listener: RequestListener) =>
  new Promise<URL>((resolve) => {
    const started = createServer(listener).listen(0, '127.0.0.1', () => {
      resolve(new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}/`));
    });
    server = started;
  });
afterEach(() => server?.close());
const ask = (url: URL, peer = loopback) => peer.send({ method: 'GET', url, headers: {}, maxBytes: 1_000 });

describe('an address that no peer may have', () => {
  test.each([
    'http://angiang.example/',
    'https://user:secret@angiang.example/',
    'file:///etc/passwd',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://localhost/',
  ])('row 22: %s is not asked', async (address) => {
    await expect(ask(new URL(address), strict)).rejects.toMatchObject({ code: 'address-refused' });
    observed(22, `${address}: address-refused`);
  });
  test('a private one stays shut when loopback is open, and so does plain HTTP beyond it', async () => {
    await expect(ask(new URL('https://10.0.0.1/'))).rejects.toMatchObject({ code: 'address-refused' });
    await expect(ask(new URL('http://8.8.8.8/'))).rejects.toMatchObject({ code: 'address-refused' });
  });
  test.each(['8.8.8.8', '203.113.131.1', '2001:4860:4860::8888'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('a peer on loopback', () => {
  test('answers with its bytes as they were sent', async () => {
    const url = await serve((_request, response) => response.setHeader('content-encoding', 'gzip').end('raw'));
    await expect(ask(url)).resolves.toMatchObject({ status: 200, body: Buffer.from('raw') });
  });
  test('row 22: a redirect is not followed', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    await expect(ask(url)).resolves.toMatchObject({ status: 302 });
    observed(22, 'a redirect to 10.0.0.1 was not followed');
  });
  test('may not send without end', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(1_001)));
    await expect(ask(url)).rejects.toMatchObject({ code: 'too-large' });
  });
  test.each([
    ['a body drop by drop', (drip: () => void) => setInterval(drip, 20)],
    ['a body that stops', (drip: () => void) => setTimeout(drip, 1)],
  ])('row 2: %s is given up, nothing of it is taken, and the next question is answered', async (how, begin) => {
    const hasty = createPeerHttp({
      allowLoopback: true,
      waits: { connect: 500, headers: 500, idle: 300, total: 1_500 },
    });
    const timers: ReturnType<typeof begin>[] = [];
    const url = await serve((request, response) => {
      if (request.url !== '/slow') return void response.end('quick');
      response.writeHead(200);
      timers.push(begin(() => response.write('.')));
    });
    try {
      await expect(ask(new URL('/slow', url), hasty)).rejects.toMatchObject({ code: 'timed-out', opensBreaker: true });
      await expect(ask(url, hasty)).resolves.toMatchObject({ body: Buffer.from('quick') });
    } finally {
      for (const timer of timers) clearInterval(timer);
      server?.closeAllConnections();
      await hasty.close();
    }
    observed(2, `${how}: timed-out, an outage for the breaker; the next question was answered`);
  });
  test('that is not there is unreachable', async () => {
    const url = await serve((_request, response) => response.end());
    await new Promise((closed) => server?.close(closed));
    await expect(ask(url)).rejects.toMatchObject({ code: 'unreachable', opensBreaker: true });
  });
});
