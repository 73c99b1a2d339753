import type { FileStore } from '#features/files/index.ts';

/** An object store answers within some 100 ms or it is down: who waits for a picture gets its placeholder instead. */
const timeouts = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;

/** Only a signed request is answered, whatever the bucket allows: what lies there is nobody's but the exchange's. */
const visibility = 'private';

/**
 * The SDK is 22 MB on disk and 30 MB in memory, for the exchanges that have an object store; it is loaded with the first
 * file. Addressed by path (`/bucket/key`), which every server of this kind understands, unlike names of hosts.
 */
async function connect(address: URL) {
  const [, bucket = '', ...folders] = address.pathname.split('/');
  const secure = address.protocol !== 'http:';
  const [{ Disk }, { S3Driver }] = await Promise.all([import('flydrive'), import('flydrive/drivers/s3')]);
  const driver = new S3Driver({
    endpoint: `${secure ? 'https' : 'http'}://${address.host}`,
    region: address.searchParams.get('region') ?? 'us-east-1',
    credentials: {
      accessKeyId: decodeURIComponent(address.username),
      secretAccessKey: decodeURIComponent(address.password),
    },
    forcePathStyle: true,
    maxAttempts: 3,
    requestHandler: timeouts,
    // Checksums that only Amazon's own servers know of have broken uploads to all others (aws-sdk-js-v3 #6810).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    bucket,
    visibility,
    supportsACL: false,
  });
  const prefix = folders
    .filter((folder) => folder !== '')
    .map((folder) => `${folder}/`)
    .join('');
  return { disk: new Disk(driver), prefix };
}

const isMissing = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (['NoSuchKey', 'NotFound'].includes(cause.name)) return true;
  return false;
};

/**
 * Files in a bucket of Amazon S3 or of a server that speaks like it: `s3://key:secret@host/bucket/folder?region=…`, over
 * TLS; `http://…` in its place for a store on a private network. An object appears whole or not at all.
 */
export function createObjectStorage(url: string): FileStore {
  const address = new URL(url);
  let connecting: ReturnType<typeof connect> | undefined;
  const connected = () => {
    connecting ??= connect(address);
    return connecting;
  };
  return {
    write: async (key, bytes) => {
      const { disk, prefix } = await connected();
      // Whoever should ever reach it directly is offered a file, never a page.
      await disk.put(prefix + key, bytes, {
        contentType: 'application/octet-stream',
        contentDisposition: 'attachment',
      });
    },
    read: async (key) => {
      const { disk, prefix } = await connected();
      try {
        return Buffer.from(await disk.getBytes(prefix + key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    remove: async (key) => {
      const { disk, prefix } = await connected();
      await disk.delete(prefix + key);
    },
  };
}
