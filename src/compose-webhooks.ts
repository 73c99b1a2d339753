import type { Config } from '#config/config.ts';
import { outsideTransaction } from '#db/client.ts';
import { createWebhooks, type Post } from '#features/webhooks/index.ts';
import type { PeerHttp } from '#federation/engine/http.ts';

type Parts = Omit<Parameters<typeof createWebhooks>[0], 'post' | 'allowLoopback'> & {
  readonly config: Pick<Config, 'federation'>;
};

/** Businesses' own systems are told over the same guarded way out as partner exchanges. */
export function composeWebhooks({ config, ...parts }: Parts, http: PeerHttp) {
  const send = outsideTransaction('a webhook', http.send);
  const post: Post = (url, headers, body) =>
    send({ method: 'POST', url, headers, body: Buffer.from(body), maxBytes: 65_536 });
  return createWebhooks({ ...parts, post, allowLoopback: config.federation.allowLoopback });
}
