import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabelTable, mostTableLabels } from './label-table.ts'

describe('LabelTable', () => {
  it.each(Array.from({ length: mostTableLabels }, (_, index) => index + 1))(
    'finds with %i labels what was added, and nothing else',
    (labels) => {
      const value = fc.integer({ min: 0, max: 40 }).map(String)
      const sets = fc.array(fc.array(value, { minLength: labels, maxLength: labels }), { maxLength: 100 })
      fc.assert(
        fc.property(sets, sets, (added, others) => {
          const table = new LabelTable<string>(labels)
          const oracle = new Set<string>()
          for (const values of added) {
            expect(table.add(values, values, values.join())).toBe(true)
            oracle.add(values.join())
          }
          for (const values of [...added, ...others]) {
            const [first, second, third] = values
            expect(table.find(first, second, third)).toBe(oracle.has(values.join()) ? values.join() : undefined)
          }
        }),
        { numRuns: 200 },
      )
    },
  )

  it('finds a number or a boolean as it was given, and as text', () => {
    const table = new LabelTable<string>(3)
    table.add(['GET', '200', 'true'], ['GET', 200, true], 'series')
    expect(table.find('GET', 200, true)).toBe('series')
    expect(table.find('GET', '200', 'true')).toBe('series')
    expect(table.find('GET', 201, true)).toBeUndefined()
  })

  it('takes a value that is missing for none that there is, whatever was found before', () => {
    const table = new LabelTable<string>(3)
    table.add(['GET', '/', '200'], [], 'series')
    const finds = () => [
      table.find('GET', '/', undefined),
      table.find('GET', undefined, '200'),
      table.find(undefined, '/', '200'),
    ]
    expect(finds()).toEqual([undefined, undefined, undefined])
    expect(table.find('GET', '/', '200')).toBe('series')
    expect(finds()).toEqual([undefined, undefined, undefined])
  })

  it('finds what it found before after it has grown', () => {
    const table = new LabelTable<number>(2)
    table.add(['a', 'x'], [], 0)
    table.add(['a', 'y'], [], 1)
    expect(table.find('a', 'y', undefined)).toBe(1)
    for (const [index, name] of ['b', 'c', 'd', 'e'].entries()) table.add([name, 'x'], [], index + 2)
    expect([table.find('a', 'y', undefined), table.find('b', 'y', undefined)]).toEqual([1, undefined])
  })

  it('says when it would be mostly empty', () => {
    const table = new LabelTable<number>(3)
    const addAll = (count: number): boolean =>
      Array.from({ length: count }, (_, id) => table.add([`a${id}`, `b${id}`, `c${id}`], [], id)).every(Boolean)
    expect(addAll(16)).toBe(true)
    expect(addAll(200)).toBe(false)
  })
})
