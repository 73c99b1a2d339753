import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Page, Response } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Product names come from sellers, who may write long ones.
    'long-title': 'off',
    // Inside noscript: the payment screen finds out without a script whether the money has come.
    'meta-refresh': 'off',
    // Boxes of one question share its name, as radio buttons do.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
    // The template writes line ends where they help its reader.
    'no-trailing-whitespace': 'off',
  },
});

/** What a page does behind the reader's back, heard from its first byte on. */
export async function listen(page: Page): Promise<string[]> {
  const heard: string[] = [];
  page.on('console', (message) => {
    // A page that answers 404 on purpose is logged by the browser as a failed load of itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) heard.push(message.text());
  });
  page.on('pageerror', (error) => heard.push(error.message));
  await page.exposeFunction('reportViolation', (text: string) => void heard.push(text));
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => reportViolation('CSP ' + event.violatedDirective + ' ' + event.blockedURI))",
  );
  return heard;
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] as const;

/** Accessibility rules of WCAG 2.0–2.2 A and AA that the page breaks, with where. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What the markup as sent has wrong, before any script touched it. */
export async function markupFaults(response: Response): Promise<string[]> {
  const report = await validator.validateString(await response.text());
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${ruleId} ${line}:${column} ${message}`),
  );
}

export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
