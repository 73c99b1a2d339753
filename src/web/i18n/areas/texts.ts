/** The texts of one area of the interface. English may add `<key>_one` where one thing is said otherwise than many. */
export const texts = <const Key extends string>(area: {
  readonly vi: Readonly<Record<Key, string>>;
  readonly en: Readonly<Record<NoInfer<Key>, string> & Partial<Record<`${NoInfer<Key>}_one`, string>>>;
  readonly km: Readonly<Record<NoInfer<Key>, string>>;
}): typeof area => area;
