import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CursorLedger } from './cursor-ledger.ts'

describe('the ledger of the cursor', () => {
  it('goes no further than the first message that is not done', () => {
    const ledger = new CursorLedger()
    const [first, second, third] = [1, 5, 9].map((seq) => ledger.enter(seq))
    ledger.settle([third!])
    expect(ledger.positionWith(new Set())).toBeUndefined()
    ledger.settle([first!])
    expect(ledger.positionWith(new Set())).toBe(1)
    expect(ledger.positionWith(new Set([second!]))).toBe(9)
    expect(ledger.size).toBe(2)
    ledger.settle([second!])
    expect([ledger.positionWith(new Set()), ledger.size]).toEqual([9, 0])
  })

  it('does not go back when a message is repeated', () => {
    const ledger = new CursorLedger()
    ledger.settle([ledger.enter(7), ledger.enter(3)])
    expect(ledger.positionWith(new Set())).toBe(7)
  })

  it('forgets everything', () => {
    const ledger = new CursorLedger()
    ledger.settle([ledger.enter(7)])
    ledger.enter(8)
    ledger.clear()
    expect([ledger.positionWith(new Set()), ledger.size]).toEqual([undefined, 0])
  })

  it('is the highest number of the unbroken row of done messages, whatever the order', () => {
    const plan = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(plan, fc.array(fc.nat(39)), (seqs, order) => {
        const ledger = new CursorLedger()
        const entries = seqs.map((seq) => ledger.enter(seq))
        const done = new Set<number>()
        for (const index of order) {
          const entry = entries[index]
          if (entry === undefined || done.has(index)) continue
          done.add(index)
          ledger.settle([entry])
          const broken = seqs.findIndex((_, at) => !done.has(at))
          const row = seqs.slice(0, broken < 0 ? seqs.length : broken)
          expect(ledger.positionWith(new Set())).toBe(row.length === 0 ? undefined : Math.max(...row))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('stays small over a long time', () => {
    const ledger = new CursorLedger()
    for (let seq = 0; seq < 10_000; seq++) ledger.settle([ledger.enter(seq)])
    expect([ledger.size, ledger.positionWith(new Set())]).toEqual([0, 9_999])
  })
})
