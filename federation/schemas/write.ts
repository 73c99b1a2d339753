import { writeFileSync } from 'node:fs';
import { SCHEMAS, schemaText } from './schemas.ts';

// `node federation/schemas/write.ts` after a change of protocol/; a test fails when the files lag behind.
for (const [file, schema] of SCHEMAS) writeFileSync(new URL(file, import.meta.url), schemaText(schema));
