import { describe, expect, it } from 'vitest'
import type { ColumnMask } from './column-mask.ts'
import { compileMask } from './compile-mask.ts'
import type { ExportColumn } from './describe-tables.ts'

const key = 'a key of more than sixteen bytes'
const row = { table: 'public.t', column: 'c', value: () => null }

function column(base: string, type = base, notNull = false): ExportColumn {
  return { name: 'c', type, base, notNull }
}

function masked(of: ExportColumn, mask: ColumnMask, value: string): string | null {
  return compileMask('public.t', of, mask).mask!(value, row)
}

describe('a mask of the kind hash', () => {
  it.each([
    [column('text'), /^[0-9a-f]{64}$/],
    [column('varchar', 'character varying(20)'), /^[0-9a-f]{20}$/],
    [column('bpchar', 'character(3)'), /^[0-9a-f]{3}$/],
    [column('bytea'), /^\\x[0-9a-f]{64}$/],
    [column('uuid'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    [column('int2'), /^\d{1,5}$/],
    [column('int4'), /^\d{1,10}$/],
    [column('int8'), /^\d{1,19}$/],
  ])('fits %j', (of, expected) => {
    const result = masked(of, { kind: 'hash', key }, '42')
    expect(result).toMatch(expected)
    expect(masked(of, { kind: 'hash', key: Buffer.from(key) }, '42')).toBe(result)
    expect(masked(of, { kind: 'hash', key: `${key}!` }, '42')).not.toBe(result)
    expect(compileMask('public.t', of, { kind: 'hash', key }).mask!(null, row)).toBeNull()
  })

  it('stays within integers', () => {
    for (const [base, most] of [
      ['int2', 2n ** 15n],
      ['int4', 2n ** 31n],
      ['int8', 2n ** 63n],
    ] as const)
      for (let number = 0; number < 200; number++) {
        const result = BigInt(masked(column(base), { kind: 'hash', key }, String(number))!)
        expect(result >= 0n && result < most).toBe(true)
      }
  })
})

describe('a mask of the kind keep-format', () => {
  it.each([
    [column('int4'), '2147483647', (value: string) => Number(value) <= 2_147_483_647],
    [column('int8'), '-9223372036854775808', (value: string) => BigInt(value) >= -(2n ** 63n)],
    [column('numeric', 'numeric(4,2)'), '12.34', (value: string) => /^[1-9]\d\.\d\d$/.test(value)],
    [column('numeric', 'numeric(2,2)'), '0.34', (value: string) => /^0\.\d\d$/.test(value)],
    [column('numeric'), '123456789012345678901234567890.5', (value: string) => /^[1-9]\d{29}\.\d$/.test(value)],
    [column('uuid'), '6f9619ff-8b86-d011-b42d-00cf4fc964ff', (value: string) => /^[0-9a-f-]{36}$/.test(value)],
    [column('citext'), 'Ada', (value: string) => /^[A-Z][a-z]{2}$/.test(value)],
  ])('fits %j', (of, value, fits) => {
    const result = masked(of, { kind: 'keep-format', key }, value)!
    expect(fits(result)).toBe(true)
    expect(result).not.toBe(value)
  })
})

describe('masks that do not fit', () => {
  it.each<[string, ExportColumn, ColumnMask, string]>([
    ['null where NULL is not allowed', column('text', 'text', true), { kind: 'null' }, 'the column is NOT NULL'],
    ['a short key', column('text'), { kind: 'hash', key: 'short' }, 'its key is shorter than 16 bytes'],
    ['a hash of a date', column('date'), { kind: 'hash', key }, 'hash has no meaning for the type date'],
    [
      'the format of json',
      column('jsonb'),
      { kind: 'keep-format', key },
      'keep-format has no meaning for the type jsonb',
    ],
    ['an unknown kind', column('text'), { kind: 'blur' } as unknown as ColumnMask, 'there is no such kind'],
  ])('%s is a typed error', (_, of, mask, reason) => {
    expect(() => compileMask('public.t', of, mask)).toThrow(
      expect.objectContaining({
        code: 'BACKUP_EXPORT_MASK_INVALID',
        details: expect.objectContaining({ table: 'public.t', column: 'c', reason }),
      }),
    )
  })

  it('puts no key into the error', () => {
    const mask: ColumnMask = { kind: 'hash', key: 'short-secret' }
    expect(() => compileMask('public.t', column('text'), mask)).not.toThrow('short-secret')
  })
})
