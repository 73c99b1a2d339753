/**
 * Small trees, each of which breaks one rule of `.dependency-cruiser.cjs`, or shows what is allowed. The first file of
 * each is the one that sins.
 */
type Plant = {
  readonly what: string;
  /** The rule that must be reported for the first file; null: nothing may be. */
  readonly breaks: string | null;
  readonly files: Readonly<Record<string, string>>;
};

const core = { 'src/core/money.ts': 'export const vnd = 1;\n' };
const slice = (name: string): Readonly<Record<string, string>> => ({
  [`src/features/${name}/types.ts`]: 'export type Noun = { readonly id: string };\nexport const STATES = [1];\n',
  [`src/features/${name}/tables.ts`]: "import { pgTable } from 'drizzle-orm/pg-core';\nexport const rows = pgTable;\n",
  [`src/features/${name}/rules.ts`]: 'export const decide = (): number => 1;\n',
  [`src/features/${name}/service.ts`]: 'export const create = (): number => 1;\n',
  [`src/features/${name}/index.ts`]: "export { create } from './service.ts';\n",
});
const other = slice('other');
const adapter = { 'src/adapters/mail/index.ts': 'export const createMail = (): number => 1;\n' };

const refused: readonly Plant[] = [
  {
    what: 'two modules that import each other are a cycle',
    breaks: 'no-cycles',
    files: {
      'src/features/rings/one.ts': "import { two } from './two.ts';\nexport const one = (): unknown => two;\n",
      'src/features/rings/two.ts': "import { one } from './one.ts';\nexport const two = (): unknown => one;\n",
    },
  },
  {
    what: 'core imports no library',
    breaks: 'core-is-a-leaf',
    files: { 'src/core/text.ts': "import { sql } from 'drizzle-orm';\nexport const text = sql;\n" },
  },
  {
    what: 'core imports no slice',
    breaks: 'core-is-a-leaf',
    files: {
      'src/core/star.ts': "import { STATES } from '#features/other/types.ts';\nexport const s = STATES;\n",
      ...other,
    },
  },
  {
    what: 'federation imports nothing of src, not even a type',
    breaks: 'federation-knows-no-host',
    files: {
      'federation/engine/a.ts': "import type { Noun } from '#features/other/types.ts';\nexport type A = Noun;\n",
      ...other,
    },
  },
  {
    what: 'federation knows no database',
    breaks: 'federation-knows-no-host',
    files: { 'federation/engine/b.ts': "import pg from 'pg';\nexport const b = pg;\n" },
  },
  {
    what: 'the kit imports nothing of federation, not even a type',
    breaks: 'kit-stands-alone',
    files: {
      'conformance/kit/a.ts': "import type { B } from '../../federation/b.ts';\nexport type A = B;\n",
      'federation/b.ts': 'export type B = 1;\n',
    },
  },
  {
    what: 'the kit needs no library beyond its two',
    breaks: 'kit-stands-alone',
    files: { 'conformance/kit/c.ts': "import serialize from 'canonicalize';\nexport const c = serialize;\n" },
  },
  {
    what: 'the program needs no kit',
    breaks: 'nobody-needs-the-kit',
    files: {
      'src/features/examined/service.ts':
        "import { run } from '../../../conformance/run.ts';\nexport const all = run;\n",
      'conformance/run.ts': 'export const run = 1;\n',
    },
  },
  {
    what: 'the http edge knows no slice',
    breaks: 'ground-knows-no-slice',
    files: {
      'src/http/a.ts': "import { create } from '#features/other/index.ts';\nexport const a = create;\n",
      ...other,
    },
  },
  {
    what: 'a slice does not import the root',
    breaks: 'nobody-imports-the-root',
    files: {
      'src/features/climbers/service.ts': "import { all } from '../../compose.ts';\nexport const up = all;\n",
      'src/compose.ts': 'export const all = 1;\n',
    },
  },
  {
    what: 'a rule does not see a table, not even its type',
    breaks: 'rules-are-pure',
    files: {
      'src/features/impure/rules.ts': "import type { rows } from './tables.ts';\nexport type Row = typeof rows;\n",
      'src/features/impure/tables.ts': 'export const rows = 1;\n',
    },
  },
  {
    what: 'a rule does not ask node for the time or the disk',
    breaks: 'rules-are-pure',
    files: {
      'src/features/reader/rules.ts': "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;\n",
    },
  },
  {
    what: "a rule in a folder does not see another slice's rules",
    breaks: 'rules-are-pure',
    files: {
      'src/features/ranked/rules/rank.ts':
        "import { decide } from '#features/other/rules.ts';\nexport const r = decide;\n",
      ...other,
    },
  },
  {
    what: "a service does not reach into another slice's service",
    breaks: 'slices-meet-at-index',
    files: {
      'src/features/nosy/service.ts':
        "import { create } from '#features/other/service.ts';\nexport const n = create;\n",
      ...other,
    },
  },
  {
    what: "a view reads other slices' tables, not their services",
    breaks: 'tables-may-reference-tables',
    files: {
      'src/features/joins/views.ts': "import { create } from '#features/other/service.ts';\nexport const n = create;\n",
      ...other,
    },
  },
  {
    what: 'a service does not see a table',
    breaks: 'only-queries-and-views-see-tables',
    files: {
      'src/features/sneaky/service.ts': "import { rows } from './tables.ts';\nexport const s = rows;\n",
      'src/features/sneaky/tables.ts': 'export const rows = 1;\n',
    },
  },
  {
    what: 'a command does not see a table either',
    breaks: 'only-queries-and-views-see-tables',
    files: {
      'src/cli/peek.ts': "import { rows } from '#features/other/tables.ts';\nexport const p = rows;\n",
      ...other,
    },
  },
  {
    what: 'a service does not know fastify, not even a type of it',
    breaks: 'fastify-at-the-edge',
    files: {
      'src/features/webby/service.ts':
        "import type { FastifyRequest } from 'fastify';\nexport type R = FastifyRequest;\n",
    },
  },
  {
    what: 'a view does not know a plugin of fastify',
    breaks: 'fastify-at-the-edge',
    files: { 'src/features/webby/views.ts': "import cookie from '@fastify/cookie';\nexport const c = cookie;\n" },
  },
  {
    what: 'a slice does not choose its adapter',
    breaks: 'adapters-only-at-the-root',
    files: {
      'src/features/mailing/service.ts':
        "import { createMail } from '#adapters/mail/index.ts';\nexport const m = createMail;\n",
      ...adapter,
    },
  },
  {
    what: 'another file of the root does not choose adapters either',
    breaks: 'adapters-only-at-the-root',
    files: {
      'src/node.ts': "import { createMail } from '#adapters/mail/index.ts';\nexport const m = createMail;\n",
      ...adapter,
    },
  },
  {
    what: 'an adapter does not see the database',
    breaks: 'adapters-see-ports',
    files: {
      'src/adapters/disk/index.ts': "import { connect } from '#db/client.ts';\nexport const c = connect;\n",
      'src/db/client.ts': 'export const connect = 1;\n',
    },
  },
  {
    what: 'an adapter does not lean on another',
    breaks: 'adapters-see-ports',
    files: {
      'src/adapters/sms/index.ts':
        "import { createMail } from '#adapters/mail/index.ts';\nexport const c = createMail;\n",
      ...adapter,
    },
  },
  {
    what: 'the program does not import its tests',
    breaks: 'not-to-test',
    files: {
      'src/features/tested/service.ts': "import { fake } from '#test/support/fake.ts';\nexport const f = fake;\n",
      'test/support/fake.ts': 'export const fake = 1;\n',
    },
  },
];

const allowed: readonly Plant[] = [
  {
    what: "allowed: rules see core, their own rules and another slice's nouns",
    breaks: null,
    files: {
      'src/features/clean/rules/cancel.ts':
        "import { vnd } from '#core/money.ts';\nimport type { Noun } from '#features/other/types.ts';\nimport { limit } from './limits.ts';\nexport const cancel = (_: Noun): number => vnd + limit;\n",
      'src/features/clean/rules/limits.ts': 'export const limit = 1;\n',
      ...core,
      ...other,
    },
  },
  {
    what: "allowed: views join other slices' tables",
    breaks: null,
    files: {
      'src/features/clean/views.ts': "import { rows } from '#features/other/tables.ts';\nexport const v = rows;\n",
      ...other,
    },
  },
  {
    what: 'allowed: a service speaks to another slice by its index',
    breaks: null,
    files: {
      'src/features/clean/service.ts': "import { create } from '#features/other/index.ts';\nexport const s = create;\n",
      ...other,
    },
  },
  {
    what: 'allowed: routes know fastify',
    breaks: null,
    files: {
      'src/features/clean/routes.ts':
        "import type { FastifyInstance } from 'fastify';\nexport type App = FastifyInstance;\n",
    },
  },
];

export const plants: readonly Plant[] = [...refused, ...allowed];
