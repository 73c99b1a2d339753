import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { FILE_KINDS } from './types.ts';

export const FileParams = Type.Object({ fileId: IdOf('StoredFile', 'The file') });
export const FileSizeParams = Type.Object({
  fileId: IdOf('StoredFile', 'The file'),
  width: Type.Integer({ minimum: 80, maximum: 2_000, description: 'Wanted width in pixels', examples: [640] }),
});

export const SendFileBody = FormBody(
  {
    kind: Type.Unsafe<(typeof FILE_KINDS)[number]>(
      Type.String({
        enum: [...FILE_KINDS],
        description: 'A `picture` of a product (JPEG, PNG, WebP, 20 MB) or a `document` (also PDF, 10 MB)',
        examples: ['picture'],
      }),
    ),
    businessId: Type.Optional(IdOf('Business', 'Whose file it is; may be left out by those who have one business')),
    file: FilePart('The file. Its name and declared type are not trusted: its bytes are looked at.'),
  },
  { title: 'SendFile' },
);

export const StoredFileView = Type.Object(
  {
    fileId: IdOf('StoredFile', 'What a product or a paper names'),
    kind: Type.Unsafe<(typeof FILE_KINDS)[number]>(
      Type.String({ enum: [...FILE_KINDS], description: 'What it was sent as', examples: ['picture'] }),
    ),
    mediaType: Text('What the bytes are, read from the bytes', 100, 'image/jpeg'),
    name: Text('As its sender called it, without what only a machine would act on', 200, 'mật ong.jpg'),
    byteLength: Count('Bytes as they were sent', 2_483_112),
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Hash of the bytes as they were sent',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
    picture: Nullable(
      Type.Object(
        {
          width: Count('Pixels, as it is held', 4_000),
          height: Count('Pixels, as it is held', 3_000),
          colour: Type.String({
            pattern: '^#[0-9a-f]{6}$',
            description: 'The colour of most of it',
            examples: ['#88a838'],
          }),
        },
        { description: 'Null where it is no picture' },
      ),
    ),
  },
  { title: 'StoredFile' },
);
