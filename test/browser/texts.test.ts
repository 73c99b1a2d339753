import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clean } from '#core/vietnamese.ts';
import { asOwner } from '#db/migrate.ts';
import type { RouteEntry } from '#http/access.ts';
import { nameOf } from '#test/http/access/calls.ts';
import { openStage, type Who } from '#test/http/access/stage.ts';
import { fresh } from '#test/support/people.ts';
import { hostileTexts, inPieces } from '#test/support/texts.ts';
import { openBrowser } from './browser.ts';
import { markupFaults } from './inspect.ts';
import { fillCart, products } from './purchase.ts';
import { openTab, type Tab } from './tab.ts';
import { aim, flood, type OpenStage, readRows, type Target } from './texts.stage.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
};
type Operation = {
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
};
type Form = {
  readonly action: string;
  readonly multipart: boolean;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly text: boolean }[];
};

let stage: OpenStage;
const targets = new Map<string, Target | undefined>();
let browser: Browser;
let schemas: Readonly<Record<string, Schema>>;
const tabs = new Map<Who, Tab>();
/** Calls of the function that only a script in a text would call. */
const sung: string[] = [];
const whole = hostileTexts.join(' ');
const tenThousand = 'đ'.repeat(10_000);

beforeAll(async () => {
  stage = await openStage();
  const rows = await readRows();
  // Everything to write to and to look at is made before anything is written: a takedown would leave nothing to sell.
  for (const route of routes()) targets.set(nameOf(route), await aim(stage, rows, route));
  browser = await openBrowser();
  const { page } = await tabOf('nobody');
  await fillCart(page, stage.node.url);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await stage.close();
});

const translated = ({ path }: RouteEntry): boolean => /^\/(en|km)(\/|$)/.test(path);
/** Of the two products in the cart: that of the stage was taken down by then. */
const stillThere = (target: Target): string =>
  target.route.path === '/san-pham/:slug' ? `/san-pham/${products[1]}` : target.path;
const endsSession = ({ path }: RouteEntry): boolean => /sign-out|dang-xuat|sign-in|dang-nhap/.test(path);
const routes = (): readonly RouteEntry[] =>
  stage.node.app.routeList.filter((route) => !translated(route) && !endsSession(route));

const resolved = (schema: Schema): Schema =>
  schema.$ref ? resolved(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
const isText = (schema: Schema): boolean =>
  [schema.type].flat().includes('string') && !schema.enum && !('const' in schema) && !schema.format && !schema.pattern;

/** The same value with a text in the place of every text that is free. */
function withTexts(schema: Schema, value: unknown, text: (most: number) => string): unknown {
  const { properties, items, maxLength = 2_000, ...shape } = resolved(schema);
  if (isText(shape)) return text(maxLength);
  if (items && Array.isArray(value)) return value.map((one) => withTexts(items, one, text));
  if (!properties || typeof value !== 'object' || value === null) return value;
  const held = Object.entries(value).map(([name, one]) => [
    name,
    properties[name] ? withTexts(properties[name], one, text) : one,
  ]);
  return Object.fromEntries(held);
}
const texts = (schema: Schema): boolean =>
  (JSON.stringify(withTexts(schema, exampleOf(schema), () => 'ở đây')) ?? '').includes('ở đây');
function exampleOf(schema: Schema): unknown {
  const { properties, items, example, examples, ...shape } = resolved(schema);
  if (examples) return examples[0];
  if (example !== undefined) return example;
  if (items) return [exampleOf(items)];
  if (properties) return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one)]));
  return isText(shape) ? 'x' : undefined;
}

/** A text that was taken is given back as it was typed, less what `clean` takes from all of them. */
function sameBack(answer: unknown, sent: unknown, where: string): string[] {
  if (typeof answer !== 'object' || answer === null || typeof sent !== 'object' || sent === null) return [];
  return Object.entries(sent).flatMap(([name, text]) => {
    const back: unknown = Reflect.get(answer, name);
    if (typeof text === 'object') return sameBack(back, text, `${where}/${name}`);
    if (typeof text !== 'string' || typeof back !== 'string') return [];
    const right = [text, clean(text), text.trim(), text.normalize('NFC').trim()];
    return right.includes(back) ? [] : [`${where}/${name} gave back ${JSON.stringify(back).slice(0, 120)}`];
  });
}

async function feed({ route, row, who, values, path }: Target, schema: Schema): Promise<string[]> {
  const own: unknown = typeof row.body === 'function' ? row.body(values, stage) : row.body;
  const example = { ...(exampleOf(schema) as object), ...(typeof own === 'object' ? own : {}) };
  const pieces = inPieces(180);
  const bodies = [
    ...pieces.map((_piece, turn) => {
      let field = turn;
      return withTexts(schema, example, (most) => {
        field += 1;
        const fitting = inPieces(Math.min(most, 180));
        return fitting[field % fitting.length] ?? 'x';
      });
    }),
    withTexts(schema, example, () => whole),
    withTexts(schema, example, () => tenThousand),
    withTexts(schema, example, () => 'a\0b'),
    withTexts(schema, example, () => ''),
  ];
  const faults: string[] = [];
  for (const body of bodies) {
    const answer = await stage.clients[who].send(route.method, path, { body, headers: fresh() });
    const where = `${route.method} ${route.path}`;
    if (answer.status >= 500 || answer.text.includes('sign-in-required'))
      faults.push(`${where}: ${answer.status} ${answer.text.slice(0, 200)} for ${JSON.stringify(body).slice(0, 300)}`);
    if (answer.status < 300) faults.push(...sameBack(answer.body, body, where));
  }
  return faults;
}

test('there are more than a hundred texts, and each fits into a field of 180 letters', () => {
  expect(new Set(hostileTexts).size).toBeGreaterThanOrEqual(100);
  expect(inPieces(180).join(' ')).toBe(whole);
});

test('through every text of every JSON body: taken to the letter or refused, never an error', async () => {
  const document = stage.node.app.swagger() as unknown as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  schemas = document.components.schemas;
  const faults: string[] = [];
  let fed = 0;
  for (const route of routes().filter(({ operationId, method }) => operationId !== null && method !== 'GET')) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
    const schema = operation?.requestBody?.content['application/json']?.schema;
    const target = schema && texts(schema) ? targets.get(nameOf(route)) : undefined;
    if (!schema || !target) continue;
    fed += 1;
    faults.push(...(await feed(target, schema)));
  }
  expect(faults).toEqual([]);
  expect(fed).toBeGreaterThan(8);
}, 240_000);

async function tabOf(who: Who): Promise<Tab> {
  const known = tabs.get(who);
  if (known) return known;
  const tab = await openTab(browser, stage, who);
  const { page } = tab;
  await page.exposeFunction('canary', () => void sung.push(page.url()));
  page.on('dialog', (dialog) => {
    sung.push(`dialog on ${page.url()}`);
    void dialog.dismiss();
  });
  tabs.set(who, tab);
  return tab;
}

const formsOn = (page: Page): Promise<Form[]> =>
  page.evaluate<Form[]>(`[...document.forms].filter((form) => form.getAttribute('method') === 'post').map((form) => ({
    action: form.getAttribute('action') || location.pathname + location.search,
    multipart: form.getAttribute('enctype') === 'multipart/form-data',
    fields: [...form.elements].filter((one) => one.name && one.type !== 'file' && !((one.type === 'checkbox' || one.type === 'radio') && !one.checked))
      .map((one) => ({ name: one.name, value: one.value, text: one.localName === 'textarea' || ['text', 'search', 'tel', 'email', 'url'].includes(one.type) })),
  }))`);

/** Data for machines inside the page must stay data. */
const brokenData = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('script[type$="json"]')].flatMap((one) => {
    try { JSON.parse(one.textContent); return []; } catch (error) { return [String(error)]; }
  })`);

test('on every page that shows them: nothing runs, and the markup stays whole', async () => {
  // A picture that is opened by itself is shown in a page of the browser's own, whose style our policy refuses.
  const isPage = ({ method, operationId, access, path }: RouteEntry): boolean =>
    method === 'GET' && operationId === null && access !== 'operations' && !path.endsWith('.jpg');
  const seen = routes()
    .filter(isPage)
    .flatMap((route) => targets.get(nameOf(route)) ?? []);
  const filled = await asOwner(stage.node.database.url, flood);
  expect(filled.length).toBeGreaterThan(15);
  const faults: string[] = [];
  const forms = new Map<string, { who: Who; form: Form }>();
  let shown = 0;
  for (const target of seen) {
    const { route } = target;
    const { page, heard } = await tabOf(target.who);
    const told = heard.length;
    const answer = await page.goto(stage.node.url + stillThere(target)).catch(() => null);
    if (!answer?.headers()['content-type']?.startsWith('text/html')) continue;
    if (answer.status() >= 500) faults.push(`${route.path}: ${answer.status()}`);
    const data = await brokenData(page);
    const markup = await markupFaults(answer);
    faults.push(...[...markup, ...data, ...heard.slice(told)].map((fault) => `${route.path}: ${fault}`));
    if ((await page.content()).includes('canary')) shown += 1;
    for (const form of await formsOn(page)) {
      const key = `${form.action.split('?')[0]} ${form.fields.map(({ name }) => name).join()}`;
      if (form.fields.some(({ text }) => text) && !/dang-xuat/.test(form.action))
        forms.set(key, { who: target.who, form });
    }
  }
  expect(faults).toEqual([]);
  expect(sung).toEqual([]);
  expect(shown).toBeGreaterThan(8);
  for (const { who, form } of forms.values()) faults.push(...(await fillIn(who, form)));
  expect(faults).toEqual([]);
  expect(sung).toEqual([]);
  expect(forms.size).toBeGreaterThanOrEqual(5);
}, 240_000);

/** Sends a form with a text in each field for one; what comes back with a refusal is looked at in the browser. */
async function fillIn(who: Who, { action, multipart, fields }: Form): Promise<string[]> {
  const { page, context, heard } = await tabOf(who);
  const url = new URL(action, stage.node.url).href;
  const faults: string[] = [];
  const bodyOf = (text: string) =>
    Object.fromEntries(fields.map(({ name, value, text: free }) => [name, free ? text : value]));
  for (const text of [...inPieces(1_200), ...inPieces(60).slice(0, 8), tenThousand]) {
    const sent = bodyOf(text);
    const answer = await context.request.post(url, {
      ...(multipart ? { multipart: sent } : { form: sent }),
      headers: { origin: stage.node.url, accept: 'text/html' },
      maxRedirects: 0,
    });
    if (answer.status() >= 500) faults.push(`POST ${action}: ${answer.status()} for ${text.slice(0, 80)}`);
    if (answer.status() < 400 || answer.status() >= 500 || text === tenThousand) continue;
    const told = heard.length;
    await page.route('**/tra-loi-bieu-mau', async (route) =>
      route.fulfill({ status: 200, headers: answer.headers(), body: await answer.body() }),
    );
    await page.goto(`${stage.node.url}/tra-loi-bieu-mau`);
    await page.unroute('**/tra-loi-bieu-mau');
    faults.push(...heard.slice(told).map((fault) => `POST ${action}: ${fault}`));
  }
  return faults;
}
