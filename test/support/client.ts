/** An answer with its body read: parsed where it is JSON, else the text. */
export type Answer<Body> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
};
export type Sent = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Client = {
  readonly base: string;
  /** What goes with each request, such as the cookie of a session. */
  readonly always: Readonly<Record<string, string>>;
  /** `body` is sent as JSON, or as it is when it is text or a form with files. */
  readonly send: <Body = unknown>(method: string, path: string, sent?: Sent) => Promise<Answer<Body>>;
  /** The answer to a GET with its body unread, for bytes. */
  readonly fetch: (path: string) => Promise<Response>;
  /** The same, and throws with what came unless it was `status`. */
  readonly expect: <Body>(status: number, method: string, path: string, sent?: Sent) => Promise<Body>;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Speaks to a running process over HTTP, as any client would; `always` goes with each request (a session's cookie). */
export function createClient(base: string, always: Readonly<Record<string, string>> = {}): Client {
  const send = async <Body>(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Answer<Body>> => {
    const isForm = body instanceof FormData;
    const content = body === undefined || typeof body === 'string' || isForm ? body : JSON.stringify(body);
    // The boundary of a form is fetch's to say; a program that sends one with a session's cookie names itself.
    const kind = isForm ? { 'x-requested-with': 'test' } : { 'content-type': 'application/json' };
    const response = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: { ...(content === undefined ? {} : kind), ...always, ...headers },
      ...(content === undefined ? {} : { body: content }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) as Body, text };
  };
  return {
    base,
    always,
    send,
    fetch: (path) => fetch(base + path, { headers: always, redirect: 'manual', signal: AbortSignal.timeout(60_000) }),
    expect: async <Body>(status: number, method: string, path: string, sent?: Sent): Promise<Body> => {
      const answer = await send<Body>(method, path, sent);
      if (answer.status !== status)
        throw new Error(
          `${method} ${path} answered ${answer.status} instead of ${status}: ${answer.text.slice(0, 600)}`,
        );
      return answer.body;
    },
  };
}
