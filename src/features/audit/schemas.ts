import { Type } from '@fastify/type-provider-typebox';
import { CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { EXPORT_FORMATS } from './types.ts';

const Day = (description: string) => Type.String({ format: 'date', description, examples: ['2026-11-23'] });

const filter = {
  actor: Type.Optional(Text('A name or part of it, or exactly what the log calls somebody', 200, 'Cán bộ Sàn')),
  action: Type.Optional(Text('An action, or how it begins', 100, 'certificate')),
  subjectKind: Type.Optional(Text('Kind of what it was done to', 60, 'business')),
  subjectId: Type.Optional(Text('Id of what it was done to', 200, '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b')),
  from: Type.Optional(Day('First day, in Vietnam')),
  until: Type.Optional(Day('Last day, in Vietnam')),
};
export const LogQuery = Type.Object({ ...filter, limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const ExportQuery = Type.Object({
  ...filter,
  format: Type.Enum([...EXPORT_FORMATS], { description: 'A sheet or a document', examples: ['csv'] }),
});

const Fields = (description: string) => Type.Unknown({ description, examples: [{ status: 'submitted' }] });

const Act = Type.Object(
  {
    entryId: IdOf('AuditEntry', 'The entry'),
    happenedAt: Instant('When'),
    actor: Text('Who, as the log calls them', 200, 'account:0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'),
    actorName: Nullable(Text('Name of the account today', 200, 'Cán bộ Sàn')),
    onBehalfOf: Nullable(IdOf('Business', 'The business for which an assistant acted')),
    businessName: Nullable(Text('Its name', 200, 'HTX Hành tím Bãi Giồng')),
    action: Text('What was done', 100, 'business.approved'),
    subjectKind: Text('Kind of what it was done to', 60, 'business'),
    subjectId: Text('Its id', 200, '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'),
    before: Fields('The fields that changed, as they were'),
    after: Fields('The same, as they are since'),
    reason: Nullable(Text('The reason given', 2_000, 'Đủ giấy tờ')),
    address: Nullable(Text('Address of the client', 60, '203.0.113.7')),
  },
  { title: 'Act', description: 'One entry of the log' },
);

export const LogPage = Type.Object({
  items: Type.Array(Act, { description: 'Newest first', maxItems: 100 }),
  nextCursor: Nullable(CursorText),
});
