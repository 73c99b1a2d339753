/** What can go wrong between exchanges, and what must then be so. A test covers a row when its title begins `row N: `. */
export const FAILURE_ROWS: readonly { readonly fault: string; readonly required: string }[] = [
  {
    fault: 'A partner is down: refused, unknown name, TLS fails',
    required:
      'The breaker opens after 5 outages in 10 min and lets one probe through every 5 min; other partners notice nothing; its listings stay and their prices become stale',
  },
  {
    fault: 'A partner is slow, or sends its body drop by drop',
    required:
      'Connect 3 s, header 10 s, idle 5 s, total 60 s; the slot is free again; the partial page is thrown away and the checkpoint stays',
  },
  {
    fault: '429 or 503 with Retry-After, in seconds or as a date',
    required: 'Obeyed, at most 1 h, and no outage for the breaker',
  },
  {
    fault: 'Broken JSON, cut gzip, a login page with status 200',
    required:
      'The page is refused and the checkpoint stays; the content type is checked; three in a row degrade the partner',
  },
  {
    fault: 'One bad record in a page',
    required: 'That record is quarantined, the others are applied, the checkpoint moves on',
  },
  { fault: 'The same page twice', required: 'The second is a duplicate: nothing is written and nobody is told' },
  {
    fault: 'A captured request is sent again',
    required: '401 replayed; an old `created` is refused; the same body to another path is refused',
  },
  {
    fault: 'Clocks differ by 60 s, by 10 min',
    required: '60 s are accepted; 10 min are refused as clock-skew with our Date; the skew is measured',
  },
  { fault: 'Events in the wrong order: revision 7 before 6', required: '6 is stale, 7 stays' },
  {
    fault: 'One revision with two contents',
    required: 'Quarantined as rev-conflict, the last good copy stays',
  },
  {
    fault: 'A tombstone, then a late upsert with a lower revision',
    required: 'It stays deleted; a higher revision brings it back',
  },
  {
    fault: 'Killed between applying a page and keeping its checkpoint',
    required: 'Applied again without harm; no event lost or told twice',
  },
  {
    fault: '64 writers on our side at once',
    required: 'No change is missing from the feed',
  },
  {
    fault: 'A cursor that is too old, forged, or of another partner',
    required: '410, 400, 403; never silently from the beginning',
  },
  {
    fault: 'Our database was restored from a backup',
    required: 'The epoch changes, partners compare and repair, nothing is deleted that still is',
  },
  { fault: 'A snapshot cut at 60 %', required: 'What came is thrown away, what is shown stays' },
  {
    fault: 'A sweep that suddenly names nothing, or half',
    required: 'Held for a person; the listings stay, the lane says so',
  },
  {
    fault: 'Pages without end: the last one again and again, a cursor that stands still',
    required: 'Stopped as paging-loop at a repeated page or at the limit of pages',
  },
  {
    fault: 'The schema changed: a new member, a missing one, another type, an unknown value',
    required: 'A new member is kept; missing and mistyped ones are quarantined; above a tenth of a page the lane stops',
  },
  {
    fault: 'Another currency, or money a hundredfold or a hundredth',
    required: "The partner's offer lane stops; old prices become stale by their age; nothing can be ordered",
  },
  {
    fault: 'Script, spreadsheet formulas, reversed or invisible characters, a title of 1 MB, lone surrogates',
    required: 'Made harmless or quarantined; never run, never exported raw',
  },
  {
    fault:
      'Addresses that lead inside: private, link-local, metadata, rebinding, redirects, file:, mapped IPv6, decimal, user info',
    required: 'Refused when dialled, on every hop, and recorded',
  },
  {
    fault: 'A feed too large, a zip bomb, an entity bomb, deep JSON, a million members',
    required: 'Caps on bytes, ratio (20), depth (32) and count; memory under 256 MB',
  },
  {
    fault: 'Keys: rotated, expired, revoked, a flood of unknown ones',
    required:
      'Both keys hold in the overlap; expired and revoked ones are refused at once; a profile is fetched at most once a minute',
  },
  {
    fault: 'A signature removed, of another algorithm, over another digest, or two of them',
    required: 'All refused; only ed25519 by the pinned key is accepted',
  },
  {
    fault: 'A partner sends the goods of a third exchange, or ours back',
    required: 'origin-mismatch or loop, not taken, counted',
  },
  {
    fault: 'A hostile partner: ten times the listings, dumped prices, stuffed keywords',
    required: 'Quotas and the rules of probation; the results of others do not change',
  },
  {
    fault: 'The price changes between looking and paying',
    required: 'Quoted anew, the shopper agrees anew, never charged more than agreed',
  },
  {
    fault: 'Reserving or confirming times out',
    required: 'Resolved by the same key: one order there, one capture here',
  },
  {
    fault: 'A partner confirms after the deadline, or cancels after confirming',
    required: 'The late confirmation is refused and made good; refund and notice within 5 min',
  },
  { fault: 'Two shoppers and the last unit', required: 'Exactly one gets it' },
  {
    fault: 'The search index lags behind the database',
    required: 'Checkout reads the database or a quote, never the index',
  },
];

/** What is asked of exchanges beside the matrix: controls by their number, tests of endurance by theirs. */
export const FURTHER_CHECKS: readonly {
  readonly row: string;
  readonly check: string;
  readonly required: string;
  /** Rows whose tests prove it too. */
  readonly also?: readonly number[];
}[] = [
  {
    row: 'control 48',
    check:
      'Addresses that partners name: https alone, known ports, resolved once, never inside, no redirect unlooked at',
    required:
      'Refused when dialled, whatever way the address is written; what is fetched is capped in size, time and type',
    also: [2, 22, 23],
  },
  {
    row: 'control 52',
    check: 'Certificates of partners that are expired, signed by themselves or for another host',
    required: 'Refused, and nothing in our code can turn the check off',
  },
  {
    row: 'control 53',
    check: "Signatures of partners: what they cover, whose they are, how old, and one partner's key on another's data",
    required: '401 or 403 and no effect, on each of several servers of one exchange',
    also: [7, 8, 25],
  },
  {
    row: 'T11',
    check: 'Eleven partners send mutated documents and bombs, one of them hostile, one at a byte a second',
    required:
      'Nothing crashes, exactly the bad records are quarantined, nothing is kept that its origin did not say, and nobody waits for the slow one',
  },
  {
    row: 'T12',
    check: 'Forty and more spoilt signatures and replays of each of eleven partners at two servers of one exchange',
    required: 'None is taken',
  },
];
