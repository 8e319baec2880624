import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainFinder } from '../query/match-column.ts'
import { plainOffsets } from './block-reader.ts'
import { TextKernel } from './text-kernel.ts'

const kernel = TextKernel.create()!

/** Every place from the first on. */
function placesOf(find: (from: number) => number): number[] {
  const places = []
  for (let at = find(0); at >= 0; at = find(at + 1)) places.push(at)
  return places
}

const letters = fc.constantFrom('a', 'A', 'b', 'k', 'K', '@', '`', '[', '{', 'é', 'É', '\u017f', '\u212a', ' ')
const value = fc.array(letters, { maxLength: 40, size: 'max' }).map((all) => all.join(''))

describe('the kernel for texts', () => {
  it('finds what is looked for where Node finds it', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 30 }),
        fc.array(letters, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        fc.nat(20),
        (values, sought, foldsCase, cut) => {
          const text = Buffer.from(values.map((each) => `${each}\n`).join(''))
          // Nothing is found that goes on behind the end.
          const shown = text.subarray(0, Math.max(0, text.length - cut))
          const bytes = Buffer.from(
            foldsCase ? sought.join('').replace(/[A-Z]/g, (each) => each.toLowerCase()) : sought.join(''),
          )
          const find = kernel.finder(shown, bytes, foldsCase)!
          expect(placesOf(find)).toEqual(placesOf(plainFinder(shown, bytes, foldsCase)))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('finds long texts, and one that fills all', () => {
    const text = Buffer.from(Array.from({ length: 2_000 }, (_, index) => `line ${index} of many\n`).join(''))
    for (const sought of [text, text.subarray(17, 4_000), text.subarray(-4_096), Buffer.from('\n')]) {
      const find = kernel.finder(text, sought.subarray(0, 4_096), false)!
      expect(placesOf(find)).toEqual(placesOf(plainFinder(text, sought.subarray(0, 4_096), false)))
    }
  })

  it('says where values end as looking for newlines does', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60, size: 'max' }), (values) => {
        const text = Buffer.from(values.map((each) => `${each}\n`).join(''))
        expect(kernel.offsets(text, values.length)).toEqual(plainOffsets(text, values.length))
        const reason = `it holds ${values.length} values instead of ${values.length + 1}`
        expect(() => kernel.offsets(text, values.length + 1)).toThrow(reason)
        expect(() => plainOffsets(text, values.length + 1)).toThrow(reason)
      }),
    )
  })

  it('tells one column from the next', () => {
    const [first, second] = [Buffer.from('a\nb\n'), Buffer.from('b\na\n')]
    expect(kernel.finder(first, Buffer.from('b'), false)!(0)).toBe(2)
    expect(kernel.finder(second, Buffer.from('b'), false)!(0)).toBe(0)
    expect(kernel.finder(first, Buffer.from('b'), false)!(0)).toBe(2)
  })

  it('leaves to others what it has no room for', () => {
    expect(kernel.offsets(Buffer.alloc(2 ** 20, '\n'), 1)).toBeUndefined()
    expect(kernel.offsets(Buffer.alloc(65_537, '\n'), 65_537)).toBeUndefined()
    expect(kernel.offsets(Buffer.alloc(65_536, '\n'), 65_536)).toHaveLength(65_537)
    expect(kernel.finder(Buffer.from('a'), Buffer.alloc(4_097, 'a'), false)).toBeUndefined()
    const full = Buffer.alloc(2 ** 20 - 16, 'a')
    full.write('b', full.length - 1)
    expect(kernel.finder(full, Buffer.from('b'), false)!(0)).toBe(full.length - 1)
  })

  it('does without where the machine cannot run it', () => {
    expect(TextKernel.create('AGFzbQIAAAA=')).toBeUndefined()
  })
})
