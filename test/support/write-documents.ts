import { writeFileSync } from 'node:fs';
import { documents, documentUrl, withComposedApp } from './documents.ts';

/** `npm run docs:write`: brings docs/ to what the code says. Read the difference before you commit it. */
await withComposedApp(async (app) => {
  for (const { file, write } of documents) writeFileSync(documentUrl(file), await write(app));
});
