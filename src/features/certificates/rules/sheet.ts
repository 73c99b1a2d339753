/** One line of the list of a decision, as it was typed there. Empty cells are empty text. */
export type SheetRow = {
  /** Line in the file, the headings being the first. */
  readonly line: number;
  readonly sku: string;
  readonly gtin: string;
  readonly name: string;
  readonly business: string;
  readonly taxCode: string;
  readonly star: string;
  readonly score: string;
};
