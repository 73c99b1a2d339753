const states: Readonly<Record<string, string>> = {
  instock: 'in-stock',
  available: 'in-stock',
  limitedavailability: 'in-stock',
  onlineonly: 'in-stock',
  outofstock: 'out-of-stock',
  soldout: 'out-of-stock',
  discontinued: 'out-of-stock',
  instoreonly: 'out-of-stock',
  preorder: 'pre-order',
  presale: 'pre-order',
  backorder: 'pre-order',
  madetoorder: 'pre-order',
};

/** `in stock`, `in_stock`, `InStock` and `https://schema.org/InStock` are one; what is none of them is `unknown`. */
export function availabilityOf(text: string, quantity: number | undefined) {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/schema\.org\//, '')
    .replace(/[\s_-]/g, '');
  const state = (Object.hasOwn(states, word) ? states[word] : undefined) ?? 'unknown';
  if (quantity === undefined) return { state, mode: 'on-demand' as const };
  return { state: quantity === 0 && state === 'in-stock' ? 'out-of-stock' : state, quantity, mode: 'tracked' as const };
}
