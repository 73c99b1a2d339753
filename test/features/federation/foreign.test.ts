import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';

const password = 'cho-noi:mat-khau-rat-bi-mat';
const headings = 'Mã,Tên hàng,Giá,Tình trạng,Cơ sở,Trang';
const shop = { rows: ['DT1,Dưa tắc ngâm Lai Vung,45.000,in stock,Cơ sở Út Hạnh,/p/1'], asked: [] as number[] };

let server: Server;
let address: string;
let node: TestNode;
let category: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from(password).toString('base64')}`;
    const status = isKnown ? 200 : 401;
    shop.asked.push(status);
    response.writeHead(status, { 'content-type': 'text/csv' });
    response.end(isKnown ? [headings, ...shop.rows].join('\r\n') : 'no');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  node = await startNode({ env: { FEDERATION_ALLOW_LOOPBACK: '1' } });
  const { rows } = await node.db.execute<{ slug: string }>(sql`select slug from categories order by id limit 1`);
  category = rows[0]?.slug ?? '';
}, 120_000);
afterAll(async () => {
  server?.close();
  await node?.close();
});

const settings = () => ({
  url: '/hang.csv',
  decimal: ',',
  currency: 'VND',
  defaultCategory: category,
  columns: {
    id: 'Mã',
    title: 'Tên hàng',
    price: 'Giá',
    availability: 'Tình trạng',
    brand: 'Cơ sở',
    link: 'Trang',
  },
});
const connection = () => ({ url: address, adapter: 'csv', key: 'ut-hanh', name: 'Chợ Út Hạnh', settings: settings() });
const found = async (words: string) => {
  await node.runJobs();
  const response = await fetch(`${node.url}/v1/search?q=${encodeURIComponent(words)}`);
  const { hits } = (await response.json()) as { hits: { name: string; variants: { priceVnd: number }[] }[] };
  return hits
    .filter(({ name }) => name.includes('Lai Vung'))
    .map(({ name, variants }) => [name, variants[0]?.priceVnd]);
};
const pull = (acceptDeletes = false) => node.services.federation.pullNow('ut-hanh', { acceptDeletes });

/** Runs a command as an operator does, who types the secrets where nobody looks. */
async function cli(typed: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env: { PATH: process.env.PATH, ...node.env } });
  child.stdin.end(typed);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, said: out + err };
}

describe('a shop that keeps a table behind a password', () => {
  test('is written down by the operator, who types the password and never sees it again', async () => {
    const file = join(node.env.DATA_DIR ?? tmpdir(), 'ut-hanh.json');
    writeFileSync(file, JSON.stringify(settings()));
    const { code, said } = await cli(
      `basic=${password}\n`,
      ...['partner:add', '--url', address, '--adapter', 'csv', '--key', 'ut-hanh', '--name', 'Chợ Út Hạnh'],
      ...['--settings', file, '--secrets', '--json'],
    );
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('"key":"ut-hanh"') });
    const listed = await cli('', 'partner:list', '--json');
    expect(listed.said).toContain('"hasSecrets":true');
    const { rows } = await node.db.execute<{ row: string }>(
      sql`select row_to_json(p)::text as row from partners p where key = 'ut-hanh'
        union all select row_to_json(a)::text from audit_entries a where subject_id = 'ut-hanh'`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const told of [said, listed.said, ...rows.map(({ row }) => row)]) {
      expect(told).not.toContain(password);
      expect(told).not.toContain('mat-khau');
    }
    expect(shop.asked).toEqual([]);
  }, 60_000);

  test('has its goods in our search once it is let in, at its price', async () => {
    await node.services.federation.activate('test', 'ut-hanh');
    await expect(found('dưa tắc ngâm Lai Vung')).resolves.toEqual([['Dưa tắc ngâm Lai Vung', 45_000]]);
    expect(shop.asked).toEqual([200]);
  });

  test('is followed: a price, a new jar, one that is gone', async () => {
    shop.rows = [
      'DT1,Dưa tắc ngâm Lai Vung,47.000,in stock,Cơ sở Út Hạnh,/p/1',
      'NL2,Nem chua Lai Vung,60.000,in stock,Cơ sở Út Hạnh,/p/2',
    ];
    await expect(pull()).resolves.toMatchObject({ lanes: { catalogue: { state: 'ok' }, offer: { state: 'ok' } } });
    await expect(found('dưa tắc ngâm Lai Vung')).resolves.toContainEqual(['Dưa tắc ngâm Lai Vung', 47_000]);
    shop.rows = shop.rows.slice(1);
    await pull();
    await expect(found('Lai Vung')).resolves.toEqual([['Nem chua Lai Vung', 60_000]]);
  });

  test('is asked with its new password from then on, not with the old one', async () => {
    await node.services.federation.configure('test', 'ut-hanh', { secrets: { basic: 'cho-noi:sai' } });
    await expect(pull()).resolves.toMatchObject({ lanes: { catalogue: { state: 'failed' } } });
    expect(shop.asked.at(-1)).toBe(401);
    await node.services.federation.configure('test', 'ut-hanh', { secrets: { basic: password } });
    await expect(pull(true)).resolves.toMatchObject({ lanes: { catalogue: { state: 'ok' } } });
  });
});

describe('a partner that is shut out', () => {
  const kept = async () => {
    const { rows } = await node.db.execute<{ mirrors: number; products: number }>(
      sql`select (select count(*)::int from federation_mirrors where partner_key = 'ut-hanh') as mirrors,
        (select count(*)::int from products where partner_key = 'ut-hanh') as products`,
    );
    return rows[0];
  };
  test('is gone from search at once and no longer asked, and back as it was when let in', async () => {
    const before = await kept();
    const asked = shop.asked.length;
    const all = await node.services.products.listProducts({ filters: {}, sort: 'name', limit: 1 });
    const started = performance.now();
    const { code } = await cli('', 'partner:suspend', '--key', 'ut-hanh', '--reason', 'Bán phá giá');
    expect(code).toBe(0);
    await expect(found('Lai Vung')).resolves.toEqual([]);
    expect(performance.now() - started).toBeLessThan(60_000);
    await expect(pull()).resolves.toBeUndefined();
    await expect(kept()).resolves.toEqual(before);
    const others = await node.services.products.listProducts({ filters: {}, sort: 'name', limit: 1 });
    expect(others.items.map(({ name }) => name)).toEqual(all.items.map(({ name }) => name));
    const { rows } = await node.db.execute(
      sql`select action, reason, before, after from audit_entries where subject_id = 'ut-hanh' and action = 'partner.suspended'`,
    );
    expect(rows).toEqual([
      {
        action: 'partner.suspended',
        reason: 'Bán phá giá',
        before: { state: 'active' },
        after: { state: 'suspended' },
      },
    ]);
    await node.services.federation.activate('test', 'ut-hanh');
    // Shown again from what we hold: only after that does the next turn ask the shop.
    expect(shop.asked.length).toBe(asked);
    await expect(found('Lai Vung')).resolves.toEqual([['Nem chua Lai Vung', 60_000]]);
  }, 90_000);
});

describe('a connection', () => {
  const other = () => ({ ...connection(), key: 'khac', url: 'http://127.0.0.1:9' });
  test.each([
    ['of a kind that we cannot read', () => ({ ...other(), adapter: 'shopware' }), 'partner-adapter-unknown'],
    [
      'whose settings the adapter does not know',
      () => ({ ...other(), settings: { colour: 1 } }),
      'partner-settings-wrong',
    ],
    [
      'with a secret that the adapter never asks for',
      () => ({ ...other(), secrets: { pin: '1' } }),
      'partner-secret-unknown',
    ],
    [
      'with a password in its address',
      () => ({ ...other(), url: 'https://a:b@shop.example' }),
      'partner-address-wrong',
    ],
    ['to a file', () => ({ ...other(), url: 'file:///etc/passwd' }), 'partner-address-wrong'],
    ['from no host', () => ({ ...other(), origin: 'shop.example/path' }), 'partner-address-wrong'],
    ['to ourselves', () => ({ ...other(), url: node.url }), 'partner-is-ourselves'],
    [
      'under a host that another partner has',
      () => ({ ...other(), origin: new URL(address).host }),
      'partner-key-taken',
    ],
  ])('%s is refused and leaves nothing', async (_what, make, code) => {
    await expect(node.services.federation.connect('test', make())).rejects.toMatchObject({ code });
    const partners = await node.services.federation.listPartners();
    expect(partners.filter(({ key }) => key === 'khac')).toEqual([]);
  });
  test('to another address is made without the password that was given for the first', async () => {
    const moved = await node.services.federation.connect('test', { ...connection(), url: 'https://khac.example' });
    expect(moved.secretsSealed).toBeNull();
  });
  test('of nobody cannot be changed', async () => {
    await expect(node.services.federation.configure('test', 'khac', {})).rejects.toMatchObject({
      code: 'partner-not-found',
    });
  });
  test('is not for a partner that has a pinned key', async () => {
    await node.db.execute(sql`update partners set origin = 'x.example', keyid = 'k', jwk = '{}' where key = 'can-tho'`);
    await expect(node.services.federation.connect('test', { ...other(), key: 'can-tho' })).rejects.toMatchObject({
      code: 'partner-is-native',
    });
  });
});
