/** A title and what to do about it, in one language. */
export type ProblemText = readonly [title: string, detail: string];
export type ProblemEntry = { readonly status: number; readonly vi: ProblemText; readonly en: ProblemText };
/** The refusals of one slice, by code. Codes are kebab-case and are never renamed: clients switch on them. */
export type ProblemCatalogue = Readonly<Record<string, ProblemEntry>>;

/** Keeps the codes as literal types, so that a misspelt code does not compile. */
export const defineProblems = <const C extends ProblemCatalogue>(catalogue: C): C => catalogue;

/** A rule said no, and a person or a program can act on it. The HTTP layer turns it into an RFC 9457 document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly entry: ProblemEntry;
  /** Members added to the document: numbers and ids that the caller needs, never what a stranger must not know. */
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: string, entry: ProblemEntry, extra: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${entry.en[0]}`);
    this.code = code;
    this.entry = entry;
    this.extra = extra;
  }
  get status(): number {
    return this.entry.status;
  }
}

/**
 * `const refuse = refusals(cartProblems)` gives a maker of `Problem`s: `throw refuse('cart-empty', { cartId })`.
 * It returns instead of throwing so that the reader, and the compiler, see the `throw`.
 */
export const refusals =
  <C extends ProblemCatalogue>(catalogue: C) =>
  <Code extends keyof C & string>(code: Code, extra?: Readonly<Record<string, unknown>>): Problem => {
    const entry: ProblemEntry | undefined = catalogue[code];
    if (!entry) throw new Error(`No problem is called ${code}`);
    return new Problem(code, entry, extra);
  };
