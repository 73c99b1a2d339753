import type { Books } from './books.ts';
import { simulateListed } from './listed.ts';
import type { Simulator } from './serve.ts';

/** A simulator of Haravan's product API, from its documents and, where they are silent, from likeness to others. */
export const simulateHaravan = (books: Books): Promise<Simulator> =>
  simulateListed(books, ({ authorization }) => authorization === 'Bearer t1', {
    path: '/com/products',
    since: 'updated_at_min',
    title: 'title',
    slug: 'handle',
    html: 'body_html',
    changed: 'updated_at',
    published: 'published_at',
    inventory: 'haravan',
  });
