import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What stands between us and Meilisearch, to be cut or slowed down by hand. */
export type Gate = {
  readonly url: string;
  /** Breaks what is open and refuses what comes, as a server does whose process has ended. */
  readonly cut: () => Promise<void>;
  readonly restore: () => Promise<void>;
  /** Delays each answer by so many milliseconds. */
  readonly slowDown: (ms: number) => void;
  readonly close: () => Promise<void>;
};

export async function startGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const open = new Set<net.Socket>();
  let delayMs = 0;
  let listening = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (part) => {
      void sleep(delayMs).then(() => client.writable && client.write(part));
    });
  });
  const listen = (at: number): Promise<number> =>
    new Promise((resolve) => {
      server.listen(at, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  listening = await listen(0);
  return {
    url: `http://127.0.0.1:${listening}`,
    cut,
    restore: async () => {
      await listen(listening);
    },
    slowDown: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      if (server.listening) await cut();
    },
  };
}
