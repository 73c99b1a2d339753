import { readFileSync } from 'node:fs';
import type { Answer, Client } from '#test/support/client.ts';
import type { TestNode } from '#test/support/node.ts';

export const dataFile = (name: string): Buffer => readFileSync(new URL(`../../data/imports/${name}`, import.meta.url));

export type ImportBody = {
  readonly importId: string;
  readonly state: string;
  readonly version: number;
  readonly sheet: {
    readonly encoding: string | null;
    readonly delimiter: string | null;
    readonly headerRow: number | null;
    readonly headings: readonly string[];
  } | null;
  readonly mapping: Readonly<Record<string, number>> | null;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly done: number;
  readonly outdated: boolean;
  readonly problem: { readonly code: string; readonly messages: { readonly vi: string; readonly en: string } } | null;
  readonly written: { readonly new: number; readonly changed: number; readonly rejected: number };
};
export type RowBody = {
  readonly row: number;
  readonly verdict: string;
  readonly reasonCode: string | null;
  readonly reasons: readonly {
    readonly field: string | null;
    readonly code: string;
    readonly rejects: boolean;
    readonly messages: { readonly vi: string; readonly en: string };
  }[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  readonly outcome: string | null;
};

/** What a seller does with sheets over HTTP, with the worker's part done in between. */
export const createImporter = (node: TestNode, client: Client) => {
  const at = (id: string, rest = ''): string => `/v1/seller/imports/${id}${rest}`;
  const upload = async (bytes: Buffer | string, name = 'hang.csv', fields: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
    const { status, body } = await client.send<{ importId: string; code?: string }>('POST', '/v1/seller/imports', {
      body: form,
    });
    return { status, body };
  };
  const get = (id: string) => client.expect<ImportBody>(200, 'GET', at(id));
  const rows = async (id: string, query = 'limit=500'): Promise<readonly RowBody[]> =>
    (await client.expect<{ items: RowBody[] }>(200, 'GET', at(id, `/rows?${query}`))).items;
  /** Sends a sheet and has it read. */
  const preview = async (bytes: Buffer | string, name?: string): Promise<ImportBody> => {
    const { status, body } = await upload(bytes, name);
    if (status !== 202) throw new Error(`The sheet was refused: ${JSON.stringify(body)}`);
    const { errors } = await node.runJobs();
    if (errors[0]) throw errors[0];
    return get(body.importId);
  };
  const confirm = (id: string, version: number, mode: 'all' | 'valid'): Promise<Answer<{ code?: string }>> =>
    client.send('POST', at(id, '/confirmation'), { body: { version, mode } });
  /** For bytes, which the client reads as text. */
  const fetchBytes = async (path: string): Promise<Buffer> => {
    const response = await client.fetch(path);
    return Buffer.from(await response.arrayBuffer());
  };
  return { at, upload, get, rows, preview, confirm, client, fetchBytes };
};
export type Importing = ReturnType<typeof createImporter>;

export const csv = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
