import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { bulkhead } from './bulkhead.ts'
import { circuitBreaker, type CircuitBreakerOptions, type CircuitEvent } from './circuit-breaker.ts'
import { countedSignal } from '../../test/resilience/counted-signal.ts'
import { policy } from './policy.ts'
import { retry } from './retry.ts'
import { timeout } from './timeout.ts'

const down = new Error('down')

function setUp(options: CircuitBreakerOptions = {}) {
  const clock = new SimulatedClock()
  const events: CircuitEvent[] = []
  const breaker = circuitBreaker({
    clock,
    minimumCalls: 4,
    window: '10s',
    openFor: '30s',
    onChange: (event) => events.push(event),
    ...options,
  })
  const guarded = policy(breaker)
  const ends = {
    succeed: () => guarded(async () => 'fine'),
    fail: () => guarded(() => Promise.reject(down)).catch((error: unknown) => error),
  }
  return { clock, events, breaker, guarded, ...ends }
}

describe('circuitBreaker', () => {
  it('opens at its rate, refuses while open, tries once, and closes', async () => {
    const { clock, events, breaker, guarded, succeed, fail } = setUp({ name: 'mail' })
    await succeed()
    await succeed()
    await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
    let called = false
    const refused = guarded(() => (called = true))
    await expect(refused).rejects.toMatchObject({
      code: 'CORE_CIRCUIT_OPEN',
      retryable: true,
      details: { name: 'mail', retryAfterMs: 30_000 },
    })
    expect(called).toBe(false)
    await clock.advanceBy('29999ms')
    expect(breaker.state).toBe('open')
    await clock.advanceBy(1)
    expect(breaker.state).toBe('half-open')
    await succeed()
    expect(breaker.state).toBe('closed')
    expect(events).toEqual([
      { name: 'mail', from: 'closed', to: 'open' },
      { name: 'mail', from: 'open', to: 'half-open' },
      { name: 'mail', from: 'half-open', to: 'closed' },
    ])
  })

  it('needs a minimum of calls', async () => {
    const { breaker, fail } = setUp({ minimumCalls: 10 })
    for (let call = 0; call < 9; call++) await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
  })

  it('forgets what is older than its window', async () => {
    const { clock, breaker, fail } = setUp()
    for (let call = 0; call < 3; call++) await fail()
    await clock.advanceBy('10s')
    for (let call = 0; call < 3; call++) await fail()
    expect(breaker.state).toBe('closed')
    await fail()
    expect(breaker.state).toBe('open')
  })

  it('opens again when the trial call fails', async () => {
    const { clock, breaker, fail } = setUp()
    for (let call = 0; call < 4; call++) await fail()
    await clock.advanceBy('30s')
    expect(await fail()).toBe(down)
    expect(breaker.state).toBe('open')
    expect(await fail()).toMatchObject({ code: 'CORE_CIRCUIT_OPEN' })
  })

  it('lets just as many trial calls through as it says, however many come at once', async () => {
    const { clock, breaker, guarded, fail } = setUp({ trialCalls: 3 })
    for (let call = 0; call < 4; call++) await fail()
    await clock.advanceBy('30s')
    const gate = Promise.withResolvers<string>()
    const calls = Array.from({ length: 10 }, () => guarded(() => gate.promise).catch((error: unknown) => error))
    gate.resolve('answer')
    const answers = await Promise.all(calls)
    expect(answers.filter((answer) => answer === 'answer')).toHaveLength(3)
    expect(answers.filter((answer) => answer !== 'answer')).toHaveLength(7)
    expect(breaker.state).toBe('closed')
  })

  it('is not decided by calls that began before the last change', async () => {
    const { clock, breaker, guarded, fail } = setUp()
    const early = Promise.withResolvers<void>()
    const late = guarded(() => early.promise)
    for (let call = 0; call < 4; call++) await fail()
    await clock.advanceBy('30s')
    const trial = Promise.withResolvers<void>()
    const trying = guarded(() => trial.promise)
    early.resolve()
    await late
    expect(breaker.state).toBe('half-open')
    trial.resolve()
    await trying
    expect(breaker.state).toBe('closed')
  })

  it('tries anew when a trial call does not end', async () => {
    const { clock, breaker, guarded, succeed, fail } = setUp()
    for (let call = 0; call < 4; call++) await fail()
    await clock.advanceBy('30s')
    const stuck = Promise.withResolvers<void>()
    const hanging = guarded(() => stuck.promise)
    expect(await fail()).toMatchObject({ code: 'CORE_CIRCUIT_OPEN' })
    await clock.advanceBy('30s')
    await succeed()
    expect(breaker.state).toBe('closed')
    stuck.reject(down)
    await expect(hanging).rejects.toBe(down)
    expect(breaker.state).toBe('closed')
  })

  it('gives a trial back when its caller gave up', async () => {
    const { clock, breaker, guarded, succeed, fail } = setUp()
    for (let call = 0; call < 4; call++) await fail()
    await clock.advanceBy('30s')
    const { signal, abort } = countedSignal()
    const trial = guarded(({ signal: inner }) => rejectOnAbort(inner), { signal })
    abort(new Error('left'))
    await expect(trial).rejects.toThrow('left')
    await clock.advanceBy(0)
    await succeed()
    expect(breaker.state).toBe('closed')
  })

  it('counts what its owner calls a failure', async () => {
    const { breaker, guarded } = setUp({ isFailure: (error) => error === down })
    for (let call = 0; call < 20; call++) await guarded(() => Promise.reject(new Error('bad input'))).catch(() => {})
    expect(breaker.state).toBe('closed')
  })

  it('does not count callers that gave up', async () => {
    const { breaker, guarded } = setUp({ minimumCalls: 1 })
    for (let call = 0; call < 5; call++) {
      const { signal, abort } = countedSignal()
      const given = guarded(({ signal: inner }) => rejectOnAbort(inner), { signal })
      abort(new Error('left'))
      await given.catch(() => {})
    }
    expect(breaker.state).toBe('closed')
  })

  it('does not count calls that a layer further in refused', async () => {
    const { breaker } = setUp({ minimumCalls: 1 })
    const full = bulkhead({ limit: 1 })
    const gate = Promise.withResolvers<void>()
    const guarded = policy(breaker, full)
    const holding = guarded(() => gate.promise)
    for (let call = 0; call < 5; call++)
      await expect(guarded(() => 1)).rejects.toMatchObject({ code: 'CORE_BULKHEAD_FULL' })
    gate.resolve()
    await holding
    expect(breaker.state).toBe('closed')
  })

  it.each(['outside', 'inside'])('counts calls that a timeout %s of it ended', async (place) => {
    const { clock, breaker } = setUp({ minimumCalls: 2 })
    const limit = timeout('1s', { clock })
    const guarded = place === 'outside' ? policy(limit, breaker) : policy(breaker, limit)
    const calls = [1, 2].map(() => guarded(({ signal }) => rejectOnAbort(signal)).catch(() => {}))
    await clock.advanceBy('2s')
    await Promise.all(calls)
    expect(breaker.state).toBe('open')
  })

  it('counts a late answer as failed when nobody waits for it any more', async () => {
    const { clock, breaker } = setUp({ minimumCalls: 1 })
    const gate = Promise.withResolvers<void>()
    const call = policy(timeout('1s', { clock }), breaker)(() => gate.promise)
    const failed = expect(call).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    await clock.advanceBy('2s')
    await failed
    gate.resolve()
    await clock.advanceBy(0)
    expect(breaker.state).toBe('open')
  })

  it('lets a retry around it fail at once instead of waiting for it', async () => {
    const { clock, breaker, fail } = setUp()
    for (let call = 0; call < 4; call++) await fail()
    const call = policy(retry({ clock }), breaker)(() => 1)
    await expect(call).rejects.toMatchObject({ code: 'CORE_CIRCUIT_OPEN' })
    expect(clock.monotonic()).toBe(0)
  })

  it('stays open by hand until it is closed by hand', async () => {
    const { clock, breaker, succeed } = setUp()
    breaker.open()
    await clock.advanceBy('100d')
    expect(breaker.state).toBe('open')
    const error = await succeed().catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({ code: 'CORE_CIRCUIT_OPEN' })
    expect((error as { details: object }).details).not.toHaveProperty('retryAfterMs')
    breaker.close()
    expect(await succeed()).toBe('fine')
  })

  it('rests: an idle breaker has no timer', async () => {
    const { clock, succeed } = setUp()
    await succeed()
    expect(clock.pending).toBe(1)
    await clock.advanceBy('20s')
    expect(clock.pending).toBe(0)
  })

  it.each([
    { failureRate: 0 },
    { failureRate: 1.1 },
    { failureRate: Number.NaN },
    { minimumCalls: 0 },
    { minimumCalls: Number.NaN },
    { trialCalls: 0 },
    { trialCalls: 1.5 },
    { window: 0 },
  ])('refuses %o', (options) => {
    expect(() => circuitBreaker(options)).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })

  it.each([{ openFor: -1 }, { window: Number.NaN }])('refuses %o, which is no duration', (options) => {
    expect(() => circuitBreaker(options)).toThrow(expect.objectContaining({ code: 'CORE_DURATION_INVALID' }))
  })
})

/** What it should do, without clever counting. Times are whole seconds, or none at all, so that both see one window. */
class Model {
  state: 'closed' | 'open' | 'half-open' = 'closed'
  calls: { at: number; failed: boolean }[] = []
  openUntil = 0
  successes = 0

  at(now: number): string {
    return this.state === 'open' && now >= this.openUntil ? 'half-open' : this.state
  }

  call(now: number, failed: boolean): boolean {
    if (this.at(now) === 'open') return false
    if (this.at(now) === 'half-open') this.trial(now, failed)
    else {
      this.calls = [...this.calls.filter(({ at }) => now - at < 10_000), { at: now, failed }]
      const failures = this.calls.filter((call) => call.failed).length
      if (failed && this.calls.length >= 4 && failures >= this.calls.length / 2) this.trip(now)
    }
    return true
  }

  private trial(now: number, failed: boolean): void {
    if (this.state === 'open') this.successes = 0
    this.state = 'half-open'
    if (failed) this.trip(now)
    else if (++this.successes === 2) {
      this.state = 'closed'
      this.calls = []
    }
  }

  private trip(now: number): void {
    this.state = 'open'
    this.openUntil = now + 30_000
    this.calls = []
  }
}

describe('circuitBreaker beside a simple model', () => {
  it('is in the same state and lets the same calls through, after any calls at any times', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('succeed', 'fail', 'fail') },
      { weight: 1, arbitrary: fc.constantFrom(1, 10_000, 29_999, 30_000) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { clock, breaker, succeed, fail } = setUp({ trialCalls: 2 })
        const model = new Model()
        for (const one of steps) {
          if (typeof one === 'number') await clock.advanceBy(one)
          else {
            const allowed = model.call(clock.monotonic(), one === 'fail')
            const result = await (one === 'fail' ? fail() : succeed().catch((error: unknown) => error))
            expect(result === down || result === 'fine').toBe(allowed)
          }
          expect(breaker.state).toBe(model.at(clock.monotonic()))
        }
      }),
      { numRuns: 200 },
    )
  })
})

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}
