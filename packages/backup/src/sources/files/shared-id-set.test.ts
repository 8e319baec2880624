import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedIdSet } from './shared-id-set.ts'

const id = (seed: number) =>
  Buffer.from(Uint32Array.from({ length: 8 }, (_, at) => Math.imul(seed + at, 0x9e3779b1)).buffer).toString('hex')

describe('SharedIdSet', () => {
  it('answers as a set does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 }), (seeds) => {
        const set = SharedIdSet.withRoom(100)
        const model = new Set<string>()
        for (const seed of seeds) {
          expect(set.add(id(seed))).toBe(!model.has(id(seed)))
          model.add(id(seed))
        }
        expect(set.size).toBe(model.size)
      }),
    )
  })

  it('keeps ids apart that share their first bits', () => {
    const set = SharedIdSet.withRoom(10)
    const [one, other] = [`${'ab'.repeat(15)}00${'00'.repeat(16)}`, `${'ab'.repeat(15)}01${'00'.repeat(16)}`]
    expect([set.add(one), set.add(other), set.add(one), set.add(other)]).toEqual([true, true, false, false])
  })

  it('is one set for all who look at its memory', () => {
    const set = SharedIdSet.withRoom(10)
    const view = new SharedIdSet(set.memory)
    expect(view.add(id(1))).toBe(true)
    expect(set.add(id(1))).toBe(false)
    expect(set.size).toBe(1)
  })

  it('says "new" when it is full, so that nothing is left out', () => {
    const set = SharedIdSet.withRoom(0)
    for (let seed = 0; seed < 5_000; seed++) set.add(id(seed))
    expect(set.size).toBeLessThanOrEqual(1_024)
    expect(set.add(id(4_999))).toBe(true)
    expect(set.add(id(3))).toBe(false)
  })

  it('goes on in a second table when the first is full, for all who look at its memory', () => {
    const set = SharedIdSet.withRoom(120_000)
    const view = new SharedIdSet(set.memory)
    for (let seed = 0; seed < 120_000; seed++) expect((seed % 2 === 0 ? set : view).add(id(seed))).toBe(true)
    expect(view.size).toBe(120_000)
    for (const seed of [0, 1, 104_856, 104_857, 104_858, 119_999]) {
      expect(set.add(id(seed))).toBe(false)
      expect(view.add(id(seed))).toBe(false)
    }
  })
})
