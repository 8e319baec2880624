import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { acceptsEmptyText, coerceText } from './coerce-text.ts'
import type { ZodSchema } from './zod-schema.ts'

const asSchema = (schema: z.ZodType): ZodSchema => schema as unknown as ZodSchema

describe('coerceText', () => {
  it.each([
    [z.number(), '42', 42],
    [z.number().int().optional(), ' -7 ', -7],
    [z.number().default(1), '1.5e3', 1_500],
    [z.number(), '.5', 0.5],
    [z.number(), '0x10', '0x10'],
    [z.number(), 'Infinity', 'Infinity'],
    [z.number(), '', ''],
    [z.number(), '12abc', '12abc'],
    [z.bigint(), '9007199254740993', 9_007_199_254_740_993n],
    [z.bigint(), '+5', 5n],
    [z.bigint(), '1.5', '1.5'],
    [z.boolean(), 'TRUE', true],
    [z.boolean().nullable(), 'yes', true],
    [z.boolean(), '1', true],
    [z.boolean(), 'off', false],
    [z.boolean(), '0', false],
    [z.boolean(), 'nope', 'nope'],
    [z.date(), '2026-11-20T10:41:07Z', new Date('2026-11-20T10:41:07Z')],
    [z.date(), 'soon', 'soon'],
    [z.string(), '007', '007'],
    [z.string(), ' true ', ' true '],
    [z.enum(['1', '2']), '1', '1'],
    [z.literal([1, true, 'x']), 'true', true],
    [z.literal(1), '1', 1],
    [z.literal(1), '2', '2'],
    [z.array(z.string()), 'a, b ,c', ['a', 'b', 'c']],
    [z.array(z.number()), '1,2,x', [1, 2, 'x']],
    [z.array(z.number()), '[1, 2]', [1, 2]],
    [z.array(z.string()), '', []],
    [z.array(z.string()), '[broken', '[broken'],
    [z.object({ a: z.number() }), '{"a":1}', { a: 1 }],
    [z.record(z.string(), z.number()), '{"a":1}', { a: 1 }],
    [z.tuple([z.number()]), '[1]', [1]],
    [z.object({}), 'text', 'text'],
    [z.union([z.number(), z.string()]), '5', 5],
    [z.union([z.string(), z.number()]), '5', '5'],
    [z.union([z.boolean(), z.number().min(10)]), '5', '5'],
    [z.union([z.boolean(), z.number()]), 'off', false],
    [z.null(), 'null', null],
    [z.any(), '5', '5'],
    [z.preprocess((value) => value, z.number()), '5', 5],
    [z.lazy(() => z.number()), '5', 5],
    [z.number().transform(String), '5', 5],
    [z.number().readonly().catch(3), '5', 5],
  ])('%# reads %#', (schema, text, expected) => {
    expect(coerceText(text, asSchema(schema))).toEqual(expected)
  })

  it('knows where an empty variable means something', () => {
    expect(
      [z.string(), z.array(z.string()).optional(), z.union([z.number(), z.string()])].map((schema) =>
        acceptsEmptyText(asSchema(schema)),
      ),
    ).toEqual([true, true, true])
    expect(
      [z.number(), z.boolean().default(true), z.object({})].map((schema) => acceptsEmptyText(asSchema(schema))),
    ).toEqual([false, false, false])
  })
})
