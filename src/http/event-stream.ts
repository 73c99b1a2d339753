import type { FastifyReply } from 'fastify';

/** Keeps proxies and phones from taking a quiet stream for a dead one. */
const heartbeatMs = 15_000;

export type EventStream = {
  send(event: string, data: unknown): void;
  end(): void;
  onClose(listener: () => void): void;
};

/** Takes the connection over as a stream of server-sent events. */
export function eventStream(reply: FastifyReply): EventStream {
  reply.hijack();
  const { raw } = reply;
  const headers = reply.getHeaders();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 3000\n\n');
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
  const listeners: (() => void)[] = [() => clearInterval(heartbeat)];
  // Of the answer, not of the request: a request is closed as soon as it has been read.
  raw.once('close', () => {
    for (const listener of listeners) listener();
  });
  return {
    send: (event, data) => void raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => void raw.end(),
    onClose: (listener) => void listeners.push(listener),
  };
}
