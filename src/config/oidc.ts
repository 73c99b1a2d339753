import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { CannotStart } from './cannot-start.ts';
import { isErrno } from './files.ts';
import { Secret } from './secrets.ts';

/** A provider of identities that speaks OpenID Connect: VNeID, once it opens to exchanges, or a province's own. */
export type OidcConfig = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** What the button says. */
  readonly label: string;
};

const File = Type.Object({
  issuer: Type.String({
    pattern: '^https://[^\\s?#]+$|^http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?(?:/[^\\s?#]*)?$',
  }),
  clientId: Type.String({ minLength: 1, maxLength: 200 }),
  clientSecret: Type.String({ minLength: 16, maxLength: 500 }),
  label: Type.String({ minLength: 1, maxLength: 40 }),
});

/**
 * The provider that `dataDir/secrets/oidc.json` describes; undefined without the file. A file rather than variables: the
 * four belong together, and one of them is a secret. Throws CannotStart when it cannot be used.
 */
export function readOidc(dataDir: string): OidcConfig | undefined {
  const file = join(dataDir, 'secrets', 'oidc.json');
  try {
    const { issuer, clientId, clientSecret, label } = Value.Parse(File, JSON.parse(readFileSync(file, 'utf8')));
    return { issuer, clientId, clientSecret: new Secret(clientSecret), label };
  } catch (cause) {
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR')) return undefined;
    throw new CannotStart(
      'oidc-file-unusable',
      {
        vi: `Không dùng được ${file}: cần {"issuer": "https://…", "clientId": "…", "clientSecret": "từ 16 ký tự", "label": "VNeID"}; sửa lại hoặc xóa tập tin`,
        en: `${file} cannot be used: it needs {"issuer": "https://…", "clientId": "…", "clientSecret": "16 characters or more", "label": "VNeID"}; mend or remove it`,
      },
      { cause },
    );
  }
}
