// The table of ARCHITECTURE.md "Who may import whom", executed. test/architecture/boundaries.test.ts plants a violation
// of each rule and sees it reported by name, so a rule that stops biting fails the build.

/** A role in any slice, as one file or as a folder of files: `rules.ts`, `rules/rank.ts`. */
const role = (names) => `^src/features/[^/]+/(?:${names})(?:/|\\.ts$)`;
const frameworks = 'node_modules/(?:fastify|fastify-plugin|@fastify)/';
const root = '^src/(?:main|node|compose|jobs|job-queues|server|pages|stores|readings|start-page|personal-data)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or miss a third. Types alone may point both ways.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-is-a-leaf',
      comment: 'Money, ids, time and text are true without this program: core imports itself and node.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: '^src/core/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'federation-knows-no-host',
      comment: 'A neighbour runs federation/ without our src, our web server and our database.',
      severity: 'error',
      from: { path: '^federation/' },
      to: { path: ['^src/', frameworks, 'node_modules/(?:pg|pg-boss|postgres|drizzle-orm|meilisearch)/'] },
    },
    {
      name: 'kit-stands-alone',
      comment:
        'What measures us must not share our mistakes, and runs where nothing of ours is: itself, node, ajv and saxes.',
      severity: 'error',
      from: { path: '^conformance/' },
      to: { pathNot: ['^conformance/', 'node_modules/(?:ajv|saxes)/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'nobody-needs-the-kit',
      comment: 'The program runs without its examiner.',
      severity: 'error',
      from: { path: '^(?:src|federation)/' },
      to: { path: '^conformance/' },
    },
    {
      name: 'ground-knows-no-slice',
      comment: 'What every slice stands on cannot lean on one of them.',
      severity: 'error',
      from: { path: '^src/(?:core|config|db|embedded|http|web)/' },
      to: { path: '^src/(?:features|adapters|demo|cli)/' },
    },
    {
      name: 'nobody-imports-the-root',
      comment: 'The files that know everything are known by each other and by the commands only.',
      severity: 'error',
      from: { path: '^(?:src|federation)/', pathNot: [root, '^src/cli/'] },
      to: { path: root },
    },
    {
      name: 'rules-are-pure',
      comment: "A decision sees core, its own rules and any slice's nouns: no table, no clock, no library.",
      severity: 'error',
      from: { path: '^src/features/([^/]+)/rules(?:/|\\.ts$)' },
      to: { pathNot: ['^src/core/', '^src/features/$1/rules(?:/|\\.ts$)', role('types')] },
    },
    {
      name: 'slices-meet-at-index',
      comment: 'Another slice is known by its verbs (index.ts) and its nouns (types.ts).',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/', pathNot: role('tables|views') },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', role('index|types')] },
    },
    {
      name: 'tables-may-reference-tables',
      comment: 'Foreign keys and read-only joins cross slices: tables.ts and views.ts see the tables of all.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/(?:tables|views)(?:/|\\.ts$)' },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', role('tables|types')] },
    },
    {
      name: 'only-queries-and-views-see-tables',
      comment: 'SQL lives where one looks for it. Their row types may be named anywhere in the slice.',
      severity: 'error',
      from: { path: '^src/', pathNot: role('queries|views|tables') },
      to: { path: role('tables'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'fastify-at-the-edge',
      comment: 'What decides and what stores does not know that it was asked over HTTP; not even by a type.',
      severity: 'error',
      from: {
        path: ['^src/(?:core|config|db|embedded|adapters|demo)/', role('rules|service|queries|views|tables|types')],
      },
      to: { path: frameworks },
    },
    {
      name: 'adapters-only-at-the-root',
      comment: 'A slice names a port; which adapter stands behind it is said once, in compose.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:compose\\.ts$|cli/|adapters/)' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'adapters-see-ports',
      comment: 'An adapter sees its library, core and the port of a slice; never another adapter, never the database.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^(?:src|federation)/', pathNot: ['^src/adapters/$1/', '^src/core/', role('index|types')] },
    },
    {
      name: 'not-to-test',
      comment: 'The program runs without its tests.',
      severity: 'error',
      from: { path: '^(?:src|federation)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    // Type imports count: a rule that knows a type of the database is not pure.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
