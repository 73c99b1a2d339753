import pg from 'pg';

/** Wake-ups sent at commit, see `events.ts`. They carry no truth: whoever hears one reads the database. */
export type Channel = 'catalogue' | 'payment';

export type Signals = Awaited<ReturnType<typeof listenForSignals>>;
type Listener = (payload: string) => void;

const reconnectMs = 1_000;

/**
 * One connection that listens on all channels and is opened again when it breaks. A listener is also called with an
 * empty payload after each reconnection, since what was signalled meanwhile is lost.
 */
export const listenForSignals = async (url: string, onError: (error: Error) => void) => {
  const listeners = new Map<Channel, Set<Listener>>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const again = (): void => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void open().then(
        () => {
          for (const set of listeners.values()) for (const listener of set) listener('');
        },
        (error: Error) => {
          onError(error);
          again();
        },
      );
    }, reconnectMs);
  };
  const open = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'cho-noi signals', keepAlive: true });
    next.on('error', (error) => {
      onError(error);
      again();
    });
    next.on('end', again);
    next.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel as Channel) ?? []) listener(payload);
    });
    await next.connect();
    await next.query('listen catalogue; listen payment');
    client = next;
  };
  await open();

  return {
    /** Returns the function that ends the subscription. */
    on: (channel: Channel, listener: Listener): (() => void) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => set.delete(listener);
    },
    close: async (): Promise<void> => {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
};
