import pg from 'pg';

/** `before`: the connection breaks and the statement never arrives. `after`: it was carried out, and its answer is lost. */
export type Breaking = 'before' | 'after';
type Query = (this: pg.Client, ...request: unknown[]) => unknown;

/** How many statements were seen while it was armed, and what the one that met the fault was. */
export type Broken = { readonly count: number; readonly statement: string | undefined };

const textOf = (request: unknown): string =>
  typeof request === 'string' ? request : String((request as { readonly text?: unknown } | undefined)?.text ?? '');
/** Sessions that listen for signals, and those of the queue, are not of the request that is looked at. */
const isOurs = (client: pg.Client, database: string): boolean => {
  const settings: { readonly database?: string; readonly application_name?: string } =
    Reflect.get(client, 'connectionParameters') ?? {};
  return settings.database === database && /^cho-noi (?!jobs)/.test(settings.application_name ?? '');
};
const breakOff = (client: pg.Client): void => {
  const connection = Reflect.get(client, 'connection') as { readonly stream: { destroy(): void } };
  connection.stream.destroy();
};

/**
 * Runs `work` while the connection of the `nth` statement that this process sends to `database` breaks. It is made from
 * the driver's own client, so that every statement counts, `begin` and `commit` among them.
 */
export async function breakAt(
  database: string,
  nth: number,
  how: Breaking,
  work: () => Promise<void>,
): Promise<Broken> {
  const original = pg.Client.prototype.query as Query;
  let count = 0;
  let statement: string | undefined;
  const broken: Query = function (...request) {
    if (!isOurs(this, database)) return original.apply(this, request);
    count += 1;
    if (count !== nth) return original.apply(this, request);
    statement = textOf(request[0]).trim().slice(0, 60);
    if (how === 'before') {
      breakOff(this);
      return original.apply(this, request);
    }
    const last = request.at(-1);
    if (typeof last === 'function') {
      const answer = (): void => {
        breakOff(this);
        last(new Error('Connection terminated unexpectedly'));
      };
      return original.apply(this, [...request.slice(0, -1), answer]);
    }
    return Promise.resolve(original.apply(this, request)).then(() => {
      breakOff(this);
      throw new Error('Connection terminated unexpectedly');
    });
  };
  Reflect.set(pg.Client.prototype, 'query', broken);
  try {
    await work();
  } finally {
    Reflect.set(pg.Client.prototype, 'query', original);
  }
  return { count, statement };
}
