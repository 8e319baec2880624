import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { defineConfig } from './define-config.ts'
import { env } from './env-source.ts'
import { overrides } from './object-source.ts'
import { secret } from './secret-schema.ts'
import type { ConfigSource } from './source.ts'

const schema = z.object({
  port: z.number().optional(),
  list: z.array(z.object({ a: z.bigint() })).optional(),
  choice: z.union([z.boolean(), z.object({ kind: z.literal('x') }), z.date()]).optional(),
  both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })).optional(),
  pair: z.tuple([z.string(), z.number()]).optional(),
  free: z.record(z.string(), z.any()).optional(),
  pin: secret(z.string().min(99)).optional(),
})

const segment = fc.oneof(
  fc.constantFrom(
    'PORT',
    'LIST',
    'CHOICE',
    'BOTH',
    'PAIR',
    'FREE',
    'PIN',
    'A',
    'KIND',
    '__proto__',
    'CONSTRUCTOR',
    '',
    '0',
    'X_FILE',
  ),
  fc.string({ maxLength: 5 }),
)
const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `APP_${segments.join('__')}`)
const text = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    'true',
    '[1',
    '[{"a":1}]',
    '{"__proto__":{"polluted":1}}',
    '{"a":"x","b":2}',
    'null',
    '2026-01-01',
  ),
  fc.json(),
  fc.string(),
)

/** Loads, and lets nothing but the one typed error pass. */
function load(source: ConfigSource): void {
  try {
    expect(Object.isFrozen(defineConfig({ schema, sources: [source] }))).toBe(true)
  } catch (error) {
    if (!ExprsnError.is(error) || error.code !== 'CORE_CONFIG_INVALID') throw error
    expect(() => JSON.stringify(error)).not.toThrow()
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
}

describe('defineConfig meets hostile input with its one error only', () => {
  it('in variables', () => {
    fc.assert(
      fc.property(fc.dictionary(name, text, { maxKeys: 6 }), (environment) =>
        load(env({ prefix: 'APP_', environment })),
      ),
      { numRuns: 5_000 },
    )
  })

  it('in objects', () => {
    const key = fc.oneof(fc.constantFrom(...Object.keys(schema.shape), '__proto__', 'constructor'), fc.string())
    const value = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true })
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (values) => load(overrides(values))),
      { numRuns: 5_000 },
    )
  })
})
