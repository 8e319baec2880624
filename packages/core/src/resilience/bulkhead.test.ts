import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drainMicrotasks } from '../testing/clock/drain-microtasks.ts'
import { bulkhead } from './bulkhead.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { policy } from './policy.ts'

describe('bulkhead', () => {
  it('runs its limit at once, lets its queue wait in order, and refuses the rest', async () => {
    const places = bulkhead({ limit: 2, queue: 2, name: 'sockets' })
    const limited = policy(places)
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const began: number[] = []
    const calls = gates.map(({ promise }, index) => limited(() => (began.push(index), promise)))
    await expect(limited(() => 1)).rejects.toMatchObject({
      code: 'CORE_BULKHEAD_FULL',
      retryable: true,
      details: { name: 'sockets', limit: 2, queue: 2 },
    })
    expect([began, places.running, places.waiting]).toEqual([[0, 1], 2, 2])
    gates[1]!.resolve()
    await calls[1]
    await drainMicrotasks()
    expect([began, places.running, places.waiting]).toEqual([[0, 1, 2], 2, 1])
    for (const { resolve } of gates) resolve()
    await Promise.all(calls)
    expect([began, places.running, places.waiting]).toEqual([[0, 1, 2, 3], 0, 0])
  })

  it('hands a place to who waits, not to who comes at that moment', async () => {
    const limited = policy(bulkhead({ limit: 1, queue: 9 }))
    const order: string[] = []
    const first = limited(async () => void order.push('first'))
    const second = limited(() => void order.push('second'))
    const third = first.then(() => limited(() => void order.push('newcomer')))
    await Promise.all([first, second, third])
    expect(order).toEqual(['first', 'second', 'newcomer'])
  })

  it('gives the place back when the work throws', async () => {
    const places = bulkhead({ limit: 1 })
    for (let call = 0; call < 3; call++)
      await expect(policy(places)(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
    expect(places.running).toBe(0)
  })

  it('is one for all policies it is part of', async () => {
    const places = bulkhead({ limit: 1 })
    const gate = Promise.withResolvers<void>()
    const first = policy(places)(() => gate.promise)
    await expect(policy(places)(() => 1)).rejects.toMatchObject({ code: 'CORE_BULKHEAD_FULL' })
    gate.resolve()
    await first
  })

  it('forgets who gives up in the queue, and leaves no listener', async () => {
    const places = bulkhead({ limit: 1, queue: 1 })
    const limited = policy(places)
    const gate = Promise.withResolvers<void>()
    const first = limited(() => gate.promise)
    const { signal, abort, counts } = countedSignal()
    const second = limited(() => 'second', { signal })
    abort('tired')
    await expect(second).rejects.toBe('tired')
    expect([places.waiting, counts.added - counts.removed]).toEqual([0, 0])
    const third = limited(() => 'third')
    gate.resolve()
    await first
    expect(await third).toBe('third')
  })

  it('never loses a place, nor runs more than its limit, whoever gives up when', async () => {
    const step = fc.record({
      kind: fc.constantFrom('call', 'end', 'fail', 'abort'),
      pick: fc.nat(1_000),
      wait: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(step, { maxLength: 60 }),
        async (limit, queue, steps) => {
          const places = bulkhead({ limit, queue })
          const limited = policy(places)
          const callers: { gate: PromiseWithResolvers<void>; abort: (reason: unknown) => void }[] = []
          const calls: Promise<unknown>[] = []
          let running = 0
          let most = 0
          for (const { kind, pick, wait } of steps) {
            const caller = callers[pick % Math.max(1, callers.length)]
            if (kind === 'call') {
              const gate = Promise.withResolvers<void>()
              const { signal, abort } = countedSignal()
              callers.push({ gate, abort })
              const work = async (): Promise<void> => {
                most = Math.max(most, ++running)
                await gate.promise.finally(() => running--)
              }
              calls.push(limited(work, { signal }).catch(() => {}))
            } else if (kind === 'end') caller?.gate.resolve()
            else if (kind === 'fail') caller?.gate.reject(new Error('failed'))
            else caller?.abort(new Error('gave up'))
            if (wait) await drainMicrotasks()
            expect(places.running).toBeLessThanOrEqual(limit)
            expect(places.waiting).toBeLessThanOrEqual(queue)
          }
          for (const { gate } of callers) gate.promise.catch(() => {})
          for (const { gate } of callers) gate.resolve()
          await Promise.all(calls)
          await drainMicrotasks()
          expect([places.running, places.waiting, running]).toEqual([0, 0, 0])
          expect(most).toBeLessThanOrEqual(limit)
          expect(await Promise.all(Array.from({ length: limit }, () => limited(async () => 1)))).toHaveLength(limit)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([{ limit: 0 }, { limit: 1.5 }, { limit: Number.NaN }, { limit: Infinity }])('refuses %o', (options) => {
    expect(() => bulkhead(options)).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })

  it.each([-1, 0.5, Number.NaN])('refuses a queue of %d, and takes an endless one', (queue) => {
    expect(() => bulkhead({ limit: 1, queue })).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
    expect(bulkhead({ limit: 1, queue: Infinity }).waiting).toBe(0)
  })
})
