import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PackedBlob } from '../blob.ts'
import { BlobTable } from './blob-table.ts'
import { decodeIndex, encodeIndex } from './index-json.ts'

const idOf = (value: string | number): string => createHash('sha256').update(String(value)).digest('hex')
const blob = (value: number, offset = 0): PackedBlob => ({
  type: value % 3 === 0 ? 'tree' : 'data',
  id: idOf(value),
  offset,
  length: 40 + value,
  uncompressedLength: value % 2 === 0 ? value + 1 : undefined,
})

describe('BlobTable', () => {
  it('agrees with a map, through many doublings', () => {
    const table = new BlobTable()
    const count = 20_000
    for (let pack = 0; pack < 20; pack++)
      table.addPack(
        idOf(`pack ${pack}`),
        Array.from({ length: count / 20 }, (_, index) => blob(pack * 1_000 + index, index)),
      )
    expect(table.size).toBe(count)
    for (let value = 0; value < count; value += 7) {
      const expected = blob(value, value % 1_000)
      expect(table.locate(expected.type, expected.id)).toEqual({
        ...expected,
        pack: idOf(`pack ${Math.floor(value / 1_000)}`),
      })
      expect(table.has(expected.type === 'tree' ? 'data' : 'tree', expected.id)).toBe(false)
    }
    expect(table.has('data', idOf('unknown'))).toBe(false)
    expect(table.locate('data', idOf('unknown'))).toBeUndefined()
    expect([...table.entries()]).toHaveLength(count)
  })

  it('knows every copy of a blob, and takes a pack once', () => {
    const table = new BlobTable()
    expect(table.addPack('one', [blob(1, 5), blob(2)])).toBe(true)
    expect(table.addPack('two', [blob(1, 9)])).toBe(true)
    expect(table.addPack('two', [blob(1, 9)])).toBe(false)
    expect(table.locateAll('data', idOf(1)).map(({ pack, offset }) => [pack, offset])).toEqual([
      ['one', 5],
      ['two', 9],
    ])
    expect(table.rowsOf('data', idOf(1)).map((row) => table.packNumber(row))).toEqual([0, 1])
    for (const row of table.rowsOf('data', idOf(1)))
      expect(table.copiesOf(row).map((copy) => table.packOf(copy))).toEqual(['one', 'two'])
    expect(table.rowsOf('tree', idOf(1))).toEqual([])
    expect(table.rowsOf('data', idOf(1).slice(1))).toEqual([])
    expect(table.lengthOf(table.find('data', idOf(1)))).toBe(41)
    expect(table.hasPack('two')).toBe(true)
    expect(table.size).toBe(3)
  })

  it('tells ids apart that begin with the same bytes', () => {
    const table = new BlobTable()
    const alike = ['0', '1', '2'].map((last) => `${'ab'.repeat(31)}0${last}`)
    table.addPack(
      'pack',
      alike.map((id, offset) => ({ type: 'data' as const, id, offset, length: 1 })),
    )
    expect(alike.map((id) => table.locate('data', id)!.offset)).toEqual([0, 1, 2])
    expect(table.has('data', `${'ab'.repeat(31)}03`)).toBe(false)
  })
})

describe('the JSON of an index', () => {
  it('gives back what it was made from', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 10 }), (values) => {
        const packs = [{ id: idOf('pack'), blobs: values.map((value) => blob(value)) }]
        expect(decodeIndex('x', encodeIndex(packs))).toEqual(packs)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    '{',
    '{"packs":3}',
    '{"packs":[null]}',
    '{"packs":[{"id":"x","blobs":[]}]}',
    `{"packs":[{"id":"${idOf(1)}"}]}`,
    `{"packs":[{"id":"${idOf(1)}","blobs":[{"id":"${idOf(2)}","type":"door","offset":0,"length":1}]}]}`,
    `{"packs":[{"id":"${idOf(1)}","blobs":[{"id":"${idOf(2)}","type":"data","offset":-1,"length":1}]}]}`,
    `{"packs":[{"id":"${idOf(1)}","blobs":[null]}]}`,
  ])('is refused when it is %s', (text) => {
    expect(() => decodeIndex('x', Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'BACKUP_OBJECT_CORRUPT' }),
    )
  })

  it('may be empty', () => {
    expect(decodeIndex('x', Buffer.from('{}'))).toEqual([])
    expect(decodeIndex('x', Buffer.from('{"packs":null}'))).toEqual([])
  })
})
