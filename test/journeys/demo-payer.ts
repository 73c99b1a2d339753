import { createClient } from '#test/support/client.ts';
import type { Payment } from '#test/support/people.ts';

/** Presses a button of the demonstration's own card page, as a newcomer would. */
export async function playDemoCard(
  base: string,
  { redirectUrl = '' }: Payment,
  verdict: 'pay' | 'decline',
): Promise<void> {
  const client = createClient(base);
  const path = new URL(redirectUrl).pathname;
  const page = await client.send('GET', path);
  const cookie = page.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const answer = await client.send('POST', path, {
    body: new URLSearchParams({ _csrf: token, do: verdict }).toString(),
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
  });
  if (answer.status !== 303) throw new Error(`The card page answered ${answer.status}: ${answer.text.slice(0, 300)}`);
}
