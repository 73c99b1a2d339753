import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, errors, request } from 'undici';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';
import { PullFailure } from './failure.ts';

type PeerRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Bytes of the body after which reading stops. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
};
export type PeerAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came, still encoded: their digest was signed. */
  readonly body: Buffer;
};
export type PeerHttp = {
  readonly send: (asked: PeerRequest) => Promise<PeerAnswer>;
  readonly close: () => Promise<void>;
};

/** Milliseconds. A body that drips a byte now and then is caught by the total. */
const patience = { connect: 3_000, headers: 10_000, idle: 5_000, total: 60_000 };
/** Of a web server, and the one that operators give a second one. Others belong to databases, mail and remote desktops. */
const ports: ReadonlySet<string> = new Set(['', '8443']);
type Options = { readonly allowLoopback: boolean; readonly waits?: typeof patience };

/**
 * The only way out to a peer. Every resolved address is checked at dial time, so a name that turns to a private address
 * between check and use (DNS rebinding) is refused too; redirects are not followed; bytes and time are capped.
 * `allowLoopback` opens 127.0.0.0/8 and ::1, and plain HTTP to them alone, for nodes of one machine.
 * `send` throws PullFailure.
 */
export function createPeerHttp({ allowLoopback, waits = patience }: Options): PeerHttp {
  const allowed = (address: string): boolean =>
    isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address));
  const agent = new Agent({
    connect: { lookup: guardedLookup(allowed), timeout: waits.connect },
    headersTimeout: waits.headers,
    bodyTimeout: waits.idle,
    allowH2: false,
  });
  return {
    close: () => agent.close(),
    send: async (asked) => {
      refuseUrl(asked.url, allowed, allowLoopback);
      const deadline = AbortSignal.timeout(waits.total);
      const signal = asked.signal ? AbortSignal.any([deadline, asked.signal]) : deadline;
      try {
        const answer = await request(asked.url, {
          dispatcher: agent,
          method: asked.method,
          headers: asked.headers,
          body: asked.body ? Buffer.from(asked.body) : null,
          signal,
        });
        const body = await readCapped(answer.body, asked.maxBytes);
        return { status: answer.statusCode, headers: answer.headers, body };
      } catch (error) {
        throw asFailure(error, asked.url);
      }
    },
  };
}

function refuseUrl(url: URL, allowed: (address: string) => boolean, allowLoopback: boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || isLoopbackAddress(host);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && allowLoopback && local);
  if (!secure || url.username || url.password) {
    throw new PullFailure('address-refused', `${url.origin} is not an https address without credentials`);
  }
  if (!allowLoopback && !ports.has(url.port))
    throw new PullFailure('address-refused', `port ${url.port} is not 443 or 8443`);
  // A literal address is dialled without a lookup, so the dial-time check would never see it.
  if (isIP(host) && !allowed(host)) throw new PullFailure('address-refused', `${host} is not a public address`);
}

function guardedLookup(allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[] = []) => {
      const [first] = addresses;
      const refused = addresses.find(({ address }) => !allowed(address));
      if (error) return callback(error, '', 0);
      if (!first || refused) {
        const failure = new PullFailure('address-refused', `${hostname} resolves to ${refused?.address ?? 'nothing'}`);
        return callback(failure, '', 0);
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

async function readCapped(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      throw new PullFailure('too-large', `more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asFailure(error: unknown, url: URL): PullFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PullFailure) return cause;
  }
  const slow =
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    (error instanceof Error && error.name === 'TimeoutError');
  const reason = error instanceof Error ? error.message : String(error);
  return new PullFailure(slow ? 'timed-out' : 'unreachable', `${url.origin}: ${reason}`, { cause: error });
}
