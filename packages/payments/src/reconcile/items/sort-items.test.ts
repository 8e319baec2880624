import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortItems } from './sort-items.ts'

describe('items', () => {
  it('are sorted as comparing their identifiers sorts them, equal ones in their order', () => {
    const letter = fc.constantFrom(
      '0',
      '1',
      '9',
      'a',
      'z',
      '\u0000',
      '\u00fd',
      '\u00fe',
      '\u00ff',
      'ő',
      '\ud83d',
      '\uffff',
    )
    const beginning = fc.constantFrom('', 'o', 'ours:', 'ours:ORD-0', 'stripe:txn_', 'bank:DE01:2026-10-')
    const id = fc.tuple(beginning, fc.string({ unit: letter, maxLength: 9 })).map((both) => both.join(''))
    // Few or many that begin alike: they are sorted in two ways.
    const few = fc.array(id, { maxLength: 60 })
    const many = fc.tuple(
      beginning,
      fc.array(fc.string({ unit: letter, maxLength: 8 }), { minLength: 40, maxLength: 90 }),
    )
    const alike = many.map(([start, ends]) => ends.map((end) => `aa${start}${end}`))
    fc.assert(
      fc.property(fc.oneof(few, alike), (ids) => {
        const items = ids.map((each, at) => ({ id: each, at }))
        const plain = items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.at - b.at))
        expect(sortItems(items)).toEqual(plain)
        expect(sortItems(plain)).toEqual(plain)
        expect(sortItems(plain)).not.toBe(plain)
      }),
      { numRuns: 500 },
    )
  })
})
