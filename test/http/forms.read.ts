/** Forms as they stand in a page's markup, which is ours and well-formed: enough of HTML to fill them in as a browser would. */

export type Control = {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly checked: boolean;
  readonly options: readonly string[];
};
export type Form = { readonly action: string; readonly multipart: boolean; readonly controls: readonly Control[] };

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => entities[name] ?? '');
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plain(found);
};
const optionsOf = (inside: string): readonly { readonly value: string; readonly chosen: boolean }[] =>
  [...inside.matchAll(/<option[^>]*>/g)].map(([tag]) => ({
    value: attribute(tag, 'value') ?? '',
    chosen: /\sselected/.test(tag),
  }));

function controlOf([whole, name = '']: RegExpMatchArray): Control {
  const tag = /^<[^>]*>/.exec(whole)?.[0] ?? '';
  const inside = whole.slice(tag.length);
  const shared = { name: attribute(tag, 'name') ?? '', checked: /\schecked/.test(tag), options: [] };
  if (name === 'textarea')
    return { ...shared, type: name, value: plain(inside.replace(/^\r?\n/, '').replace(/<\/textarea>$/, '')) };
  if (name === 'select') {
    const options = optionsOf(inside);
    const value = (options.find(({ chosen }) => chosen) ?? options[0])?.value ?? '';
    return { ...shared, type: name, value, options: options.map((one) => one.value) };
  }
  const type = name === 'button' ? 'submit' : (attribute(tag, 'type') ?? 'text');
  return { ...shared, type, value: attribute(tag, 'value') ?? '' };
}

/** The forms of a page that write something. */
export function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, head = '', body = '']) => {
    if (attribute(head, 'method') !== 'post') return [];
    const controls = [...body.matchAll(/<(input|button)[^>]*>|<(select|textarea)[^>]*>[\s\S]*?<\/\2>/g)].map((match) =>
      controlOf([match[0], match[1] ?? match[2] ?? '']),
    );
    return [
      {
        action: attribute(head, 'action') ?? '',
        multipart: attribute(head, 'enctype') === 'multipart/form-data',
        controls: controls.filter(({ name }) => name !== ''),
      },
    ];
  });
}
