import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { secret } from './secret-schema.ts'
import { bareSchema, isSecretSchema, isZodSchema, objectShape, schemaKey, type ZodSchema } from './zod-schema.ts'

const asSchema = (schema: z.ZodType): ZodSchema => schema as unknown as ZodSchema
const kindOf = (schema: z.ZodType): string => bareSchema(asSchema(schema))._zod.def.type

describe('bareSchema', () => {
  it('looks through every wrapper to what the input must be', () => {
    const wrapped = z.lazy(() =>
      z.string().min(1).optional().nullable().default('x').readonly().catch('y').describe('z'),
    )
    expect(kindOf(wrapped)).toBe('string')
    expect(kindOf(z.preprocess((value) => value, z.number().transform(String)))).toBe('number')
    expect(kindOf(z.string().transform(Number).pipe(z.number()))).toBe('string')
    expect(kindOf(z.stringbool())).toBe('string')
  })
})

describe('schemaKey', () => {
  it('is exact for objects and folds case and separators for variables', () => {
    const schema = asSchema(z.object({ maxRetries: z.number() }))
    expect(schemaKey(schema, 'maxRetries', true)).toMatchObject({ name: 'maxRetries', freeForm: false })
    expect(schemaKey(schema, 'MAX_RETRIES', true)).toBe('unknown')
    expect(schemaKey(schema, 'MAX_RETRIES', false)).toMatchObject({ name: 'maxRetries' })
    expect(schemaKey(schema, 'MAXRETRIES', false)).toMatchObject({ name: 'maxRetries' })
  })

  it('tells what is open, free-form and unknown', () => {
    expect(schemaKey(asSchema(z.looseObject({})), 'x', true)).toBe('open')
    expect(schemaKey(asSchema(z.object({}).catchall(z.string())), 'x', true)).toBe('open')
    expect(schemaKey(asSchema(z.strictObject({})), 'x', true)).toBe('unknown')
    expect(schemaKey(asSchema(z.any()), 'x', true)).toBe('open')
    expect(schemaKey(asSchema(z.record(z.string(), z.number())), 'COST_CENTER', false)).toMatchObject({
      name: 'costCenter',
      freeForm: true,
    })
  })

  it('joins the members of unions and intersections', () => {
    const either = asSchema(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), left: z.string() }),
        z.object({ kind: z.literal('b'), right: z.number() }),
      ]),
    )
    expect(Object.keys(objectShape(either)!).toSorted()).toEqual(['kind', 'left', 'right'])
    expect(schemaKey(either, 'middle', true)).toBe('unknown')
    const both = asSchema(z.intersection(z.object({ a: z.string() }), z.looseObject({ b: z.string() })))
    expect(schemaKey(both, 'b', true)).toMatchObject({ name: 'b' })
    expect(schemaKey(both, 'c', true)).toBe('open')
  })
})

describe('isSecretSchema', () => {
  it('finds a secret inside wrappers and after it was described', () => {
    const plain = secret(z.string())
    for (const schema of [plain, plain.optional(), plain.describe('x').nullable(), z.lazy(() => plain)])
      expect(isSecretSchema(asSchema(schema))).toBe(true)
    expect(isSecretSchema(asSchema(z.string().transform((text) => text)))).toBe(false)
  })
})

describe('isZodSchema', () => {
  it('knows zod from others', () => {
    expect([z.string(), {}, null, 'x'].map(isZodSchema)).toEqual([true, false, false, false])
  })
})
