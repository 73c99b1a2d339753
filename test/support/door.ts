import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How a provider is away. `refused`: its process has ended. `silent`: it takes the connection and never answers.
 * `failing` and `garbage`: something in front of it answers with 500, or with a page for people.
 */
export type Fault = 'none' | 'refused' | 'silent' | 'failing' | 'garbage' | { readonly slowMs: number };

/** What stands between us and a provider: all of it passes, or as the fault has it. */
export type Door = {
  /** Without a slash at the end. */
  readonly url: string;
  /** From now on, and for what is open: a connection that was kept alive meets it too. */
  readonly set: (fault: Fault) => Promise<void>;
  /** Connections that came while the door was silent, or slow. */
  readonly kept: () => number;
  readonly close: () => Promise<void>;
};

const page = '<!doctype html><title>Bảo trì</title><h1>Hệ thống đang bảo trì</h1>';
const answerOf = (status: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(page)}\r\nconnection: close\r\n\r\n${page}`;
const answers: Readonly<Record<string, string>> = {
  failing: answerOf('500 Internal Server Error'),
  garbage: answerOf('200 OK'),
};

export async function startDoor(target: string): Promise<Door> {
  const { hostname, port } = new URL(target);
  const open = new Set<net.Socket>();
  let fault: Fault = 'none';
  let kept = 0;
  const keep = (socket: net.Socket, onClose: () => void): void => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      onClose();
    });
  };
  const lead = (client: net.Socket): void => {
    const upstream = net.connect(Number(port), hostname);
    keep(client, () => upstream.destroy());
    keep(upstream, () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (part) => {
      const delayMs = typeof fault === 'object' ? fault.slowMs : 0;
      void sleep(delayMs).then(() => client.writable && client.write(part));
    });
  };
  const server = net.createServer((client) => {
    const answer = typeof fault === 'string' ? answers[fault] : undefined;
    if (fault === 'silent' || typeof fault === 'object') kept += 1;
    if (fault !== 'silent' && answer === undefined) return lead(client);
    keep(client, () => {});
    client.on('data', () => answer !== undefined && client.end(answer));
  });
  const listen = (at: number): Promise<number> =>
    new Promise((resolve) => {
      server.listen(at, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  const at = await listen(0);
  return {
    url: `http://127.0.0.1:${at}`,
    set: async (next) => {
      fault = next;
      if (next === 'refused') return server.listening ? shut() : undefined;
      // Slowness is of answers: connections stay, as they do where a provider is merely loaded.
      if (typeof next !== 'object') for (const socket of open) socket.destroy();
      if (!server.listening) await listen(at);
    },
    kept: () => kept,
    close: async () => {
      if (server.listening) await shut();
    },
  };
}
