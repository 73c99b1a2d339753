import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Failure } from './check.ts';
import type { Fields, Request } from './signing.ts';

/** What came back, byte for byte. */
export type Answer = {
  readonly status: number;
  readonly headers: Fields;
  readonly body: Buffer;
  readonly request: Request;
};

const maxBytes = 256 * 1_048_576;

export type Wire = { readonly send: (request: Request) => Promise<Answer>; readonly close: () => void };

/** Speaks to one host. Follows no redirect, unpacks nothing, and lets a request be as wrong as a check wants it. */
export function createWire(target: URL, timeoutMs: number): Wire {
  const isSecure = target.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const open = isSecure ? httpsRequest : httpRequest;
  const send = (request: Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const length = request.body.length > 0 ? { 'content-length': String(request.body.length) } : {};
      const options = {
        host: target.hostname,
        port: target.port || undefined,
        method: request.method,
        path: request.target,
        headers: { 'accept-encoding': 'identity', ...length, ...request.headers },
        agent,
        timeout: timeoutMs,
      };
      const outgoing = open(options, (incoming) => {
        read(incoming).then((body) => resolve({ ...headOf(incoming), body, request }), reject);
      });
      outgoing.once('timeout', () => outgoing.destroy(new Failure(`an answer within ${timeoutMs} ms`, 'none')));
      outgoing.once('error', reject);
      outgoing.end(request.body);
    });
  return { send, close: () => agent.destroy() };
}

const headOf = ({ statusCode = 0, headers }: IncomingMessage) => ({
  status: statusCode,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  ),
});

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBytes) throw new Failure(`at most ${maxBytes} bytes`, `${size} and more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
