export { createIndexing, INDEX_QUEUE, PARTNER_QUEUE } from './indexing.ts';
export { searchRoutes } from './routes.ts';
export { rankedText, soundsOf } from './rules/document.ts';
export { isFiltered, noFacets, withoutFilter } from './rules/facets.ts';
export { readSynonyms, type SynonymFile } from './rules/synonyms.ts';
export { isInPhrase, tellingTerms } from './rules/understand.ts';
export { createSearch, type Search, type SearchAnswer, type Suggestions } from './service.ts';
export { createSwitch } from './switch.ts';
export * from './types.ts';
