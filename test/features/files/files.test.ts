import { sql } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id } from '#core/ids.ts';
import { transact } from '#db/client.ts';
import { createFiles } from '#features/files/index.ts';
import type { FileStore } from '#features/files/types.ts';
import { createClient } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { cake } from '#test/support/desks.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { photograph, withExif } from '#test/support/pictures.ts';

type Sent = {
  fileId: Id<'StoredFile'>;
  mediaType: string;
  name: string;
  picture: { width: number; height: number; colour: string } | null;
};

let node: TestNode;
let cookies: { seller: string; other: string; staff: string };
let mine: { productId: Id<'Product'>; businessId: Id<'Business'> };
let original: Buffer;
let small: Buffer;

const cookieOf = async (login: string): Promise<string> => {
  const { headers } = await createClient(node.url).send('POST', '/v1/auth/sign-in', {
    body: { login, password: demoPassword },
  });
  return (headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
};

beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
  cookies = {
    seller: await cookieOf('nguoiban@cho-noi.example'),
    other: await cookieOf('nguoiban2@cho-noi.example'),
    staff: await cookieOf('quantri@cho-noi.example'),
  };
  const { items } = await node.guest.products('limit=100&business=htx-hanh-tim-bai-giong');
  const [product] = items;
  if (!product) throw new Error('The demonstration has changed');
  mine = { productId: product.productId as Id<'Product'>, businessId: product.business.businessId as Id<'Business'> };
  original = await withExif(await photograph(1_600, 1_200));
  small = await photograph(400, 300);
});
afterAll(() => node.close());

async function send(kind: string, bytes: Buffer, name: string, cookie = cookies.seller) {
  const body = new FormData();
  body.append('kind', kind);
  body.append('file', new Blob([new Uint8Array(bytes)]), name);
  const headers = { cookie, 'x-requested-with': 'test' };
  const answer = await fetch(`${node.url}/v1/seller/files`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Sent & { code?: string } };
}
const get = async (path: string, cookie = '', accept = 'image/avif,image/webp,*/*') => {
  const answer = await fetch(node.url + path, { headers: { cookie, accept } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const showWithProduct = (fileId: Id<'StoredFile'>, businessId = mine.businessId) =>
  transact(node.db, 'test', (tx) =>
    node.services.pictures.add(tx, { productId: mine.productId, businessId, fileId, altVi: 'Hành tím' }),
  );
const filesLeft = async () => {
  const { rows } = await node.db.execute<{ count: number }>(sql`select count(*)::int as count from stored_files`);
  return rows[0]?.count;
};

describe('a photograph', () => {
  let sent: Sent;
  beforeAll(async () => {
    sent = (await send('picture', original, '..\\..\\ảnh "đẹp"\r\n.jpg')).body;
  });

  test('is known by its pixels as it is held, and by a name that is only a name', () => {
    expect(sent).toMatchObject({
      mediaType: 'image/jpeg',
      name: 'ảnh đẹp.jpg',
      picture: { width: 1_200, height: 1_600 },
    });
    expect(sent.picture?.colour).toMatch(/^#[0-9a-f]{6}$/);
  });

  test('is shown by its colour until its sizes are made, then in the size and the format that is asked for', async () => {
    const before = await get(`/tep/${sent.fileId}/320`, cookies.seller);
    expect(before.headers.get('content-type')).toBe('image/svg+xml');
    expect(before.bytes.toString()).toContain(`viewBox="0 0 1200 1600"`);
    expect(before.bytes.toString()).toContain(sent.picture?.colour);
    expect(await node.runJobs()).toEqual({ done: 1, errors: [] });
    for (const [asked, width] of [
      [100, 160],
      [160, 160],
      [161, 320],
      [640, 640],
      [1_280, 1_200],
      [2_000, 1_200],
    ] as const) {
      const avif = await get(`/tep/${sent.fileId}/${asked}`, cookies.seller);
      const facts = await sharp(avif.bytes).metadata();
      expect([asked, avif.headers.get('content-type'), facts.format, facts.width]).toEqual([
        asked,
        'image/avif',
        'heif',
        width,
      ]);
    }
    const old = await get(`/tep/${sent.fileId}/320`, cookies.seller, '*/*');
    expect((await sharp(old.bytes).metadata()).format).toBe('webp');
  });

  test('loses what the camera wrote into it', async () => {
    expect(original.includes('MAY-ANH-BI-MAT')).toBe(true);
    const shown = await get(`/tep/${sent.fileId}/1280`, cookies.seller, 'image/webp');
    const { exif, icc, xmp, orientation, width, height } = await sharp(shown.bytes).metadata();
    expect({ exif, icc, xmp, orientation }).toEqual({});
    expect(shown.bytes.includes('MAY-ANH-BI-MAT')).toBe(false);
    expect([width, height]).toEqual([1_200, 1_600]);
  });

  test('is shown to everybody once a product has it, kept for ever by whoever has seen it', async () => {
    const pictureId = await showWithProduct(sent.fileId);
    const shown = await get(`/pictures/${pictureId}/320`);
    expect(shown.status).toBe(200);
    expect((await sharp(shown.bytes).metadata()).width).toBe(320);
    expect(shown.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(shown.headers.get('vary')).toContain('accept');
  });

  test('of another business cannot be shown with a product', async () => {
    const theirs = (await send('picture', small, 'a.jpg', cookies.other)).body;
    await expect(showWithProduct(theirs.fileId)).rejects.toMatchObject({ code: 'file-not-found' });
    const paper = (await send('document', small, 'a.jpg')).body;
    await expect(showWithProduct(paper.fileId)).rejects.toMatchObject({ code: 'file-not-found' });
    await node.runJobs();
  });

  test.each(['png', 'webp'] as const)('may be %s', async (format) => {
    const { status, body } = await send('picture', await photograph(300, 200, format), `x.${format}`);
    expect([status, body.mediaType]).toEqual([201, `image/${format}`]);
    await node.runJobs();
    const shown = await get(`/tep/${body.fileId}/640`, cookies.seller);
    expect((await sharp(shown.bytes).metadata()).width).toBe(300);
  });
});

describe('a document', () => {
  const pdf = Buffer.from('%PDF-1.7\n1 0 obj <</S /JavaScript /JS (app.alert(1))>>\n%%EOF\n');
  let sent: Sent;
  beforeAll(async () => {
    sent = (await send('document', pdf, 'giấy "đăng ký"; filename=x.html\r\nx: y\u202efdp.exe')).body;
  });

  test('is handed out as it was sent, to be kept and never to be shown', async () => {
    const { status, headers, bytes } = await get(`/tep/${sent.fileId}`, cookies.seller, 'text/html');
    expect(status).toBe(200);
    expect(bytes.equals(pdf)).toBe(true);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
    });
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="giay dang ky ; filename=x.html x y fdp.exe"; filename*=UTF-8''gi%E1%BA%A5y%20%C4%91%C4%83ng%20k%C3%BD%20%3B%20filename%3Dx.html%20x%20y%20fdp.exe`,
    );
    expect(headers.get('x')).toBeNull();
  });

  test("is another business's 404, and a stranger's sign-in", async () => {
    for (const path of [`/tep/${sent.fileId}`, `/tep/${sent.fileId}/320`, `/v1/seller/files/${sent.fileId}`]) {
      expect((await get(path, cookies.other)).status).toBe(404);
      expect((await get(path)).status).toBe(401);
      expect((await get(path, cookies.staff)).status).toBe(403);
    }
    expect((await get('/tep/01900000-0000-7000-8000-00000000dead', cookies.other)).status).toBe(404);
    expect((await get(`/quan-tri/tep/${sent.fileId}`, cookies.seller)).status).toBe(403);
  });

  test('has no picture to be shown, unless it is one', async () => {
    expect((await get(`/tep/${sent.fileId}/320`, cookies.seller)).status).toBe(404);
    const scanned = (await send('document', original, 'quet.jpg')).body;
    await node.runJobs();
    const shown = await get(`/quan-tri/tep/${scanned.fileId}/640`, cookies.staff);
    expect((await sharp(shown.bytes).metadata()).width).toBe(640);
    expect(shown.bytes.includes('MAY-ANH-BI-MAT')).toBe(false);
  });

  test('is read by officers, and that they did is written down', async () => {
    expect((await get(`/quan-tri/tep/${sent.fileId}`, cookies.staff)).bytes.equals(pdf)).toBe(true);
    const { rows } = await node.db.execute(
      sql`select action, subject_id as id from audit_entries where action = 'file.read'`,
    );
    expect(rows).toEqual([{ action: 'file.read', id: sent.fileId }]);
  });

  test('goes to a business of its sender, and to no other', async () => {
    const body = new FormData();
    body.append('kind', 'document');
    body.append('businessId', '01900000-0000-7000-8000-00000000dead');
    body.append('file', new Blob([new Uint8Array(pdf)]), 'x.pdf');
    const headers = { cookie: cookies.seller, 'x-requested-with': 'test' };
    const answer = await fetch(`${node.url}/v1/seller/files`, { method: 'POST', body, headers });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, 'business-not-chosen']);
  });
});

describe('a store that fails', () => {
  const stored = new Map<string, Buffer>();
  /** Fails at the n-th call of its kind, counted from one. */
  const failing = (failAt: Partial<Record<'write' | 'read' | 'remove', number>>): FileStore => {
    const calls = { write: 0, read: 0, remove: 0 };
    const guard = (kind: 'write' | 'read' | 'remove'): void => {
      calls[kind] += 1;
      if (calls[kind] >= (failAt[kind] ?? Number.POSITIVE_INFINITY))
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    return {
      write: async (key, bytes) => {
        // As a full disk does: some of it is there when it fails.
        stored.set(key, bytes.subarray(0, 10));
        guard('write');
        stored.set(key, bytes);
      },
      read: async (key) => {
        guard('read');
        return stored.get(key);
      },
      remove: async (key) => {
        guard('remove');
        stored.delete(key);
      },
    };
  };
  const filesOn = (store: FileStore) =>
    createFiles({
      db: node.db,
      store,
      imaging: node.services.imaging,
      jobs: { add: async () => {} },
      audit: node.services.audit,
      now: node.clock.now,
    });
  const upload = { bytes: Buffer.from('%PDF-1.7\n%%EOF'), name: 'x.pdf' };

  test('at the writing leaves neither row nor bytes, and says so', async () => {
    const before = await filesLeft();
    const files = filesOn(failing({ write: 1 }));
    await expect(files.keep('document', upload, { actor: 'test' })).rejects.toMatchObject({
      code: 'storage-unavailable',
      status: 503,
    });
    expect([await filesLeft(), stored.size]).toEqual([before, 0]);
  });

  test('at the removing as well leaves a row that nobody sees, until the sweep finds both', async () => {
    const before = await filesLeft();
    const files = filesOn(failing({ write: 1, remove: 1 }));
    await expect(files.keep('document', upload, { actor: 'test' })).rejects.toMatchObject({ status: 503 });
    expect(stored.size).toBe(1);
    expect(await filesLeft()).toBe((before ?? 0) + 1);
    node.clock.advance(hours(24));
    expect(await filesOn(failing({})).sweep()).toBe(1);
    expect([await filesLeft(), stored.size]).toEqual([before, 0]);
  });

  test('at the reading answers 503 for a document, and a placeholder for a picture', async () => {
    const files = filesOn(failing({ read: 1 }));
    const paper = await files.keep('document', upload, { actor: 'test' });
    await expect(files.read(paper.fileId)).rejects.toMatchObject({ code: 'storage-unavailable' });
    const picture = await filesOn(failing({})).keep('picture', { bytes: small, name: 'x.jpg' }, { actor: 'test' });
    const [job] = filesOn(failing({})).handlers;
    await job?.run([{ fileId: picture.fileId }]);
    expect(await files.showPublished(picture.fileId, 320, 'image/avif')).toMatchObject({
      type: 'image/svg+xml',
      final: false,
    });
  });

  test('halfway through the sizes leaves the picture to the next try', async () => {
    const picture = await filesOn(failing({})).keep('picture', { bytes: small, name: 'x.jpg' }, { actor: 'test' });
    const [first] = filesOn(failing({ write: 3 })).handlers;
    await expect(first?.run([{ fileId: picture.fileId }])).rejects.toThrow('no space');
    const [second] = filesOn(failing({})).handlers;
    await second?.run([{ fileId: picture.fileId }]);
    expect(await filesOn(failing({})).showPublished(picture.fileId, 320, 'image/avif')).toMatchObject({ final: true });
  });
});

test('a picture that no product shows is forgotten after a week, with all its sizes; one that is shown stays', async () => {
  const forgotten = (await send('picture', small, 'a.jpg')).body.fileId;
  const shown = (await send('picture', small, 'b.jpg')).body.fileId;
  await node.runJobs();
  const pictureId = await showWithProduct(shown);
  node.clock.advance(hours(6 * 24));
  await node.runScheduled('files.sweep');
  const admin = (id: string) => get(`/quan-tri/tep/${id}/320`, cookies.staff);
  cookies.staff = await cookieOf('quantri@cho-noi.example');
  expect((await admin(forgotten)).status).toBe(200);
  node.clock.advance(hours(2 * 24));
  await node.runScheduled('files.sweep');
  cookies.staff = await cookieOf('quantri@cho-noi.example');
  expect((await admin(forgotten)).status).toBe(404);
  expect(await node.services.store.read(`uploads/${forgotten}`)).toBeUndefined();
  expect(await node.services.store.read(`renditions/${forgotten}-320.avif`)).toBeUndefined();
  expect((await get(`/pictures/${pictureId}/320`)).headers.get('content-type')).toBe('image/avif');
});

test('a picture that a draft or an open change names stays, however long it waits; it goes when it was taken out', async () => {
  const { businessId } = mine;
  const sentPictures: string[] = [];
  for (const name of ['draft.jpg', 'waiting.jpg', 'edit.jpg'])
    sentPictures.push((await send('picture', await photograph(200, 150), name)).body.fileId);
  const [drafted, waiting, edited] = sentPictures;
  const seller = () => signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const pictures = (fileId: string | undefined) => [{ pictureId: null, fileId, altVi: 'Bánh' }];
  const begin = async (fileId: string | undefined): Promise<string> => {
    const body = { businessId, fields: { ...cake, pictures: pictures(fileId) } };
    return (await (await seller()).expect<{ productId: string }>(201, 'POST', '/v1/seller/products', { body }))
      .productId;
  };
  const draft = await begin(drafted);
  await (await seller()).expect(204, 'POST', `/v1/seller/products/${await begin(waiting)}/submit`);
  const own = `/v1/seller/products/${mine.productId}`;
  const etag = (await (await seller()).send('GET', own)).headers.get('etag') ?? '';
  await (await seller()).expect(200, 'PATCH', own, {
    body: { pictures: pictures(edited) },
    headers: { 'if-match': etag },
  });
  await node.runJobs();
  const held = async (fileId: string | undefined) =>
    (await node.services.store.read(`uploads/${fileId}`)) !== undefined;
  node.clock.advance(hours(8 * 24));
  await node.runScheduled('files.sweep');
  expect(await Promise.all(sentPictures.map(held))).toEqual([true, true, true]);
  await (await seller()).expect(204, 'DELETE', `/v1/seller/products/${draft}/draft`);
  await node.runScheduled('files.sweep');
  expect(await Promise.all(sentPictures.map(held))).toEqual([false, true, true]);
});
