/** Kinds of things that have an address in the federation. `producer` is reserved: a listing carries its producer. */
const URI_KINDS = ['listing', 'offer', 'producer'] as const;
export type UriKind = (typeof URI_KINDS)[number];

/** A port is part of the origin only between nodes of one machine; exchanges on the network are known by their domain. */
const originPattern = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?';
export const ORIGIN_PATTERN = `^${originPattern}$`;
export const URI_PATTERN = `^ocop://${originPattern}/(?:${URI_KINDS.join('|')})/[A-Za-z0-9._~-]{1,100}$`;
const uriParts = new RegExp(`^ocop://(${originPattern})/(${URI_KINDS.join('|')})/([A-Za-z0-9._~-]{1,100})$`);

export type UriParts = { readonly origin: string; readonly kind: UriKind; readonly id: string };

/** `ocop://soctrang.example/listing/42`. The origin never changes hands, so the address outlives a move of the pages. */
export const makeUri = (origin: string, kind: UriKind, id: string): string => `ocop://${origin}/${kind}/${id}`;

/** The parts of an address, or undefined when the text is none. */
export function parseUri(uri: string): UriParts | undefined {
  const [, origin, kind, id] = uriParts.exec(uri) ?? [];
  return origin && kind && id ? { origin, kind: kind as UriKind, id } : undefined;
}
