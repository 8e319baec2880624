import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeConfig } from './describe-config.ts'
import { defineConfig } from './define-config.ts'
import { env } from './env-source.ts'
import { secret } from './secret-schema.ts'

const schema = z.object({
  port: z.number().int().default(8080).describe('Where to listen.'),
  logLevel: z.enum(['debug', 'info']).optional(),
  database: z.object({
    url: z.url().describe('PostgreSQL | or\nSQLite.'),
    password: secret(z.string()).describe('Kept in the vault.'),
    poolSizes: z.array(z.number()),
  }),
  cache: z.object({ ttl: z.union([z.number(), z.string()]) }).optional(),
  motto: z.string().default('two words'),
  flags: z.record(z.string(), z.boolean()).default({}),
  big: z.bigint().default(5n),
  verbose: z.boolean().nullable(),
  mode: z.literal('fixed'),
})

describe('describeConfig', () => {
  const { keys, envExample, markdown } = describeConfig(schema, { prefix: 'APP_' })

  it('lists every key with its variable, type and default', () => {
    expect(
      keys.map(({ path, variable, type, required, default: fallback }) => [path, variable, type, required, fallback]),
    ).toEqual([
      ['port', 'APP_PORT', 'number', false, '8080'],
      ['logLevel', 'APP_LOG_LEVEL', 'one of "debug", "info"', false, undefined],
      ['database.url', 'APP_DATABASE__URL', 'text (url)', true, undefined],
      ['database.password', 'APP_DATABASE__PASSWORD', 'text', true, undefined],
      ['database.poolSizes', 'APP_DATABASE__POOL_SIZES', 'list of number', true, undefined],
      ['cache.ttl', 'APP_CACHE__TTL', 'number or text', false, undefined],
      ['motto', 'APP_MOTTO', 'text', false, '"two words"'],
      ['flags', 'APP_FLAGS', 'JSON object', false, '{}'],
      ['big', 'APP_BIG', 'integer', false, '5'],
      ['verbose', 'APP_VERBOSE', 'true or false', true, undefined],
      ['mode', 'APP_MODE', '"fixed"', true, undefined],
    ])
    expect(keys.filter((key) => key.secret).map((key) => key.path)).toEqual(['database.password'])
    expect(keys[0]?.description).toBe('Where to listen.')
  })

  it('writes an example that says what is required', () => {
    expect(envExample).toContain('# Where to listen. (number)\n# APP_PORT=8080\n')
    expect(envExample).toContain('# PostgreSQL | or SQLite. (text (url), required)\nAPP_DATABASE__URL=\n')
    expect(envExample).toContain('(text, required, secret, or APP_DATABASE__PASSWORD_FILE)\nAPP_DATABASE__PASSWORD=\n')
    expect(envExample).toContain('# APP_MOTTO=two words\n')
  })

  it('writes variables that the env source reads', () => {
    const environment = Object.fromEntries(
      keys.map(({ variable, default: fallback }) => [variable, fallback?.replaceAll('"', '')]),
    )
    const given = {
      ...environment,
      APP_DATABASE__URL: 'https://host',
      APP_DATABASE__PASSWORD: 'x',
      APP_DATABASE__POOL_SIZES: '1,2',
      APP_CACHE__TTL: '5',
      APP_VERBOSE: 'no',
      APP_MODE: 'fixed',
      APP_LOG_LEVEL: 'info',
    }
    const config = defineConfig({ schema, sources: [env({ prefix: 'APP_', environment: given })] })
    expect(config).toMatchObject({
      port: 8080,
      motto: 'two words',
      flags: {},
      big: 5n,
      cache: { ttl: 5 },
      logLevel: 'info',
    })
  })

  it('writes a table whose cells stay cells', () => {
    const lines = markdown.trimEnd().split('\n')
    expect(lines).toHaveLength(2 + keys.length)
    for (const line of lines) expect(line.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(7)
    expect(markdown).toContain('| `port` | `APP_PORT` | number | `8080` | Where to listen. |')
    expect(markdown).toContain(
      '| `database.password` | `APP_DATABASE__PASSWORD` | text, secret | **required** | Kept in the vault. |',
    )
  })

  it('ends at recursive schemas', () => {
    const tree: z.ZodType = z.lazy(() => z.object({ name: z.string(), child: tree.optional() }))
    expect(describeConfig(z.object({ tree })).keys.length).toBeLessThan(20)
  })

  it('refuses a schema that it cannot look into', () => {
    const foreign = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
    expect(() => describeConfig(foreign)).toThrow(expect.objectContaining({ code: 'CORE_CONFIG_SCHEMA_UNSUPPORTED' }))
  })
})
