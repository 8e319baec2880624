import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Coordinates } from './coordinates.ts'
import { Fields } from './fields.ts'

const most = 1_800_000_000

/** Zigzag-folded differences as varints (protobuf `sint64`). */
function packed(values: readonly number[]): Uint8Array {
  const bytes: number[] = []
  let before = 0
  for (const value of values) {
    const difference = BigInt(value) - BigInt(before)
    before = value
    let folded = difference >= 0n ? difference * 2n : -difference * 2n - 1n
    for (; folded > 0x7fn; folded >>= 7n) bytes.push(Number(folded & 0x7fn) | 0x80)
    bytes.push(Number(folded))
  }
  return Uint8Array.from(bytes)
}

/** The bytes as field 9 of a message. */
function fieldOf(bytes: Uint8Array): Fields {
  const length = [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]
  const message = Uint8Array.from([0x4a, ...length, ...bytes])
  const fields = new Fields(message, 0).enter(0, message.length)
  fields.next()
  return fields
}

const coordinate = fc.oneof(
  fc.integer({ min: -most, max: most }),
  fc.integer({ min: -70, max: 70 }),
  fc.constantFrom(-most, most),
)

describe('coordinates of a block', () => {
  it('come out as they were written, list after list', () => {
    fc.assert(
      fc.property(fc.array(fc.array(coordinate, { maxLength: 20 }), { maxLength: 4 }), (lists) => {
        const coordinates = new Coordinates(most)
        coordinates.begin({ granularity: 100, offset: 0 })
        const fields = fieldOf(new Uint8Array(0))
        for (const list of lists) coordinates.append(fieldOf(packed(list)), coordinates.length)
        expect([...coordinates.take(fields)]).toEqual(lists.flat())
      }),
      { numRuns: 200 },
    )
  })

  it('are the same in other units, rounded to the nearest', () => {
    fc.assert(
      fc.property(fc.array(coordinate, { maxLength: 20 }), fc.integer({ min: -1000, max: 1000 }), (list, offset) => {
        const coordinates = new Coordinates(most + 100)
        coordinates.begin({ granularity: 10, offset })
        const field = fieldOf(packed(list.map((value) => value * 10)))
        coordinates.append(field, 0)
        expect([...coordinates.take(field)]).toEqual(list.map((value) => Math.round((value * 100 + offset) / 100) + 0))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['plain', { granularity: 100, offset: 0 }],
    ['in other units', { granularity: 50, offset: 0 }],
  ])('beyond the globe are refused, %s', (_, units) => {
    for (const value of [most + 1, -most - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 45]) {
      const coordinates = new Coordinates(most)
      coordinates.begin(units)
      const field = fieldOf(packed([17, (value * 100) / units.granularity]))
      expect(() => {
        coordinates.append(field, 0)
        coordinates.take(field)
      }).toThrow(expect.objectContaining({ code: 'GEO_OSM_INVALID' }))
    }
  })

  it('of a bad block do not show up in the next', () => {
    const coordinates = new Coordinates(most)
    coordinates.begin({ granularity: 100, offset: 0 })
    expect(() => coordinates.append(fieldOf(packed([1, 2, 2 ** 40])), 0)).toThrow()
    coordinates.begin({ granularity: 100, offset: 0 })
    const field = fieldOf(packed([3]))
    coordinates.append(field, 0)
    expect([...coordinates.take(field)]).toEqual([3])
  })
})
