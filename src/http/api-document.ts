type Json = { [member: string]: unknown };
export type ApiDocument = { paths?: object; components?: { schemas?: object } };

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The plugin calls every body required; the mark says which may be left out. */
function markOptionalBodies(paths: object): void {
  const operations = Object.values(paths).flatMap((methods: object) => Object.values(methods) as Json[]);
  for (const operation of operations) {
    if (!operation['x-optional-body']) continue;
    delete operation['x-optional-body'];
    if (isObject(operation.requestBody)) operation.requestBody.required = false;
  }
}

/** Moves each shape that has a title to the components and leaves a reference, from the inside out. */
function hoistTitled(node: Json, components: Json): void {
  for (const [member, value] of Object.entries(node)) {
    if (!isObject(value) || member === 'example' || member === 'examples') continue;
    hoistTitled(value, components);
    if (typeof value.title !== 'string' || value.type !== 'object') continue;
    const known = components[value.title];
    if (known && JSON.stringify(known) !== JSON.stringify(value))
      throw new Error(`Two shapes of the API are called ${value.title}`);
    components[value.title] = value;
    node[member] = { $ref: `#/components/schemas/${value.title}` };
  }
}

/**
 * Puts the document right before it is shown: bodies that may be left out are said to be, and a shape with a title
 * stands once, under that name, for readers and for those who generate clients. Changes `document`.
 */
export function finishDocument(document: ApiDocument): void {
  const components = { ...document.components?.schemas } as Json;
  markOptionalBodies(document.paths ?? {});
  hoistTitled((document.paths ?? {}) as Json, components);
  document.components = { ...document.components, schemas: components };
}
