import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#test/support/random.ts';

/** What the way between two exchanges can do to one question and its answer. */
const FAULTS = [
  'latency',
  'reset',
  'lost-answer',
  'cut',
  'duplicate',
  'reorder',
  'corrupt',
  'drip',
  'blackhole',
  'server-error',
  'throttle',
] as const;
export type Fault = (typeof FAULTS)[number];
type Answer = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

/** Slow ones seldom: a pull waits 10 s for a header and as long as 60 s for a body, and a lab has few minutes. */
const weights: Readonly<Record<Fault, number>> = {
  latency: 8,
  reset: 3,
  'lost-answer': 3,
  cut: 3,
  duplicate: 4,
  reorder: 4,
  corrupt: 3,
  drip: 0.3,
  blackhole: 0.3,
  'server-error': 2,
  throttle: 2,
};
const bag = FAULTS.flatMap((fault) => Array.from({ length: weights[fault] * 10 }, () => fault));

export type ChaosProxy = Awaited<ReturnType<typeof openChaosProxy>>;

/**
 * The public address of an exchange, as a reverse proxy in front of it would be: signatures name this host. While `wild`
 * is set, a share of what passes suffers a fault that the seed draws.
 */
export async function openChaosProxy(random: Random, share: number) {
  const counts = new Map<Fault, number>();
  const cutOff = new Set<string>();
  let target = 0;
  let wild = false;
  let held: Promise<unknown> = Promise.resolve();
  const planned: { readonly question: string; readonly fault: Fault }[] = [];
  /** What a test has told this question to meet. */
  const meets = ({ method, url }: IncomingMessage): Fault | undefined => {
    const at = planned.findIndex(({ question }) => `${method} ${url}`.startsWith(question));
    return at < 0 ? undefined : planned.splice(at, 1)[0]?.fault;
  };
  const draw = (): Fault | undefined => {
    if (!wild || !random.chance(share)) return undefined;
    const fault = random.pick(bag);
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
    return fault;
  };

  const server = createServer((asked, answered) => {
    answered.on('error', () => {});
    pass(asked, answered).catch(() => answered.destroy());
  });
  const pass = async (asked: IncomingMessage, answered: ServerResponse): Promise<void> => {
    const body = await read(asked);
    const reader = /keyid="([^"]+)"/.exec(String(asked.headers['signature-input'] ?? ''))?.[1];
    if (reader && (cutOff.has(reader) || cutOff.has('*'))) return void answered.destroy();
    const fault = meets(asked) ?? draw();
    const forward = () => ask(target, asked, body);
    // What came before is answered after: neither side may rely on the order.
    const before = held;
    if (fault === 'reorder') held = sleep(300);
    else await Promise.race([before, sleep(300)]);
    await suffer(fault, forward, answered, random);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    /** The port behind; another one after each start. */
    leadTo: (to: number): void => {
      target = to;
    },
    setWild: (is: boolean): void => {
      wild = is;
    },
    /** The next questions that begin so (`POST /federation/v1/orders`) meet these, one each. */
    plan: (question: string, ...faults: readonly Fault[]): void => {
      planned.push(...faults.map((fault) => ({ question, fault })));
    },
    /** Keeps out whoever signs with this key, or everybody. */
    cut: (reader: string | '*'): void => {
      cutOff.add(reader);
    },
    heal: (): void => cutOff.clear(),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function suffer(
  fault: Fault | undefined,
  forward: () => Promise<Answer>,
  answered: ServerResponse,
  random: Random,
): Promise<void> {
  if (fault === 'reset') return void answered.destroy();
  // A socket that says nothing is given up by whoever waits; unref, since a lab that ends does not wait for it.
  if (fault === 'blackhole') return void setTimeout(() => answered.destroy(), 15_000).unref();
  if (fault === 'server-error')
    return give(answered, { status: random.pick([500, 502, 504]), headers: {}, body: page });
  if (fault === 'throttle') {
    const seconds = random.between(1, 2);
    const after = random.chance(0.5) ? String(seconds) : new Date(Date.now() + seconds * 1_000).toUTCString();
    return give(answered, { status: random.pick([429, 503]), headers: { 'retry-after': after }, body: page });
  }
  if (fault === 'latency') await sleep(random.between(20, 800));
  if (fault === 'reorder') await sleep(random.between(300, 600));
  const answer = await forward();
  if (fault === 'lost-answer') return void answered.destroy();
  // The second has the nonce of the first, so it is a replay to whoever gets it.
  if (fault === 'duplicate') {
    const replayed = await forward();
    return give(answered, random.chance(0.5) ? replayed : answer);
  }
  if (fault === 'cut') {
    answered.writeHead(answer.status, answer.headers);
    answered.write(answer.body.subarray(0, Math.ceil(answer.body.length * random.next())));
    await sleep(20);
    return void answered.destroy();
  }
  if (fault === 'corrupt' && answer.body.length > 0) {
    const at = random.between(0, answer.body.length - 1);
    answer.body[at] = (answer.body[at] ?? 0) ^ (1 << random.between(0, 7));
  }
  if (fault !== 'drip') return give(answered, answer);
  answered.writeHead(answer.status, answer.headers);
  for (const byte of answer.body) {
    if (answered.destroyed) return;
    answered.write(Buffer.of(byte));
    await sleep(1_000, undefined, { ref: false });
  }
  answered.end();
}

const page = Buffer.from('<!doctype html><title>Gateway</title>');

function give(answered: ServerResponse, { status, headers, body }: Answer): void {
  answered.writeHead(status, { ...headers, 'content-length': body.length });
  answered.end(body);
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function ask(port: number, asked: IncomingMessage, body: Buffer): Promise<Answer> {
  // The host that was asked stays: it is what the question was signed for.
  const sent = request({ host: '127.0.0.1', port, method: asked.method, path: asked.url, headers: asked.headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _alive, ...headers } = answer.headers;
  return { status: answer.statusCode ?? 502, headers, body: await read(answer) };
}
