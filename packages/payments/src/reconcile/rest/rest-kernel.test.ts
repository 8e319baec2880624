import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Currencies } from '../files/currencies.ts'
import type { MovementsFile } from '../files/movements-file.ts'
import { openMovements, type OpenMovements } from '../files/open-movements.ts'
import { readRest } from './read-rest.ts'
import { RestKernel } from './rest-kernel.ts'
import { RowColumns } from './rest-rows.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-rest-kernel-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const heads = ['id', 'key', 'group', 'text', 'amount', 'date'] as const
type Columns = MovementsFile['columns']
const usual: Columns = { id: 'id', key: 'key', group: 'group', text: 'text', amount: 'amount', date: 'date' }
const layouts: Columns[] = [
  usual,
  { ...usual, group: 'id' },
  { ...usual, group: undefined, text: undefined },
  { ...usual, group: 'key', text: 'key' },
  { ...usual, id: 'date', key: 'text', text: 'id' },
]

interface Written {
  readonly source: OpenMovements
  readonly places: Float64Array
}

async function write(rows: readonly (readonly string[])[], columns: Columns, lineEnd: string): Promise<Written> {
  const path = join(folder, 'rows.csv')
  const lines = [heads, ...rows].map((row) => `${row.join(',')}${lineEnd}`)
  writeFileSync(path, lines.join('').slice(0, -lineEnd.length))
  let place = 0
  const places = lines.map((line) => (place += Buffer.byteLength(line)) - Buffer.byteLength(line))
  return {
    source: await openMovements(systemDisk, { path, columns, currency: 'EUR' }),
    places: Float64Array.from(places.slice(1)),
  }
}

async function read({ source, places }: Written, kernel: RestKernel | undefined) {
  const { bytes, ...columns } = await readRest(source, places, {
    side: 'stripe:',
    currencies: new Currencies(),
    kernel,
  })
  return { ...columns, bytes: Buffer.from(bytes).toString('latin1') }
}

async function expectSame(rows: readonly (readonly string[])[], columns = usual, lineEnd = '\n'): Promise<void> {
  const written = await write(rows, columns, lineEnd)
  try {
    expect(await read(written, RestKernel.create())).toEqual(await read(written, undefined))
  } finally {
    await written.source.file.close()
  }
}

const text = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 99 }).map((at) => `ch_00000${at}`) },
  {
    weight: 6,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'Z', '1', '9', '_', '-', ' ', '.', '@', '`', '['),
      maxLength: 30,
    }),
  },
  { weight: 2, arbitrary: fc.nat({ max: 6 }).map((at) => `order AB-${at}2345 ab${at}2345 A${at}-1234567 12345_6`) },
  fc.constantFrom(
    '',
    '-',
    'Größe-10000x ab123456',
    'ß12345',
    '"ab,12345"',
    '"a""1234567"',
    'a"1234567',
    'x1'.repeat(200),
  ),
)
const row = fc
  .tuple(
    ...[text, text, text, text],
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((all) => String(all / 100)) },
      fc.constantFrom('-0', '21474836.48', '1'),
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 10, max: 28 }).map((day) => `2028-02-${day}`) },
      fc.constantFrom('2028-02-29', '2026-12-31T10:00'),
    ),
  )
  .map((fields) => [...fields])

describe('rows that names left, in WebAssembly', () => {
  it('are the columns that they are read the plain way', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(
      ...[fc.array(row, { maxLength: 40 }), fc.constantFrom(...layouts), fc.constantFrom('\n', '\r\n')],
      expectSame,
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('go on over the borders of pieces, and when there is no more room', async () => {
    const rowAt = (at: number, long: string): string[] => [`${at}`, `ab${at}`, long, `cd-${at}`, '1.25', '2026-10-07']
    await expectSame(Array.from({ length: 8_000 }, (_, at) => rowAt(at, 'x'.repeat(at % 90))))
    // More references than there is room for at once, and rows that never fit.
    const words = Array.from({ length: 700 }, (_, at) => `a${100_000 + ((at * 7_919) % 700)}`).join(' ')
    await expectSame(Array.from({ length: 40 }, (_, at) => rowAt(at, words)))
    await expectSame(['', 'x'.repeat(65_000), `${words} `.repeat(10), ''].map((long, at) => rowAt(at, long)))
  })

  it('are all taken where nothing is strange, and up to what is', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => [`${at}`, `name-${at}`, '', '', `${at}.25`, '2026-10-07'])
    for (const strange of ['é12345', '"quoted"']) {
      const { source, places } = await write(rows.with(300, ['1', strange, '', '', '1', '2026-10-07']), usual, '\n')
      const kernel = RestKernel.create()!
      const [piece] = kernel.pieces
      const length = await source.file.read(piece, places[0]!)
      await source.file.close()
      const columns = new RowColumns(500)
      const take = kernel.taker(source, Buffer.from('ours:'), new Currencies(), columns)!
      expect(take(piece.subarray(0, length), places)).toBe(300)
      expect([columns.count, columns.tokenCount]).toEqual([300, 290])
      // What lies behind the end is of an earlier piece.
      expect(take(piece.subarray(0, places[1]! - places[0]! - 1), places)).toBe(0)
    }
  })

  it('are read the plain way where the machine cannot run it, and where currencies stand in them', async () => {
    expect(RestKernel.create('AAAA')).toBeUndefined()
    const { source } = await write([], usual, '\n')
    await source.file.close()
    const kernel = RestKernel.create()!
    const taker = (from: OpenMovements, side = 'ours:') =>
      kernel.taker(from, Buffer.from(side), new Currencies(), new RowColumns(0))
    expect(taker(source)).toBeDefined()
    expect(taker({ ...source, currency: undefined })).toBeUndefined()
    expect(taker({ ...source, width: 201 })).toBeUndefined()
    expect(taker(source, 'x'.repeat(65))).toBeUndefined()
  })
})
