type Json = Readonly<Record<string, unknown>>;
type Operation = {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly operation: Json;
};

const objectOf = (value: unknown): Json => (value !== null && typeof value === 'object' ? (value as Json) : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(objectOf) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '');
const cellOf = (value: unknown): string => textOf(value).replaceAll('|', '\\|');

function operationsOf(document: Json): readonly Operation[] {
  return Object.entries(objectOf(document.paths)).flatMap(([path, methods]) =>
    Object.entries(objectOf(methods)).map(([method, operation]) => {
      const [tag = 'operations'] = (objectOf(operation).tags as readonly string[] | undefined) ?? [];
      return { method: method.toUpperCase(), path, tag, operation: objectOf(operation) };
    }),
  );
}

/** What a shape is called, or what it is made of, one step deep: the whole of it stands in openapi.json. */
function shapeOf(schema: Json): string {
  const name = textOf(schema.$ref).split('/').at(-1);
  if (name) return `\`${name}\``;
  const members = Object.keys(objectOf(schema.properties));
  if (members.length > 0) return members.map((member) => `\`${member}\``).join(', ');
  const items = objectOf(schema.items);
  return textOf(schema.type) === 'array' ? `list of ${shapeOf(items)}` : textOf(schema.type);
}

const contentShape = (held: unknown): string => {
  const [[type, media] = ['', {}]] = Object.entries(objectOf(objectOf(held).content));
  const shape = shapeOf(objectOf(objectOf(media).schema));
  return type === '' ? '' : `${type}${shape && `: ${shape}`}`;
};

function sectionOf({ method, path, operation }: Operation): string {
  const parameters = listOf(operation.parameters).map(
    (one) =>
      `| \`${textOf(one.name)}\` | ${textOf(one.in)} | ${one.required === true ? 'yes' : 'no'} | ${cellOf(one.description) || cellOf(objectOf(one.schema).description)} |`,
  );
  const body = contentShape(operation.requestBody);
  const answers = Object.entries(objectOf(operation.responses)).map(([status, answer]) => {
    const content = contentShape(answer);
    return `- ${status}: ${textOf(objectOf(answer).description)}${content && ` (${content})`}`;
  });
  return [
    `## ${method} ${path}`,
    `${textOf(operation.summary)}. \`${textOf(operation.operationId)}\``,
    textOf(operation.description),
    parameters.length > 0 && `| Parameter | In | Required | |\n|---|---|---|---|\n${parameters.join('\n')}`,
    body && `Body: ${body}`,
    `Answers:\n\n${answers.join('\n')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The pages of the API in Markdown, by name: `index`, and one for each tag of the document. */
export function apiTexts(document: Json): ReadonlyMap<string, string> {
  const operations = operationsOf(document);
  const info = objectOf(document.info);
  const tags = listOf(document.tags).map(({ name, description }) => [textOf(name), textOf(description)] as const);
  const pages = tags.map(([tag, description]) => {
    const own = operations.filter((one) => one.tag === tag);
    return [tag, `# ${tag}\n\n${description}\n\n${own.map(sectionOf).join('\n\n')}\n`] as const;
  });
  const index = tags.map(([tag, description]) => {
    const own = operations.filter((one) => one.tag === tag);
    const lines = own.map(({ method, path, operation }) => `- \`${method} ${path}\`: ${textOf(operation.summary)}`);
    return `## [${tag}](/docs/${tag}.md)\n\n${description}\n\n${lines.join('\n')}`;
  });
  return new Map([
    ['index', `# ${textOf(info.title)}\n\n${textOf(info.description)}\n\n${index.join('\n\n')}\n`],
    ...pages,
  ]);
}
