import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';

export type ObjectStore = {
  /** For `STORAGE_URL`, of a folder in its only bucket. */
  readonly url: string;
  readonly keys: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** A real server of the S3 protocol on loopback, which checks signatures. */
export async function startObjectStore(): Promise<ObjectStore> {
  const directory = mkdtempSync(join(tmpdir(), 'cho-noi-s3-'));
  const buckets = [{ name: 'kho', configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port: 0, directory, silent: true, configureBuckets: buckets });
  const { port } = await server.run();
  return {
    url: `http://S3RVER:S3RVER@127.0.0.1:${port}/kho/san-1`,
    keys: () =>
      readdirSync(join(directory, 'kho'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('._S3rver_object'))
        .map((name) => name.replace('._S3rver_object', '')),
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
