import { getEventListeners } from 'node:events'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { bulkhead } from './bulkhead.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { fallback } from './fallback.ts'
import { guardLayer } from './guard.ts'
import { hedge } from './hedge.ts'
import { policy, type PolicyLayer } from './policy.ts'
import { rateLimit } from './rate-limit.ts'
import { retry } from './retry.ts'
import { timeout } from './timeout.ts'

function tracing(name: string, trace: string[]): PolicyLayer {
  return {
    kind: 'tracing',
    name,
    settings: {},
    wrap: (next) => async (scope) => {
      trace.push(`> ${name}`)
      try {
        return await next(scope)
      } finally {
        trace.push(`< ${name}`)
      }
    },
  }
}

function tracingGuard(name: string, trace: string[], wait?: Promise<void>): PolicyLayer {
  return guardLayer(
    { kind: 'tracing', name, settings: {} },
    {
      enter: () => {
        trace.push(`> ${name}`)
        return wait
      },
      leave: (failed) => void trace.push(`< ${name}${failed ? ' failed' : ''}`),
    },
  )
}

describe('policy', () => {
  it('puts the first layer outermost, guards and wrappers alike', async () => {
    const trace: string[] = []
    const layers = [
      tracingGuard('a', trace),
      tracingGuard('b', trace, Promise.resolve()),
      tracing('c', trace),
      tracingGuard('d', trace),
      tracing('e', trace),
    ]
    await policy(...layers)(() => trace.push('work'))
    expect(trace).toEqual(['> a', '> b', '> c', '> d', '> e', 'work', '< e', '< d', '< c', '< b', '< a'])
  })

  it('without layers only calls', async () => {
    await expect(policy()(async () => 5)).resolves.toBe(5)
  })

  it('turns what the work throws at once into a rejection', async () => {
    const error = new TypeError('at once')
    const call = policy(bulkhead({ limit: 1 }))(() => {
      throw error
    })
    await expect(call).rejects.toBe(error)
  })

  it('awaits work of every kind: plain values, promises, thenables of another kind, promises of a class of their own', async () => {
    class OwnPromise<Value> extends Promise<Value> {}
    // oxlint-disable-next-line unicorn/no-thenable -- query builders are such objects
    const thenable = { then: (resolve: (value: string) => void) => void setTimeout(resolve, 1, 'lazy') }
    const limited = policy(bulkhead({ limit: 1 }), retry(), timeout('5s'))
    expect(await limited(() => 1)).toBe(1)
    expect(await limited(() => undefined)).toBeUndefined()
    expect(await limited(async () => 2)).toBe(2)
    expect(await limited(() => OwnPromise.resolve(3))).toBe(3)
    expect(await limited(() => thenable as unknown as Promise<string>)).toBe('lazy')
  })

  it('holds the place of a bulkhead until a foreign thenable is done, and sees its rejection', async () => {
    const { promise, reject } = Promise.withResolvers<string>()
    // oxlint-disable-next-line unicorn/no-thenable -- query builders are such objects
    const thenable = { then: promise.then.bind(promise) }
    const places = bulkhead({ limit: 1 })
    const call = policy(places)(() => thenable as unknown as Promise<string>)
    await Promise.resolve()
    expect(places.running).toBe(1)
    reject(new Error('late'))
    await expect(call).rejects.toThrow('late')
    expect(places.running).toBe(0)
  })

  it('says what it is made of', () => {
    const described = policy(
      fallback(() => 'x'),
      retry({ attempts: 4 }),
      timeout('2s'),
      circuitBreaker({ name: 'mail' }),
      bulkhead({ limit: 20, name: 'sockets' }),
      hedge({ delay: 5 }),
      rateLimit({ limit: 5, per: '1s', name: 'calls' }),
    ).describe()
    expect(described.map(({ kind, name }) => [kind, name])).toEqual([
      ['fallback', 'fallback'],
      ['retry', 'retry'],
      ['timeout', 'timeout'],
      ['circuitBreaker', 'mail'],
      ['bulkhead', 'sockets'],
      ['hedge', 'hedge'],
      ['rateLimit', 'calls'],
    ])
    expect(described.map(({ settings }) => settings)).toEqual([
      {},
      { attempts: 4, longestRetryAfter: 10_000 },
      { limit: 2_000 },
      { failureRate: 0.5, minimumCalls: 10, window: 10_000, openFor: 30_000, trialCalls: 1 },
      { limit: 20, queue: 0 },
      { delay: 5, attempts: 2 },
      { limit: 5, per: 1_000, burst: 5 },
    ])
  })

  it('is typed by the work and by what a fallback may return', async () => {
    const strict = policy(retry(), timeout('1s'))
    const lenient = policy(
      retry(),
      fallback(() => 0),
    )
    expectTypeOf(await strict(async () => 'text')).toEqualTypeOf<string>()
    expectTypeOf(await lenient(async () => 'text')).toEqualTypeOf<string | number>()
  })
})

describe('the signal of the caller', () => {
  it('ends the call at once, also when the work ignores it; the place is kept until the work ends', async () => {
    const places = bulkhead({ limit: 1 })
    const { signal, abort } = countedSignal()
    const work = Promise.withResolvers<void>()
    const call = policy(places)(() => work.promise, { signal })
    const reason = new Error('gave up')
    abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(places.running).toBe(1)
    work.resolve()
    await work.promise
    await Promise.resolve()
    expect(places.running).toBe(0)
  })

  it('reaches the work through every layer, with its reason', async () => {
    const clock = new SimulatedClock()
    const { signal, abort } = countedSignal()
    const seen = Promise.withResolvers<unknown>()
    const call = everything(clock)(
      ({ signal: inner }) =>
        new Promise((_, reject) => {
          inner.addEventListener('abort', () => {
            seen.resolve(inner.reason)
            reject(inner.reason as Error)
          })
        }),
      { signal },
    )
    call.catch(() => {})
    await clock.advanceBy(0)
    abort('enough')
    await expect(call).rejects.toBe('enough')
    expect(await seen.promise).toBe('enough')
  })

  it('ends a wait between attempts, and no further attempt follows', async () => {
    const clock = new SimulatedClock()
    const { signal, abort } = countedSignal()
    let attempts = 0
    const call = policy(retry({ initial: '1h', jitter: 'none', maximum: '1h', clock }))(
      () => {
        attempts++
        throw new Error('again')
      },
      { signal },
    )
    call.catch(() => {})
    await clock.advanceBy('1m')
    abort(new Error('stop'))
    await expect(call).rejects.toThrow('stop')
    await clock.advanceBy('5h')
    expect([attempts, clock.pending]).toEqual([1, 0])
  })

  it('that is aborted already lets nothing begin', async () => {
    let called = false
    const call = policy(retry())(() => (called = true), { signal: AbortSignal.abort('no') })
    await expect(call).rejects.toBe('no')
    expect(called).toBe(false)
  })

  const outcomes = {
    success: () => 'done',
    failure: () => Promise.reject(new TypeError('broken')),
    listening: ({ signal }: { signal: AbortSignal }) => (signal.aborted ? 'late' : 'early'),
  }

  it.each(Object.entries(outcomes))('gets back every listener, over 10,000 calls that end in %s', async (_, work) => {
    const clock = new SimulatedClock()
    const { signal, counts } = countedSignal()
    const run = everything(clock)
    for (let call = 0; call < 10_000; call++) await run(work, { signal }).catch(() => {})
    expect(counts.added).toBe(10_000)
    expect(counts.removed).toBe(counts.added)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(clock.pending).toBeLessThanOrEqual(3)
  })

  it('has no listener left after an abort', async () => {
    const { signal, abort, counts } = countedSignal()
    const call = policy(timeout('1s'))(() => new Promise(() => {}), { signal })
    abort('x')
    await expect(call).rejects.toBe('x')
    expect(counts).toEqual({ added: 1, removed: 1 })
  })
})

function everything(clock: SimulatedClock) {
  const random = new SeededRandom(1)
  return policy(
    retry({ attempts: 3, clock, random, budget: false }),
    timeout('2s', { clock }),
    circuitBreaker({ clock, minimumCalls: 1e9 }),
    bulkhead({ limit: 20, queue: 5 }),
    rateLimit({ limit: 1e6, per: '1s', burst: 1e6, clock }),
    hedge({ delay: '1s', clock }),
  )
}
