import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIntroduction } from '#conformance/introduction.ts';
import { readIdentity as readKitIdentity } from '#conformance/kit/keys.ts';
import type { Ctx, Ordering, Outcome } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { OrderRequest, Quote, RemoteOrder } from '#federation/protocol/ordering.ts';
import type { TestNode } from '#test/support/node.ts';
import { letIn } from '#test/support/partners.ts';

/** An exchange that buys of the node for its shoppers, by the client that our own shop uses. */
export type Partner = Awaited<ReturnType<typeof createPartner>>;

type Rest<F> = F extends (ctx: Ctx, ...rest: infer R) => infer Out ? (...rest: R) => Out : never;
type Bound = { readonly [Verb in keyof Ordering]: Rest<Ordering[Verb]> };

export const recipient = { name: 'Trần Thị Sáu', phone: '0987654321', line: '3 Nguyễn Huệ', ward: 'Mỹ Long' } as const;
/** Near enough for whatever spoils. */
export const province = '92';

export async function createPartner(node: TestNode, key: string) {
  const pem = generatePem();
  const identity = readIdentity(pem);
  let origin = '';
  const server: Server = createIntroduction(readKitIdentity(pem), () => origin);
  /** Which lanes each nudge that came here spoke of. */
  const nudges: (readonly string[])[] = [];
  server.prependListener('request', (request: IncomingMessage) => {
    if (!request.url?.startsWith('/federation/v1/nudge')) return;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => nudges.push(JSON.parse(Buffer.concat(parts).toString('utf8')).lanes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { federation } = node.services;
  await federation.introduce('test', { url: `http://${origin}`, fingerprint: identity.keyid, key });
  await letIn(node.db, key);
  const http = createPeerHttp({ allowLoopback: true });
  const { identity: pinned } = federation;
  const ctx: Ctx = {
    partner: {
      key: 'origin',
      origin: new URL(node.url).host,
      baseUrl: new URL(node.url),
      adapter: 'native',
      pinned: { keyid: pinned.keyid, jwk: pinned.jwk },
      settings: {},
    },
    http,
    identity,
    now: () => node.clock.now(),
    secret: async () => undefined,
  };
  const { ordering } = nativeAdapter;
  if (!ordering) throw new Error('The native adapter buys nothing');
  const bound = Object.fromEntries(
    Object.entries(ordering).map(([verb, work]) => [
      verb,
      (...rest: readonly unknown[]) => (work as (...all: readonly unknown[]) => unknown)(ctx, ...rest),
    ]),
  ) as Bound;
  const uriOf = (variantId: string): string => `ocop://${ctx.partner.origin}/offer/${variantId}`;
  const quote = async (variantId: string, quantity = 1): Promise<Quote> =>
    ok(await bound.quote({ lines: [{ uri: uriOf(variantId), quantity }], destination: { province } }));
  const requestBy = ({ quoteId, termsHash }: Quote, code = 'AG1'): OrderRequest => ({
    quoteId,
    termsHash,
    shippingCode: 'standard',
    recipient: { ...recipient, province },
    buyer: { code },
    payment: 'exchange',
  });
  const reserve = async (variantId: string, quantity: number, name: string): Promise<RemoteOrder> =>
    ok(await bound.reserve(requestBy(await quote(variantId, quantity)), name));
  return {
    ...bound,
    ctx,
    key,
    nudges,
    uriOf,
    quoted: quote,
    requestBy,
    reserved: reserve,
    bought: async (variantId: string, quantity: number, name: string): Promise<RemoteOrder> =>
      ok(await bound.confirm(await reserve(variantId, quantity, name))),
    close: async () => {
      server.close();
      await http.close();
    },
  };
}

/** What was said yes to. Throws what else was said. */
export function ok<T>(outcome: Outcome<T>): T {
  if ('ok' in outcome) return outcome.ok;
  throw new Error(JSON.stringify(outcome));
}
