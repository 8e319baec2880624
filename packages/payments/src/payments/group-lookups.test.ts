import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import type { PaymentGateway } from '../gateway/gateway.ts'
import type { LookupQuery, LookupResult } from '../gateway/lookup.ts'
import { groupLookups } from './group-lookups.ts'

const query = (key: string, more: Partial<LookupQuery> = {}): LookupQuery => ({
  operation: 'charge',
  key,
  sentAt: new Date(0),
  amount: { amount: 1n, currency: 'EUR' },
  ...more,
})

const absent = (conclusive: boolean): LookupResult => ({ found: false, conclusive })

/** A gateway that answers when told to, and what it was asked. */
function waiting(more: Partial<PaymentGateway> = {}) {
  const asked: string[][] = []
  const open: (() => void)[] = []
  const turn = (queries: readonly LookupQuery[]): Promise<void> => {
    asked.push(queries.map(({ key }) => key))
    return new Promise((resolve) => open.push(resolve))
  }
  const gateway = {
    async lookup(one: LookupQuery) {
      await turn([one])
      if (one.key === 'bad') throw new Error('refused')
      return absent(true)
    },
    async lookupAll(queries: readonly LookupQuery[]) {
      await turn(queries)
      return queries.map(({ key }) =>
        key === 'bad'
          ? { status: 'rejected', reason: new Error('refused') }
          : { status: 'fulfilled', value: absent(true) },
      )
    },
    ...more,
  } as unknown as PaymentGateway
  /** Lets the question under way be answered, once it has been asked. */
  const answer = async (): Promise<void> => {
    while (open.length === 0) await Promise.resolve()
    open.shift()!()
  }
  return { lookup: groupLookups(() => gateway), asked, answer, open }
}

describe('look-ups of one gateway', () => {
  it('that come while it answers are asked together, each with its own answer', async () => {
    const { lookup, asked, answer } = waiting()
    const first = lookup('stripe', query('a'))
    while (asked.length === 0) await Promise.resolve()
    const others = Promise.allSettled(['b', 'bad', 'c'].map((key) => lookup('stripe', query(key))))
    await answer()
    expect(await first).toEqual(absent(true))
    await answer()
    expect((await others).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(asked).toEqual([['a'], ['b', 'bad', 'c']])
  })

  it('that one question fails is told to who asked it alone', async () => {
    const { lookup, answer } = waiting()
    const refused = lookup('stripe', query('bad'))
    refused.catch(() => {})
    await answer()
    await expect(refused).rejects.toThrow('refused')
    const next = lookup('stripe', query('a'))
    await answer()
    expect(await next).toEqual(absent(true))
  })

  it('whoever gives up waits no longer, and the others get their answers', async () => {
    const { lookup, answer } = waiting()
    const stop = new AbortController()
    const given = lookup('stripe', query('a', { signal: stop.signal }))
    const kept = lookup('stripe', query('b'))
    stop.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await answer()
    expect(await kept).toEqual(absent(true))
  })

  it('no more than a hundred go together', async () => {
    const { lookup, asked, answer } = waiting()
    const all = Array.from({ length: 150 }, (_, index) => lookup('stripe', query(`k${index}`)))
    await answer()
    await answer()
    await Promise.all(all)
    expect(asked.map(({ length }) => length)).toEqual([100, 50])
  })

  it('go one by one to a gateway that cannot be asked otherwise, and do not wait for each other', async () => {
    const { lookup, asked, answer } = waiting({ lookupAll: undefined as never })
    const both = Promise.all([lookup('other', query('a')), lookup('other', query('b'))])
    expect(asked).toEqual([['a'], ['b']])
    await answer()
    await answer()
    await both
  })

  it('do not run under what belongs to one of those who asked', async () => {
    const deadline = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const gateway = {
      lookup: async () => absent(true),
      lookupAll: async (queries: readonly LookupQuery[]) => {
        seen.push(deadline.getStore())
        return queries.map(() => ({ status: 'fulfilled', value: absent(false) }))
      },
    } as unknown as PaymentGateway
    const lookup = groupLookups(() => gateway)
    await deadline.run('of the first', () => Promise.all([lookup('x', query('a')), lookup('x', query('b'))]))
    expect(seen).toEqual([undefined])
  })
})
