import type { NodeIdentity } from '#federation/protocol/keys.ts';
import { signRequest } from '#federation/protocol/signature.ts';
import type { RequestMessage } from '#federation/protocol/signature-base.ts';

type Answer = { readonly status: number; readonly signed: boolean; readonly body: Record<string, unknown> };

/** Asks a node as the exchange whose key signs, `at` its clock. */
export async function ask(
  url: string,
  by: NodeIdentity,
  target: string,
  { body, at = new Date() }: { readonly body?: object | undefined; readonly at?: Date } = {},
): Promise<Answer> {
  const [path = '', query] = target.split('?');
  const content = body === undefined ? undefined : JSON.stringify(body);
  const message: RequestMessage = {
    method: content === undefined ? 'GET' : 'POST',
    authority: new URL(url).host,
    path,
    query: query === undefined ? '' : `?${query}`,
    headers: content === undefined ? {} : { 'content-type': 'application/json' },
    body: Buffer.from(content ?? ''),
  };
  const response = await fetch(url + target, {
    method: message.method,
    headers: { ...(message.headers as Record<string, string>), ...signRequest(message, by, at) },
    ...(content === undefined ? {} : { body: content }),
  });
  return {
    status: response.status,
    signed: response.headers.has('signature'),
    body: (await response.json()) as Record<string, unknown>,
  };
}
