import { describe, expect, it } from 'vitest'
import { chooseTables, type TableChoice } from './choose-tables.ts'
import type { ExportTable } from './describe-tables.ts'

function table(schema: string, name: string): ExportTable {
  const column = (column: string) => ({ name: column, type: 'text', base: 'text', notNull: false })
  return { schema, name, columns: ['id', 'note'].map(column), pages: 1, rows: 1, key: ['id'], correlation: 1 }
}

const there = [
  table('public', 'customers'),
  table('public', 'orders'),
  table('shop', 'Odd "name'),
  table('shop', 'orders'),
]

function chosen(tables?: readonly (string | TableChoice)[], exclude: readonly string[] = []): string[] {
  return chooseTables(there, tables, exclude, 'db:5432').map(
    ({ schema, name, columns, where, masks }) =>
      `${schema}.${name}(${columns.map((column) => column.name).join()})${where ?? ''}${[...masks.keys()].join()}`,
  )
}

describe('chooseTables', () => {
  it('takes all, or what is named', () => {
    expect(chosen()).toHaveLength(4)
    expect(chosen(['orders'])).toEqual(['public.orders(id,note)'])
    expect(chosen(['shop."Odd ""name"'])).toEqual(['shop.Odd "name(id,note)'])
    expect(chosen(['shop.*'], ['shop.orders'])).toEqual(['shop.Odd "name(id,note)'])
  })

  it('lets what is named go before what a star stands for', () => {
    const narrow = { table: 'orders', where: 'true', columns: ['note'], mask: { note: { kind: 'null' } } } as const
    expect(chosen(['public.*', narrow])).toEqual(['public.customers(id,note)', 'public.orders(note)truenote'])
  })

  it.each<[string, readonly (string | TableChoice)[], string]>([
    ['an unknown table', ['nothing'], 'BACKUP_EXPORT_TABLE_UNKNOWN'],
    ['a schema without tables', ['none.*'], 'BACKUP_EXPORT_TABLE_UNKNOWN'],
    ['a table that is named twice', ['orders', 'public.orders'], 'BACKUP_EXPORT_OPTION_INVALID'],
    ['an unknown column', [{ table: 'orders', columns: ['price'] }], 'BACKUP_EXPORT_COLUMN_UNKNOWN'],
    [
      'a mask of an unknown column',
      [{ table: 'orders', mask: { price: { kind: 'null' } } }],
      'BACKUP_EXPORT_COLUMN_UNKNOWN',
    ],
    ['an empty filter', [{ table: 'orders', where: ' ' }], 'BACKUP_EXPORT_OPTION_INVALID'],
  ])('%s is a typed error', (_, tables, code) => {
    expect(() => chosen(tables)).toThrow(expect.objectContaining({ code }))
  })
})
