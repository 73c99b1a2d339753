import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDiskStorage } from '#adapters/disk-storage/index.ts';
import { createObjectStorage } from '#adapters/object-storage/index.ts';
import type { FileStore } from '#features/files/types.ts';
import { createClient } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { type ObjectStore, startObjectStore } from '#test/support/object-store.ts';
import { photograph } from '#test/support/pictures.ts';
import { webProcesses } from '#test/support/web.ts';

let remote: ObjectStore;
beforeAll(async () => {
  remote = await startObjectStore();
});
afterAll(() => remote.close());

describe.each<[string, () => FileStore]>([
  ['a folder', () => createDiskStorage('/tmp/cho-noi-store-test')],
  ['an object store', () => createObjectStorage(remote.url)],
])('%s', (_name, open) => {
  test('gives back what it was given, overwrites, forgets, and knows nothing of what it has not', async () => {
    const store = open();
    const bytes = Buffer.from(Uint8Array.from({ length: 70_000 }, (_, at) => at % 256));
    await store.write('uploads/mot', Buffer.from('x'));
    await store.write('uploads/mot', bytes);
    expect((await store.read('uploads/mot'))?.equals(bytes)).toBe(true);
    expect(await store.read('uploads/hai')).toBeUndefined();
    await store.remove('uploads/mot');
    await store.remove('uploads/mot');
    expect(await store.read('uploads/mot')).toBeUndefined();
  });
});

test('a key that is not ours is refused, and so is a wrong secret', async () => {
  const wrong = createObjectStorage(remote.url.replace(':S3RVER@', ':sai@'));
  await expect(wrong.write('uploads/x', Buffer.from('x'))).rejects.toThrow();
  await expect(createDiskStorage('/tmp/cho-noi-store-test').read('../../etc/passwd')).rejects.toThrow(
    'leaves the folder',
  );
});

test('a store that answers with failures is a failure, not a file that is missing', async () => {
  const broken = createServer((_request, response) => response.writeHead(500).end('oops'));
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  const { port } = broken.address() as AddressInfo;
  const store = createObjectStorage(`http://a:b@127.0.0.1:${port}/kho`);
  await expect(store.read('uploads/x')).rejects.toThrow();
  broken.close();
});

describe('two web processes on one object store', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode({ env: { DEMO: '1', STORAGE_URL: remote.url } });
  });
  afterAll(() => node.close());

  test('see the same files: what one was sent and the worker has drawn, the other shows', async () => {
    const webs = webProcesses(node.database, { DEMO: '1', STORAGE_URL: remote.url });
    try {
      const [one, other] = await Promise.all([webs.start(), webs.start()]);
      const signedIn = await createClient(one.url).send('POST', '/v1/auth/sign-in', {
        body: { login: 'nguoiban@cho-noi.example', password: demoPassword },
      });
      const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
      const body = new FormData();
      body.append('kind', 'picture');
      body.append('file', new Blob([new Uint8Array(await photograph(400, 300))]), 'x.jpg');
      const headers = { cookie, 'x-requested-with': 'test' };
      const sent = await fetch(`${one.url}/v1/seller/files`, { method: 'POST', body, headers });
      expect(sent.status).toBe(201);
      const { fileId } = (await sent.json()) as { fileId: string };
      expect(await node.runJobs()).toEqual({ done: 1, errors: [] });
      const shown = await fetch(`${other.url}/tep/${fileId}/320`, { headers: { cookie, accept: 'image/avif' } });
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/avif']);
      expect(remote.keys()).toContain(`san-1/uploads/${fileId}`);
      expect(remote.keys()).toContain(`san-1/renditions/${fileId}-320.avif`);
    } finally {
      await webs.close();
    }
  }, 120_000);
});
