import { sql } from 'drizzle-orm';
import { exampleOf, type WireSchema } from '#http/examples.ts';
import { kindsOf, mayEnter, nameOf, prepare, type Route, rowOf } from './calls.ts';
import type { Expected } from './expected.ts';
import { type Stage, WHO, type Who } from './stage.ts';

/** What whoever writes a body by hand would like to decide, and what poisons objects. */
const strangers = [
  'role',
  'sellerId',
  'status',
  'price',
  'paidAt',
  'balance',
  'isVerified',
  'businessId',
  '__proto__',
  'constructor',
] as const;

type Content = { readonly schema: WireSchema; readonly example?: unknown };
type Components = { readonly schemas?: Readonly<Record<string, WireSchema>> };
type Operation = { readonly requestBody?: { readonly content: Readonly<Record<string, Content>> } };
type Problem = { readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] };

/** Each table as one text, without what counts attempts, sees sessions and remembers answers. */
export async function digestsOf({ node }: Stage): Promise<unknown> {
  const { rows: tables } = await node.db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'
      and tablename not in ('idempotency_keys', 'attempts', 'sessions', 'api_keys', 'schema_migrations') order by 1`,
  );
  const digests = tables.map(
    ({ name }) =>
      sql`select ${name} as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${sql.identifier(name)} t`,
  );
  const { rows } = await node.db.execute<{ name: string; digest: string }>(sql.join(digests, sql` union all `));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

function contentOf({ node }: Stage, { method, path }: Route): Content | undefined {
  const document = node.app.swagger() as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: Components;
  };
  const written = path
    .replaceAll('::', '\0')
    .replace(/:(\w+)/g, '{$1}')
    .replaceAll('\0', ':');
  const content = document.paths[written]?.[method.toLowerCase()]?.requestBody?.content['application/json'];
  if (!content || !('$ref' in content.schema)) return content;
  const name = String(content.schema.$ref).split('/').at(-1) ?? '';
  return { ...content, schema: document.components.schemas?.[name] ?? {} };
}

const insider = (expected: Expected, route: Route): Who =>
  rowOf(expected, route).access.startsWith('shopper')
    ? 'shopperA'
    : (WHO.toReversed().find((who) => who !== 'partner' && mayEnter(rowOf(expected, route), who)) ?? 'nobody');

type Target = {
  readonly route: Route;
  readonly who: Who;
  readonly path: string;
  readonly given: object;
  readonly known: object;
};

/** Every route of the API that takes a JSON body, with a body as the document shows it and somebody who may send it. */
export async function bodiesOf(stage: Stage, expected: Expected): Promise<readonly Target[]> {
  const found: Target[] = [];
  for (const route of stage.node.app.routeList.filter(({ operationId }) => operationId !== null)) {
    const content = contentOf(stage, route);
    const row = rowOf(expected, route);
    // A partner signs its bytes, and a provider's bytes are its own to shape.
    if (!content || /^(partner|webhook)/.test(row.access)) continue;
    const who = insider(expected, route);
    const whose = kindsOf(row, who).find((kind) => kind === 'own');
    const { path, body } = await prepare(stage, row, route, { who, whose });
    const isGiven = body !== null && typeof body === 'object' && Object.keys(body).length > 0;
    const given = (isGiven ? body : (content.example ?? exampleOf(content.schema) ?? {})) as object;
    found.push({ route, who, path, given, known: content.schema.properties ?? {} });
  }
  return found;
}

/** Sends each body with one stranger more, and tells of every route that did not refuse it by name. */
export async function smuggle(stage: Stage, { route, who, path, given, known }: Target): Promise<readonly string[]> {
  const wrong: string[] = [];
  // A member that the route knows is none; its values are tried elsewhere.
  for (const name of strangers.filter((one) => !Object.hasOwn(known, one))) {
    const inside = JSON.stringify(given).slice(1, -1);
    const body = `{${inside}${inside === '' ? '' : ','}"${name}":"admin"}`;
    const headers = { 'idempotency-key': crypto.randomUUID(), 'if-match': '*' };
    const answer = await stage.clients[who].send<Problem>(route.method, path, { body, headers });
    const errors = JSON.stringify(answer.body.errors ?? []);
    const isNamed = /additional|takes no body/.test(errors) || errors.includes(`/${name}`);
    if (answer.status !== 400 || !isNamed)
      wrong.push(`${nameOf(route)} with ${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  return wrong;
}
