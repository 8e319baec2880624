import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { defineConfig } from './define-config.ts'
import { durationSetting } from './duration-schema.ts'
import { env, type EnvSourceOptions } from './env-source.ts'
import { file } from './file-source.ts'
import { loadConfig } from './load-config.ts'
import { defaults, overrides } from './object-source.ts'
import { secret } from './secret-schema.ts'
import { Secret } from './secret.ts'
import type { ConfigProblem } from './source.ts'
import type { StandardSchema } from './standard-schema.ts'

const schema = z.object({
  port: z.number().int().max(65_535).default(8080),
  host: z.string(),
  database: z.object({
    url: z.string(),
    maxConnections: z.number().int().default(10),
    password: secret(z.string().min(8)),
  }),
  tags: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  timeout: durationSetting(z.string()).prefault('30s'),
  tls: z.object({ certFile: z.string() }).optional(),
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-config-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const app = (environment: Record<string, string>, options: EnvSourceOptions = {}) =>
  env({ prefix: 'APP_', environment, ...options })
const complete = { host: 'h', database: { url: 'postgres://h/db', password: 'long enough' } }

function failure(run: () => unknown): ExprsnError & { problems: readonly ConfigProblem[] } {
  try {
    run()
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'CORE_CONFIG_INVALID')
      return Object.assign(error, { problems: error.details['problems'] as ConfigProblem[] })
    throw error
  }
  throw new Error('it did not fail')
}

describe('defineConfig', () => {
  it('gives the type of the schema, with its defaults', () => {
    const config = defineConfig({ schema, sources: [overrides(complete)] })
    expectTypeOf(config).toEqualTypeOf<z.output<typeof schema>>()
    expectTypeOf(config.database.password).toEqualTypeOf<Secret<string>>()
    expect(config).toMatchObject({ port: 8080, tags: [], timeout: 30_000, database: { maxConnections: 10 } })
    expect(config.database.password.reveal()).toBe('long enough')
  })

  it('lets later sources win, key by key: defaults < file < env < secret file < overrides', () => {
    const path = write(
      'layers.json',
      JSON.stringify({ host: 'file', database: { url: 'file', maxConnections: 2 }, port: 2 }),
    )
    const passwordPath = write('password', 'from-the-file\n')
    const { value, origins } = loadConfig({
      schema,
      sources: [
        defaults({ ...complete, port: 1, tags: ['default'] }),
        file(path),
        app({
          APP_HOST: 'env',
          APP_PORT: '3',
          APP_DATABASE__MAX_CONNECTIONS: '3',
          APP_DATABASE__PASSWORD: 'from-the-env',
          APP_DATABASE__PASSWORD_FILE: passwordPath,
        }),
        overrides({ port: 4 }),
      ],
    })
    expect(value).toMatchObject({
      host: 'env',
      port: 4,
      tags: ['default'],
      database: { url: 'file', maxConnections: 3 },
    })
    expect(value.database.password.reveal()).toBe('from-the-file')
    expect(Object.fromEntries(origins.map(({ path: key, source }) => [key, source]))).toEqual({
      port: 'overrides',
      host: 'env APP_HOST',
      'database.url': path,
      'database.maxConnections': 'env APP_DATABASE__MAX_CONNECTIONS',
      'database.password': `${passwordPath} (env APP_DATABASE__PASSWORD_FILE)`,
      tags: 'defaults',
      labels: 'schema',
      timeout: 'schema',
    })
    expect(origins.find(({ path: key }) => key === 'database.password')?.value).toBe('[secret]')
  })

  it('lists every problem at once, each with its source', () => {
    const path = write('bad.json', '{ "prot": 1, "tags": "not a list", "database": { "url": 5 } }')
    const { problems, message, status } = failure(() =>
      defineConfig({
        schema,
        sources: [
          file(path),
          app({ APP_PORT: 'abc', APP_DATABASE_URL: 'x', APP_DATABASE__PASSWORD: 'short', APP_TIMEOUT: 'soon' }),
        ],
      }),
    )
    expect(problems).toEqual([
      { path: 'prot', expected: 'no such key, did you mean "port"?', got: 'an unknown key', source: path },
      {
        path: '',
        expected: 'no such variable, did you mean APP_DATABASE__URL?',
        got: 'an unknown variable',
        source: 'env APP_DATABASE_URL',
      },
      { path: 'port', expected: 'number', got: '"abc"', source: 'env APP_PORT' },
      { path: 'host', expected: 'string', got: 'nothing', source: `set APP_HOST or ${path} "host"` },
      { path: 'database.url', expected: 'string', got: '5', source: path },
      expect.objectContaining({ path: 'database.password', got: '[secret]', source: 'env APP_DATABASE__PASSWORD' }),
      { path: 'tags', expected: 'array', got: '"not a list"', source: path },
      expect.objectContaining({ path: 'timeout', expected: expect.stringContaining('a duration'), got: '"soon"' }),
    ])
    expect(message).toContain('The configuration has 8 problem(s):\n')
    expect(message).toContain('  port: expected number, got "abc" (env APP_PORT)')
    expect(message.split('\n')).toHaveLength(9)
    expect(status).toBe(500)
  })

  it('shows no secret in a message or in what is logged', () => {
    const error = failure(() =>
      defineConfig({
        schema: z.object({
          pin: secret(z.string().min(20)),
          apiToken: z.string().min(99),
          url: z.string().max(3),
          nested: z.array(z.number()).or(secret(z.number())),
        }),
        sources: [
          overrides({ pin: 'p1n-value', apiToken: 't0ken-value', url: 'https://user:passw0rd@host', nested: 'n3sted' }),
        ],
      }),
    )
    for (const printed of [error.message, JSON.stringify(error)])
      expect(printed).not.toMatch(/p1n-value|t0ken-value|passw0rd/)
    expect(error.problems).toHaveLength(4)
  })

  it('names every missing key of a missing object', () => {
    const { problems } = failure(() => defineConfig({ schema, sources: [] }))
    expect(problems.map(({ path, got }) => `${path}: ${got}`)).toEqual([
      'host: nothing',
      'database.url: nothing',
      'database.password: nothing',
    ])
    expect(problems[0]?.source).toBe('not set')
  })

  it('leaves a missing optional object missing', () => {
    expect(defineConfig({ schema, sources: [overrides(complete)] }).tls).toBeUndefined()
    const { problems } = failure(() => defineConfig({ schema, sources: [overrides({ ...complete, tls: {} })] }))
    expect(problems).toEqual([expect.objectContaining({ path: 'tls.certFile', source: 'overrides' })])
  })

  it('is frozen to the bottom', () => {
    const config = defineConfig({ schema, sources: [overrides({ ...complete, tags: ['a'] })] })
    expect(Object.isFrozen(config) && Object.isFrozen(config.database) && Object.isFrozen(config.tags)).toBe(true)
  })

  it('changes nothing that it was given', () => {
    const given = { ...complete, database: { ...complete.database }, tags: ['a'] }
    defineConfig({ schema, sources: [defaults(given), overrides({ database: { url: 'other' } })] })
    expect(given.database.url).toBe('postgres://h/db')
    expect(Object.isFrozen(given.database)).toBe(false)
    given.tags.push('b')
    const free = { list: [{ inner: [1] }] }
    defineConfig({ schema: z.object({ list: z.any() }), sources: [defaults(free)] })
    free.list[0]!.inner.push(2)
    expect(free.list[0]!.inner).toEqual([1, 2])
  })

  it('takes a Secret as a value', () => {
    const sources = [overrides(complete), overrides({ database: { password: new Secret('given as a secret') } })]
    expect(defineConfig({ schema, sources }).database.password.reveal()).toBe('given as a secret')
  })

  it('replaces a list and a leaf as a whole, and a leaf by an object', () => {
    const loose = z.object({ a: z.any() })
    const load = (...layers: object[]) => defineConfig({ schema: loose, sources: layers.map(overrides) }).a as unknown
    expect(load({ a: [1, 2] }, { a: [3] })).toEqual([3])
    expect(load({ a: { b: 1, c: 2 } }, { a: { b: 3 } })).toEqual({ b: 3, c: 2 })
    expect(load({ a: 1 }, { a: { b: 3 } })).toEqual({ b: 3 })
    expect(load({ a: { b: 3 } }, { a: 1 })).toBe(1)
    expect(load({ a: 1 }, { a: undefined })).toBe(1)
  })

  it('is not polluted by __proto__ and constructor keys', () => {
    const path = write(
      'proto.json',
      '{ "__proto__": { "polluted": 1 }, "database": { "__proto__": { "polluted": 1 } } }',
    )
    const { problems } = failure(() => defineConfig({ schema, sources: [overrides(complete), file(path)] }))
    expect(problems.map((problem) => problem.path)).toEqual(['__proto__', 'database.__proto__'])
    failure(() =>
      defineConfig({
        schema,
        sources: [
          overrides(complete),
          app({ APP___proto____polluted: 'x', APP_CONSTRUCTOR__PROTOTYPE__POLLUTED: 'x' }),
        ],
      }),
    )
    const open = z.object({ any: z.record(z.string(), z.any()) })
    const environment = { APP_ANY__CONSTRUCTOR__PROTOTYPE__POLLUTED: 'x', APP_ANY__TO_STRING: 'x' }
    expect(defineConfig({ schema: open, sources: [env({ prefix: 'APP_', environment })] }).any).toEqual({
      constructor: { prototype: { polluted: 'x' } },
      toString: 'x',
    })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.prototype.toString.call('')).toBe('[object String]')
  })
})

describe('with the schema of another library', () => {
  const standard: StandardSchema<{ databaseUrl: string }> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate(value) {
        const { databaseUrl } = value as { databaseUrl?: unknown }
        return typeof databaseUrl === 'string'
          ? { value: { databaseUrl } }
          : { issues: [{ message: 'must be text', path: [{ key: 'databaseUrl' }] }] }
      },
    },
  }

  it('maps variables to camel case and leaves text as it is', () => {
    const config = defineConfig({ schema: standard, sources: [app({ APP_DATABASE_URL: '5' })] })
    expectTypeOf(config).toEqualTypeOf<{ databaseUrl: string }>()
    expect(config).toEqual({ databaseUrl: '5' })
  })

  it('tells its issues with their source', () => {
    const { problems } = failure(() => defineConfig({ schema: standard, sources: [overrides({ databaseUrl: 5 })] }))
    expect(problems).toEqual([{ path: 'databaseUrl', expected: 'must be text', got: '5', source: 'overrides' }])
  })

  it('refuses to wait for an asynchronous schema', () => {
    const slow: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('late')) },
    }
    expect(() => defineConfig({ schema: slow, sources: [] })).toThrow(
      expect.objectContaining({ code: 'CORE_CONFIG_SCHEMA_UNSUPPORTED' }),
    )
  })
})

describe('env', () => {
  const load = (environment: Record<string, string>, options?: EnvSourceOptions) =>
    defineConfig({ schema, sources: [overrides(complete), app(environment, options)] })

  it('reads the real environment by default', () => {
    process.env['EXPRSN_CONFIG_TEST_HOST'] = 'real'
    try {
      const config = defineConfig({
        schema: z.object({ host: z.string() }),
        sources: [env({ prefix: 'EXPRSN_CONFIG_TEST_' })],
      })
      expect(config.host).toBe('real')
    } finally {
      delete process.env['EXPRSN_CONFIG_TEST_HOST']
    }
  })

  it('ignores other variables, and unknown ones when there is no prefix or it is told so', () => {
    const small = z.object({ path: z.string() })
    expect(defineConfig({ schema: small, sources: [env({ environment: { PATH: '/bin', HOME: '/root' } })] })).toEqual({
      path: '/bin',
    })
    expect(load({ OTHER_HOST: 'x', APP_: 'x', APP_SERVICE_PORT_80_TCP: 'tcp' }, { unknown: 'ignore' }).host).toBe('h')
  })

  it('takes an empty variable as not set, but for texts and lists', () => {
    const config = load({ APP_PORT: '', APP_TAGS: '', APP_HOST: '' })
    expect([config.port, config.tags, config.host]).toEqual([8080, [], ''])
  })

  it('adds to an object given as JSON', () => {
    const config = load({ APP_DATABASE__URL: 'second', APP_DATABASE: '{"url":"first","maxConnections":4}' })
    expect(config.database).toMatchObject({ url: 'second', maxConnections: 4 })
  })

  it('names free-form keys in camel case', () => {
    expect(load({ APP_LABELS__COST_CENTER: 'a', APP_LABELS__team: 'b' }).labels).toEqual({ costCenter: 'a', team: 'b' })
  })

  it('knows a key that is called …File from a secret file', () => {
    expect(load({ APP_TLS__CERT_FILE: '/etc/cert.pem' }).tls).toEqual({ certFile: '/etc/cert.pem' })
  })

  it('tells a secret file that cannot be read, beside the other problems', () => {
    const missing = join(folder, 'missing')
    const { problems } = failure(() => load({ APP_DATABASE__PASSWORD_FILE: missing, APP_PORT: 'x' }))
    expect(problems).toEqual([
      {
        path: 'database.password',
        expected: 'a readable file',
        got: expect.stringContaining('missing'),
        source: `${missing} (env APP_DATABASE__PASSWORD_FILE)`,
      },
      expect.objectContaining({ path: 'port' }),
    ])
  })

  it('tells an unknown key inside an object given as JSON', () => {
    const { problems } = failure(() => load({ APP_DATABASE: '{"urll":"x"}' }))
    expect(problems).toEqual([
      {
        path: 'database.urll',
        expected: 'no such key, did you mean "database.url"?',
        got: 'an unknown key',
        source: 'env APP_DATABASE',
      },
    ])
  })

  it('keeps inner and outer white space of a secret file, less one line end', () => {
    const path = write('spaces', '  a secret \n\n')
    expect(load({ APP_DATABASE__PASSWORD_FILE: path }).database.password.reveal()).toBe('  a secret \n')
    expect(() => load({ APP_DATABASE__PASSWORD_FILE: path }, { secretFiles: false })).toThrow(
      'APP_DATABASE__PASSWORD_FILE',
    )
  })
})

describe('file', () => {
  const load = (text: string) => () =>
    defineConfig({ schema, sources: [overrides(complete), file(write('app.json', text))] })

  it('reads JSON with comments', () => {
    expect(load('// listen\n{ "port": 1, /* all */ "tags": ["a",], }')()).toMatchObject({ port: 1, tags: ['a'] })
  })

  it('is a problem when it is missing, unless optional', () => {
    const path = join(folder, 'none.json')
    const { problems } = failure(() => defineConfig({ schema, sources: [overrides(complete), file(path)] }))
    expect(problems).toEqual([expect.objectContaining({ path: '', expected: 'a readable file', source: path })])
    expect(defineConfig({ schema, sources: [overrides(complete), file(path, { optional: true })] }).host).toBe('h')
  })

  it.each([
    ['{ "password": "s3cret" "port": 1 }', 'a syntax error at line 1, column 24'],
    ['s3cret', 'a syntax error'],
    ['[1]', 'a list'],
    ['null', 'null'],
    ['"s3cret"', 'a string'],
  ])('%s is a problem that shows nothing of the text', (text, got) => {
    const { problems, message } = failure(load(text))
    expect(problems[0]?.got).toContain(got)
    expect(message).not.toContain('s3cret')
  })

  it('accepts extra keys where the schema does, and refuses them once where it is strict', () => {
    const path = write('extra.json', '{ "extra": 1 }')
    expect(defineConfig({ schema: z.looseObject({}), sources: [file(path)] })).toEqual({ extra: 1 })
    expect(failure(() => defineConfig({ schema: z.strictObject({}), sources: [file(path)] })).problems).toHaveLength(1)
  })
})
