import { describe, expect, it } from 'vitest'
import { settle } from '../testing/clock/settle.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { withDeadline } from './deadline.ts'
import { policy } from './policy.ts'
import { retryBudget } from './retry-budget.ts'
import { retry, type RetryEvent, type RetryOptions } from './retry.ts'
import { timeout } from './timeout.ts'

function setUp(options: RetryOptions = {}) {
  const clock = new SimulatedClock()
  const events: RetryEvent[] = []
  const layer = retry({
    clock,
    random: new SeededRandom(1),
    jitter: 'none',
    budget: false,
    onRetry: (event) => events.push(event),
    ...options,
  })
  return { clock, events, layer }
}

/** Fails with these errors, then answers with the number of the attempt. */
function failing(...errors: unknown[]) {
  const attempts: number[] = []
  const work = async ({ attempt }: { attempt: number }): Promise<number> => {
    attempts.push(attempt)
    if (attempts.length <= errors.length) throw errors[attempts.length - 1]
    return attempt
  }
  return { work, attempts }
}

const again = new Error('again')

describe('retry', () => {
  it('tries until it succeeds, with growing waits, and numbers the attempts', async () => {
    const { clock, events, layer } = setUp({ attempts: 4, initial: 100 })
    const { work, attempts } = failing(again, again, again)
    expect(await settle(clock, policy(layer)(work))).toBe(4)
    expect(attempts).toEqual([1, 2, 3, 4])
    expect(events).toEqual([
      { error: again, attempt: 1, wait: 100 },
      { error: again, attempt: 2, wait: 200 },
      { error: again, attempt: 3, wait: 400 },
    ])
    expect(clock.monotonic()).toBe(700)
  })

  it('throws the last error as it is', async () => {
    const { clock, layer } = setUp({ attempts: 2 })
    const last = new Error('last')
    const { work } = failing(again, last, again)
    await expect(settle(clock, policy(layer)(work))).rejects.toBe(last)
  })

  it('does not try again what will not pass', async () => {
    const { layer } = setUp()
    const { work, attempts } = failing(new TypeError('bug'))
    await expect(policy(layer)(work)).rejects.toThrow('bug')
    expect(attempts).toEqual([1])
  })

  it('asks the host’s own rule', async () => {
    const { clock, layer } = setUp({ attempts: 9, when: (error, attempt) => error === again && attempt < 3 })
    const { work, attempts } = failing(again, again, again, again)
    await expect(settle(clock, policy(layer)(work))).rejects.toBe(again)
    expect(attempts).toEqual([1, 2, 3])
  })

  it('waits as long as the server asks, not shorter', async () => {
    const { clock, events, layer } = setUp({ initial: 100 })
    const { work } = failing(new Response(null, { status: 503, headers: { 'retry-after': '5' } }))
    await settle(clock, policy(layer)(work))
    expect(events[0]!.wait).toBe(5_000)
  })

  it('keeps its own wait when the server asks for less', async () => {
    const { clock, events, layer } = setUp({ initial: 8_000 })
    const { work } = failing({ headers: { 'retry-after': '1' } })
    await settle(clock, policy(layer)(work))
    expect(events[0]!.wait).toBe(8_000)
  })

  it('reads dates against the wall clock', async () => {
    const { clock, events, layer } = setUp({ initial: 1 })
    const { work } = failing({ headers: { 'retry-after': new Date(clock.now() + 4_000).toUTCString() } })
    await settle(clock, policy(layer)(work))
    expect(events[0]!.wait).toBe(4_000)
  })

  it.each([11_000, Infinity])('gives up at once when it is asked to wait %d ms, longer than it may', async (ms) => {
    const { clock, layer } = setUp()
    const { work, attempts } = failing({ details: { retryAfterMs: ms } })
    await expect(policy(layer)(work)).rejects.toMatchObject({ details: { retryAfterMs: ms } })
    expect([attempts, clock.pending]).toEqual([[1], 0])
  })

  it('stops when the budget is used up, which two policies may share', async () => {
    const clock = new SimulatedClock()
    const budget = retryBudget({ ratio: 0, minimumPerSecond: 3, clock })
    const one = setUp({ attempts: 3, budget, clock }).layer
    const two = setUp({ attempts: 3, budget, clock, initial: 0 }).layer
    const first = failing(...Array<Error>(9).fill(again))
    const second = failing(...Array<Error>(9).fill(again))
    await expect(settle(clock, policy(two)(second.work))).rejects.toBe(again)
    await expect(settle(clock, policy(one)(first.work))).rejects.toBe(again)
    expect([second.attempts.length, first.attempts.length]).toEqual([3, 2])
  })

  it('adds at most a tenth of the load in an outage by default', async () => {
    const clock = new SimulatedClock()
    const outage = policy(setUp({ attempts: 5, budget: undefined, clock, initial: 0 }).layer)
    let attempts = 0
    for (let call = 0; call < 1_000; call++)
      await settle(
        clock,
        outage(() => {
          attempts++
          return Promise.reject(again)
        }).catch(() => {}),
      )
    // Ten of them are the reserve of rare calls.
    expect(attempts).toBeGreaterThan(1_050)
    expect(attempts).toBeLessThanOrEqual(1_111)
  })

  it('stops when the wait would pass the deadline', async () => {
    const { clock, layer } = setUp({ initial: 300 })
    const { work, attempts } = failing(again, again)
    const call = withDeadline(500, () => policy(layer)(work), { clock })
    await expect(settle(clock, call)).rejects.toBe(again)
    expect([attempts, clock.monotonic()]).toEqual([[1, 2], 300])
  })

  it('inside a timeout has one limit for all attempts', async () => {
    const { clock, layer } = setUp({ attempts: 99, initial: 400, factor: 1 })
    const { work, attempts } = failing(...Array<Error>(99).fill(again))
    const call = policy(timeout('1s', { clock }), layer)(work)
    const failed = expect(call).rejects.toMatchObject({ code: 'CORE_TIMEOUT' })
    await clock.advanceBy('1100ms')
    await failed
    await clock.advanceBy('1h')
    expect([attempts.length, clock.pending]).toEqual([3, 0])
  })

  it('around a timeout has one limit for each attempt', async () => {
    const { clock, events, layer } = setUp({ attempts: 3, initial: 0 })
    const call = policy(
      layer,
      timeout('1s', { clock }),
    )(({ attempt }) => (attempt < 3 ? new Promise(() => {}) : attempt))
    call.catch(() => {})
    await clock.advanceBy('3s')
    expect(await call).toBe(3)
    expect(events.map(({ error }) => error)).toMatchObject([{ code: 'CORE_TIMEOUT' }, { code: 'CORE_TIMEOUT' }])
  })

  it('gives each attempt a signal of its own: one that timed out does not abort the next', async () => {
    const { clock, layer } = setUp({ attempts: 2, initial: 0 })
    const signals: AbortSignal[] = []
    const call = policy(
      layer,
      timeout('1s', { clock }),
    )(({ attempt, signal }) => {
      signals.push(signal)
      return attempt === 1 ? new Promise<number>(() => {}) : attempt
    })
    await clock.advanceBy('2s')
    expect(await call).toBe(2)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses %d attempts', (attempts) => {
    expect(() => retry({ attempts })).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })
})
