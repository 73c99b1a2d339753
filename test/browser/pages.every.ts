import { writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProductId } from '#features/products/types.ts';
import type { RouteEntry } from '#http/access.ts';
import { nameOf } from '#test/http/access/calls.ts';
import { openStage, type Who } from '#test/http/access/stage.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, markupFaults, sidewaysScroll } from './inspect.ts';
import { fillCart } from './purchase.ts';
import { openTab, type Tab } from './tab.ts';
import { aim, type OpenStage, readRows, type Target } from './texts.stage.ts';

const widths = [360, 768, 1280] as const;
const languages = ['', '/en', '/km'] as const;
const themes = ['light', 'dark'] as const;
/** What is counted of every page; all of it has to stay at nothing. */
const kinds = ['axe', 'html-validate', 'CSP and console', 'sideways scroll', 'unfinished text', 'status'] as const;
type Kind = (typeof kinds)[number];
type Fault = { readonly page: string; readonly kind: Kind; readonly text: string };

let stage: OpenStage;
let browser: Browser;
let targets: readonly Target[];
const tabs = new Map<Who, Tab>();
const faults: Fault[] = [];
const looked = { pages: 0, views: 0 };

/** Pages that no route of their own leads to: what is not there, not theirs, or sold no longer. */
const refused: readonly (readonly [path: string, who: Who])[] = [
  ['/san-pham/mat-ong-rung-u-minh', 'nobody'],
  ['/quan-tri/nhat-ky', 'ownerA'],
  ['/ban-hang', 'nobody'],
  ...['too-many-requests', 'form-expired', 'internal-error', 'temporarily-unavailable', 'provider-unavailable'].map(
    (code) => [`/_parts/loi/${code}`, 'nobody'] as const,
  ),
];

async function refusals(): Promise<readonly Target[]> {
  const [first] = targets;
  const { product } = stage.goods.B;
  if (!first) return [];
  await stage.node.services.products.withdraw('test', product.productId as ProductId);
  const all = [...refused, [`/san-pham/${product.slug}`, 'nobody'] as const];
  return all.map(([path, who]) => ({ ...first, route: { ...first.route, path }, path, who }));
}

const isPage = ({ method, operationId, access, path }: RouteEntry): boolean =>
  method === 'GET' &&
  operationId === null &&
  access !== 'operations' &&
  !/^\/(en|km)(\/|$)/.test(path) &&
  // A picture that is opened by itself is shown in a page of the browser's own.
  !/dang-xuat|\.jpg$/.test(path);

beforeAll(async () => {
  stage = await openStage();
  browser = await openBrowser();
  const rows = await readRows();
  const found: Target[] = [];
  for (const route of stage.node.app.routeList.filter(isPage)) {
    const target = await aim(stage, rows, route);
    if (target) found.push(target);
  }
  targets = found;
  targets = [...targets, ...(await refusals())];
  await fillCart((await tabOf('nobody')).page, stage.node.url);
});

afterAll(async () => {
  tell();
  await browser?.close();
  await stage?.close();
});

async function tabOf(who: Who): Promise<Tab> {
  const known = tabs.get(who);
  if (known) return known;
  const tab = await openTab(browser, stage, who);
  tabs.set(who, tab);
  return tab;
}

/** All that is wrong with a page in one language, in every width and theme; undefined for what is no page. */
async function look(target: Target, language: string): Promise<readonly Fault[] | undefined> {
  const { page, heard } = await tabOf(target.who);
  const path = `${language}${target.path}`.replace(/^(\/\w\w)\/$/, '$1');
  const at = (kind: Kind, texts: readonly string[], where = ''): Fault[] =>
    texts.map((text) => ({ page: `${language}${target.route.path}`, kind, text: `${where}${text}` }));
  heard.length = 0;
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'light' });
  const answer = await page.goto(stage.node.url + path).catch(() => null);
  if (!answer?.headers()['content-type']?.startsWith('text/html')) return undefined;
  // What is refused or gone has a page as well, which has to be as sound.
  const wrong = answer.status() < 500 ? [] : [`${answer.status()} for ${path}`];
  const found = [...at('status', wrong), ...at('html-validate', await markupFaults(answer))];
  const words = (await page.locator('main').innerText()).match(/\{\{?\w+\}?\}|\bundefined\b|\bNaN\b|\[object /g);
  found.push(...at('unfinished text', words ?? []));
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const over = await sidewaysScroll(page);
    if (over > 0) found.push(...at('sideways scroll', [`${over} px at ${width}`]));
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      looked.views += 1;
      found.push(...at('axe', await axeFaults(page), `${width} ${colorScheme} `));
    }
  }
  return [...found, ...at('CSP and console', heard)];
}

describe.each(languages.map((language) => ({ language, name: language.slice(1) || 'vi' })))(
  'in $name',
  ({ language }) => {
    test('every page is sound at 360, 768 and 1280 px, light and dark', { timeout: 3_600_000 }, async () => {
      const here: Fault[] = [];
      for (const target of targets) {
        const found = await look(target, language);
        if (!found) continue;
        looked.pages += 1;
        here.push(...found);
      }
      faults.push(...here);
      expect(here.map(({ page, kind, text }) => `${kind} ${page}: ${text}`)).toEqual([]);
    });
  },
);

test('every route of a page was walked', () => {
  const walked = new Set(targets.map(({ route }) => nameOf(route)));
  const left = stage.node.app.routeList.filter((route) => isPage(route) && !walked.has(nameOf(route)));
  // A page half way through signing in has a walk of its own, in `account.test.ts`.
  expect(left.map(nameOf).filter((name) => !/buoc-hai/.test(name))).toEqual([]);
  expect(looked.pages).toBeGreaterThan(300);
});

/** The table of the run: what was looked at, and what is wrong with it. */
function tell(): void {
  const lines = kinds.map((kind) => `  ${kind.padEnd(18)} ${faults.filter((fault) => fault.kind === kind).length}`);
  process.stdout.write(`\n${looked.pages} pages in ${looked.views} views\n${lines.join('\n')}\n`);
  if (process.env.FAULTS_FILE) writeFileSync(process.env.FAULTS_FILE, JSON.stringify(faults, null, 1));
}
