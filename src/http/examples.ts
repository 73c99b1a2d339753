/** What of JSON Schema our wire shapes are made of. */
export type WireSchema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, WireSchema>>;
  readonly items?: WireSchema;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
};

const isOf = (schema: WireSchema, type: string): boolean => [schema.type].flat().includes(type);

/**
 * A whole example, put together from the examples of the members, so that a shape and its example cannot drift apart.
 * Undefined where a member has none: a test lists those.
 */
export function exampleOf(schema: WireSchema): unknown {
  if (schema.examples) return schema.examples[0];
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (isOf(schema, 'boolean')) return true;
  if (schema.items) return [exampleOf(schema.items)];
  if (!schema.properties) return undefined;
  return Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, exampleOf(member)]));
}
