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
  let over = false;
  const listeners: (() => void)[] = [];
  const close = (): void => {
    if (over) return;
    over = true;
    clearInterval(heartbeat);
    for (const listener of listeners) listener();
  };
  // A client that reads nothing and one that has left must not be written to: that error has nobody to catch it.
  const write = (text: string): void => {
    if (!over && !raw.writableEnded && !raw.destroyed) raw.write(text);
  };
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
  raw.on('error', close);
  // Of the answer, not of the request: a request is closed as soon as it has been read.
  raw.once('close', close);
  write('retry: 3000\n\n');
  if (raw.destroyed) close();
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => {
      close();
      raw.end();
    },
    onClose: (listener) => {
      if (over) listener();
      else listeners.push(listener);
    },
  };
}
