import { describe, expect, it } from 'vitest'
import type { LookupQuery } from './lookup.ts'
import { lookUpByList, onlyResult, type ListedLookups } from './lookup-by-list.ts'

const query = (key: string, operation: LookupQuery['operation'] = 'charge'): LookupQuery => ({
  operation,
  key,
  sentAt: new Date(0),
  amount: { amount: 1n, currency: 'EUR' },
})

/** A list of charges, and what was asked of it. */
function listing(listed: readonly string[], failAfter = Infinity) {
  const asked: string[][] = []
  let read = 0
  const lookups: ListedLookups<string> = {
    listed: ({ operation }) => operation === 'charge',
    async *find(queries) {
      asked.push(queries.map(({ key }) => key))
      for (const key of listed) {
        if (read === failAfter) throw new Error('the list ended')
        read++
        yield [key, `of ${key}`]
      }
    },
    async answer({ key, operation }, found) {
      if (key === 'refused') throw new Error('refused')
      return operation === 'refund' || found === undefined
        ? { found: false, conclusive: operation === 'refund' }
        : { found: true, operation: 'charge', outcome: found as never }
    },
  }
  return { lookups, asked, read: () => read }
}

const absent = { status: 'fulfilled', value: { found: false, conclusive: false } }
const found = (key: string) => ({
  status: 'fulfilled',
  value: { found: true, operation: 'charge', outcome: `of ${key}` },
})

describe('look-ups by one list', () => {
  it('answers all from one list, in the order of the questions, and reads no further than it must', async () => {
    const { lookups, asked, read } = listing(['x', 'b', 'a', 'y', 'z'])
    expect(await lookUpByList([query('a'), query('b')], lookups)).toEqual([found('a'), found('b')])
    expect(asked).toEqual([['a', 'b']])
    expect(read()).toBe(3)
  })

  it('reads the whole list for what is not in it', async () => {
    const { lookups, read } = listing(['x', 'a', 'y'])
    expect(await lookUpByList([query('none'), query('a')], lookups)).toEqual([absent, found('a')])
    expect(read()).toBe(3)
  })

  it('does not list for what is found otherwise', async () => {
    const { lookups, asked } = listing(['r'])
    const [result] = await lookUpByList([query('r', 'refund')], lookups)
    expect(result).toEqual({ status: 'fulfilled', value: { found: false, conclusive: true } })
    expect(asked).toEqual([])
  })

  it('gives the same answer to whoever asks for the same', async () => {
    const { lookups, asked } = listing(['a'])
    expect(await lookUpByList([query('a'), query('a')], lookups)).toEqual([found('a'), found('a')])
    expect(asked).toHaveLength(1)
  })

  it('says of a list that ended early nothing about what it had not reached, and keeps the rest', async () => {
    const { lookups } = listing(['a', 'b'], 1)
    const results = await lookUpByList([query('b'), query('a'), query('r', 'refund')], lookups)
    expect(results[0]).toMatchObject({ status: 'rejected', reason: { message: 'the list ended' } })
    expect(results[1]).toEqual(found('a'))
    expect(results[2]).toMatchObject({ status: 'fulfilled' })
  })

  it('lets one question fail without the others', async () => {
    const { lookups } = listing(['refused', 'a'])
    const results = await lookUpByList([query('refused'), query('a')], lookups)
    expect(results).toMatchObject([{ status: 'rejected', reason: { message: 'refused' } }, found('a')])
    expect(() => onlyResult(results)).toThrow('refused')
    expect(onlyResult(results.slice(1))).toMatchObject({ found: true })
  })
})
