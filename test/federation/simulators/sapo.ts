import type { Books } from './books.ts';
import { simulateListed } from './listed.ts';
import type { Simulator } from './serve.ts';

/** A simulator of Sapo's product API, from public client code: the vendor's documents could not be read. */
export const simulateSapo = (books: Books): Promise<Simulator> =>
  simulateListed(books, (headers) => headers['x-sapo-access-token'] === 't1', {
    path: '/admin/products',
    since: 'modified_on_min',
    title: 'name',
    slug: 'alias',
    html: 'content',
    changed: 'modified_on',
    published: 'published_on',
    inventory: 'bizweb',
  });
