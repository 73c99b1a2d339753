import { spawn } from 'node:child_process';
import { Failure, must } from './check.ts';

/**
 * What the target's own side does when the kit asks: conformance/README.md, "The driver". `lapse`, `call-off`, `expire` and `epoch` are
 * optional; a driver without them answers `unsupported`.
 */
export const VERBS = [
  'create',
  'price',
  'stock',
  'withdraw',
  'restore',
  'lapse',
  'call-off',
  'expire',
  'epoch',
] as const;
export type Verb = (typeof VERBS)[number];
type Input = Readonly<Record<string, string | number>>;
export type Driver = { readonly call: (verb: Verb, input: Input) => Promise<Readonly<Record<string, unknown>>> };

/** `POST {url}/{verb}` with JSON, answered by JSON. */
export const httpDriver = (url: string): Driver => ({
  call: async (verb, input) => {
    const answer = await fetch(`${url.replace(/\/$/, '')}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    must(answer.ok, `the driver does "${verb}"`, `${answer.status} ${text.slice(0, 300)}`);
    return parse(verb, text);
  },
});

/** `command verb` with JSON on its input, answered by JSON on its output. */
export const commandDriver = (command: string): Driver => ({
  call: (verb, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(`${command} ${verb}`, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      child.once('error', reject);
      child.once('close', (code) => {
        if (code !== 0) return reject(new Failure(`the driver does "${verb}"`, `exit code ${code}`));
        resolve(parse(verb, text));
      });
      child.stdin.end(JSON.stringify(input));
    }),
});

function parse(verb: Verb, text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Failure(`the driver answers "${verb}" by JSON`, text.slice(0, 300));
  }
}
