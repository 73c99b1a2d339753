// The table of ARCHITECTURE.md "Who may import whom", executed. test/architecture plants a violation of each rule.
const file = (name) => `^src/features/[^/]+/${name}\\.ts$`;
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-is-a-leaf',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: '^src/core/', dependencyTypesNot: ['core'] },
    },
    { name: 'federation-knows-no-host', severity: 'error', from: { path: '^federation/' }, to: { path: '^src/' } },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: file('rules') },
      to: { pathNot: '^src/core/|^src/features/[^/]+/(rules|types)\\.ts$' },
    },
    {
      name: 'slices-meet-at-index',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/', pathNot: file('(tables|views)') },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', file('(index|types)')] },
    },
    {
      name: 'tables-may-reference-tables',
      severity: 'error',
      from: { path: file('(tables|views)') },
      to: { path: '^src/features/([^/]+)/', pathNot: file('(tables|types)') },
    },
    {
      name: 'only-queries-and-views-see-tables',
      severity: 'error',
      from: { path: '^src/(features|http|web)/', pathNot: file('(queries|views|tables|index)') },
      to: { path: file('tables'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-only-at-the-root',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(compose\\.ts|cli/|adapters/)' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'adapters-see-ports',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: ['^src/adapters/', '^src/core/', file('(index|types)')] },
    },
    {
      name: 'fastify-at-the-edge',
      severity: 'error',
      from: { path: file('(rules|service|queries|views|tables)') },
      to: { path: 'node_modules/(fastify|@fastify)/' },
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^(src|federation)/' }, to: { path: '^test/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'node', 'default'] },
  },
};
