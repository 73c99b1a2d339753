import type {
  AdapterKind,
  Ctx,
  Page,
  PartnerAdapter,
  PartnerEndpoint,
  SourceRecord,
} from '#federation/adapters/adapter.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { FedRecord, Lane } from '#federation/protocol/record.ts';
import { MemoryStore } from '#test/federation/memory-store.ts';

export type Asked = { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
export type Reply = {
  readonly json: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
};

/** A partner whose system answers by `answer`; what was asked is kept. The pace of the manifest does not hold it up. */
export function foreignShop(
  adapter: PartnerAdapter,
  settings: Readonly<Record<string, unknown>>,
  answer: (asked: Asked) => Reply,
  secrets: Readonly<Record<string, string>> = { token: 'k' },
) {
  const asked: Asked[] = [];
  const clock = { at: new Date('2026-11-27T00:00:00Z') };
  const partner: PartnerEndpoint = {
    key: `p-${adapter.manifest.kind}`,
    origin: 'shop.example',
    baseUrl: new URL('https://shop.example'),
    adapter: adapter.manifest.kind as AdapterKind,
    settings,
  };
  const ctxOf = (): Ctx => ({
    partner,
    // A client of its own, so that the bucket of the pace is full.
    http: {
      send: async ({ url, headers, body }) => {
        const question = { url, headers, body: body ? JSON.parse(Buffer.from(body).toString()) : undefined };
        asked.push(question);
        const { status = 200, json, headers: more = {} } = answer(question);
        const date = clock.at.toUTCString();
        return {
          status,
          headers: { 'content-type': 'application/json; charset=utf-8', date, ...more },
          body: Buffer.from(JSON.stringify(json)),
        };
      },
      close: async () => {},
    },
    identity: readIdentity(generatePem()),
    secret: async (name) => secrets[name],
    now: () => clock.at,
  });
  const store = new MemoryStore();
  return {
    partner,
    asked,
    clock,
    store,
    ctx: ctxOf,
    read: async (lane: Lane, from?: string): Promise<readonly Page[]> => {
      const pages: Page[] = [];
      for await (const page of adapter.pull(ctxOf(), lane, from)) pages.push(page);
      return pages;
    },
    pull: () => {
      const deps: EngineDeps = { ...ctxOf(), store, adapterFor: () => adapter, self: 'us.example', random: () => 0 };
      return pullPartner(deps, partner);
    },
    normalised: (body: unknown) => adapter.normalise({ id: 'x', body } satisfies SourceRecord, partner),
    recordOf: (body: unknown): FedRecord => {
      const result = adapter.normalise({ id: 'x', body }, partner);
      if ('rejection' in result) throw new Error(`${result.rejection.code} ${result.rejection.detail}`);
      return result.record;
    },
  };
}
