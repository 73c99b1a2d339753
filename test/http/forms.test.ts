import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RouteEntry } from '#http/access.ts';
import { aim, type OpenStage, readRows } from '../browser/texts.stage.ts';
import { openStage, type Who } from './access/stage.ts';
import { type Control, type Form, formsIn } from './forms.read.ts';
import { type FormRow, formRows, morePages, nothingTyped } from './forms.rows.ts';

let stage: OpenStage;
type Found = { readonly who: Who; readonly form: Form; readonly key: string };
const found = new Map<string, Found>();
const routes = (): readonly RouteEntry[] =>
  stage.node.app.routeList.filter(({ path, operationId }) => operationId === null && !/^\/(en|km)(\/|$)/.test(path));

/** What somebody types or picks: neither a password nor a code for one use, which nobody wants to see again. */
const isTyped = ({ type, name }: Control): boolean =>
  !['hidden', 'submit', 'button', 'password', 'file', 'search'].includes(type) && name !== '';
const withoutIds = (text: string): string =>
  text
    .replace(/^\/hop-qua\/\S+/, '/hop-qua/:slug')
    .replace(/^\/san-pham\/[^\s/]+\//, '/san-pham/:slug/')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replace(/ST[0-9A-Z]{10}|demo_[0-9a-f]+/g, ':code');
const keyOf = ({ action, controls }: Form): string =>
  withoutIds(
    `${action} ${controls.find(isTyped)?.name ?? controls.find(({ type }) => type === 'submit')?.value ?? ''}`,
  ).trim();

/** The secret that a visitor's forms are proved with, as the first page gave it. */
const secrets = new Map<Who, string>();
const headersOf = (who: Who) => ({
  accept: 'text/html',
  origin: stage.node.url,
  cookie: [stage.clients[who].always.cookie, secrets.get(who)].filter(Boolean).join('; '),
});

async function open(who: Who, path: string): Promise<void> {
  const answer = await stage.clients[who].send('GET', path, { headers: headersOf(who) });
  const [given] = answer.headers.getSetCookie().filter((one) => one.startsWith('_csrf='));
  if (given) secrets.set(who, given.split(';')[0] ?? '');
  for (const form of formsIn(answer.text)) {
    const key = keyOf(form);
    // A form of the page of parts shows how fields look, and goes nowhere.
    if (/dang-xuat$|gio-hang$|\/_parts$/.test(form.action) || found.has(key)) continue;
    found.set(key, { who, form, key });
  }
}

beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage?.close());

/** Plausible for the kind of field, and different from what stands there. */
function typedFor({ name, type, options }: Control, row: FormRow, turn: number): string {
  const given = Object.entries({ ...row.typed, ...row.wrong }).find(([one]) => withoutIds(name) === one)?.[1];
  if (given !== undefined) return given;
  if (type === 'select') return options.at(-1) ?? '';
  const byType: Readonly<Record<string, string>> = {
    tel: '0912 345 679',
    email: 'ba@thu.example',
    url: 'https://thu.example/nhan',
    number: '7',
    date: '2026-10-05',
    'datetime-local': '2026-11-20T08:00',
  };
  return byType[type] ?? `Chữ đã gõ ${turn}`;
}

type Filled = { readonly control: Control; readonly value: string };
const fill = ({ controls }: Form, row: FormRow): readonly Filled[] =>
  controls.filter(isTyped).map((control, turn) => ({
    control,
    value: ['checkbox', 'radio'].includes(control.type) ? control.value : typedFor(control, row, turn),
  }));

async function post({ who, form }: Found, filled: readonly Filled[], row: FormRow) {
  const body = new FormData();
  for (const { name, type, value } of form.controls) if (type === 'hidden') body.append(name, value);
  for (const { control, value } of filled) body.append(control.name, value);
  const button = form.controls.find(
    ({ type, value }) => type === 'submit' && (row.button ? value === row.button : true),
  );
  if (button) body.append(button.name, button.value);
  const headers = headersOf(who);
  const plain = new URLSearchParams(
    [...body].map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const sent = form.multipart
    ? { body, headers }
    : { body: plain, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } };
  const answer = await stage.clients[who].send<unknown>('POST', form.action, sent);
  const next = answer.headers.get('location');
  // A draft that was kept is the refused form at another address.
  if (!row.followed || answer.status !== 303 || !next) return answer;
  return stage.clients[who].send<unknown>('GET', next, { headers });
}

/** What of the typed values is not in the form that came back. */
function lost(answer: string, filled: readonly Filled[], row: FormRow): readonly string[] {
  const back = formsIn(answer).flatMap(({ controls }) => controls);
  return filled
    .filter(({ control, value }) => {
      const same = back.filter(({ name }) => name === control.name);
      if (row.forgets?.includes(withoutIds(control.name))) return false;
      return ['checkbox', 'radio'].includes(control.type)
        ? control.type === 'checkbox' && !same.some((one) => one.value === value && one.checked)
        : !same.some((one) => one.value === value);
    })
    .map(({ control }) => control.name);
}

test('every form of every page has a row, and every row its form', async () => {
  const rows = await readRows();
  for (const route of routes().filter(({ method, access }) => method === 'GET' && access !== 'operations')) {
    const target = await aim(stage, rows, route);
    if (target) await open(target.who, target.path);
  }
  for (const { who, path } of await morePages(stage)) await open(who, path);
  const typing = [...found.values()].filter(({ form }) => form.controls.some(isTyped)).map(({ key }) => key);
  const known = [...Object.keys(formRows), ...Object.keys(nothingTyped)];
  expect(typing.filter((key) => !known.includes(key))).toEqual([]);
  expect(known.filter((key) => !typing.includes(key))).toEqual([]);
}, 120_000);

test('whatever is refused comes back with all that was typed', async () => {
  const faults: string[] = [];
  for (const [key, row] of Object.entries(formRows)) {
    const one = found.get(key);
    if (!one) continue;
    const filled = fill(one.form, row);
    const answer = await post(one, filled, row);
    if (!row.followed && (answer.status < 400 || answer.status >= 500))
      faults.push(`${key}: answered ${answer.status}`);
    const missing = lost(answer.text, filled, row);
    if (missing.length > 0) faults.push(`${key}: ${answer.status}, lost ${missing.join(', ')}`);
  }
  expect(faults).toEqual([]);
}, 120_000);
