import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bulkhead } from './bulkhead.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { guardLayer, type Guard } from './guard.ts'
import { policy } from './policy.ts'

function layer(guard: Partial<Guard>) {
  return guardLayer({ kind: 'test', name: 'test', settings: {} }, { enter: () => undefined, leave: () => {}, ...guard })
}

describe('a stack of guards', () => {
  it('lets the ones before a refusal leave with its error, and not the one that refused', async () => {
    const left: unknown[] = []
    const refusal = new Error('full')
    const call = policy(
      layer({ leave: (failed, error) => void left.push(['first', failed, error]) }),
      layer({
        enter: () => {
          throw refusal
        },
        leave: () => void left.push('second'),
      }),
      layer({ leave: () => void left.push('third') }),
    )(() => 1)
    await expect(call).rejects.toBe(refusal)
    expect(left).toEqual([['first', true, refusal]])
  })

  it('does the same when the refusal comes later', async () => {
    const left: string[] = []
    const call = policy(
      layer({ leave: () => void left.push('first') }),
      layer({ enter: () => Promise.reject(new Error('full')), leave: () => void left.push('second') }),
      layer({ leave: () => void left.push('third') }),
    )(() => 1)
    await expect(call).rejects.toThrow('full')
    expect(left).toEqual(['first'])
  })

  it('gives each guard back what it gave', async () => {
    const left: unknown[] = []
    const remembering = (value: unknown) =>
      layer({ enter: () => value, leave: (_, __, entered) => void left.push(entered) })
    await policy(remembering(1), remembering(Promise.resolve(2)), remembering(3))(() => 'x')
    expect(left).toEqual([3, 2, 1])
  })

  it.each([1, 2])('does not begin what was given up while %i guards made it wait', async (count) => {
    const gate = Promise.withResolvers<string>()
    const { signal, abort } = countedSignal()
    const left: unknown[] = []
    let began = false
    const waiting = layer({ enter: () => gate.promise, leave: (...parts) => void left.push(parts.slice(0, 3)) })
    const call = policy(...[waiting, layer({})].slice(0, count))(() => (began = true), { signal })
    abort('gone')
    await expect(call).rejects.toBe('gone')
    gate.resolve('place')
    await gate.promise
    await Promise.resolve()
    await Promise.resolve()
    expect([began, left]).toEqual([false, [[true, 'gone', 'place']]])
  })

  it('gives places back also when the host’s callback in another guard throws', async () => {
    const outer = bulkhead({ limit: 1 })
    const inner = bulkhead({ limit: 1 })
    const breaker = circuitBreaker({
      minimumCalls: 1,
      onChange: () => {
        throw new Error('in the callback')
      },
    })
    const call = policy(outer, breaker, inner)(() => Promise.reject(new Error('down')))
    await expect(call).rejects.toThrow('in the callback')
    expect([outer.running, inner.running, breaker.state]).toEqual([0, 0, 'open'])
  })

  it('lets no place go twice when leaving fails after a success', async () => {
    const outer = bulkhead({ limit: 2 })
    const failing = layer({
      leave: () => {
        throw new Error('while leaving')
      },
    })
    await expect(policy(outer, failing)(() => 1)).rejects.toThrow('while leaving')
    expect(outer.running).toBe(0)
  })
})

describe('a single guard', () => {
  it('gets back what it gave each call, in whatever order calls end, with and without a signal', async () => {
    const call = fc.record({ given: fc.integer({ min: 0, max: 2 }), fails: fc.boolean(), hasSignal: fc.boolean() })
    const order = fc.array(fc.tuple(call, fc.nat()), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(order, async (calls) => {
        const given = calls.map(([{ given: value }]) => value)
        const left: unknown[] = []
        const guarded = policy(
          layer({
            enter: () => given.shift(),
            leave: (failed, error, entered, { aborted, attempt }) =>
              void left.push([failed, error, entered, aborted, attempt]),
          }),
        )
        const begun = calls.map(([options]) => {
          const work = Promise.withResolvers<void>()
          const ended = guarded(() => work.promise, options.hasSignal ? { signal: countedSignal().signal } : undefined)
          return { ...options, work, ended: ended.catch(() => {}) }
        })
        const byRank = begun.map((each, index) => ({ ...each, rank: calls[index]![1] }))
        byRank.sort((one, other) => one.rank - other.rank)
        for (const { fails, work, ended } of byRank) {
          if (fails) work.reject('down')
          else work.resolve()
          await ended
        }
        expect(left).toEqual(
          byRank.map(({ fails, given: value }) => [fails, fails ? 'down' : undefined, value, false, 1]),
        )
      }),
    )
  })

  it('learns that a call was given up', async () => {
    const work = Promise.withResolvers<void>()
    const stop = new AbortController()
    const left: unknown[] = []
    const guarded = policy(layer({ leave: (_failed, _error, _entered, scope) => void left.push(scope.reason) }))
    const call = guarded(() => work.promise, { signal: stop.signal })
    stop.abort('enough')
    await expect(call).rejects.toBe('enough')
    work.resolve()
    await work.promise
    await Promise.resolve()
    expect(left).toEqual(['enough'])
  })
})
