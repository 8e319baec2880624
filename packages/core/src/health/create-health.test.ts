import { describe, expect, it } from 'vitest'
import { createLifecycle } from '../lifecycle/index.ts'
import type { Logger } from '../logger/logger.ts'
import { silentLogger } from '../logger/logger.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createHealth, type HealthOptions } from './create-health.ts'
import type { HealthCheck } from './health-check.ts'
import { overallStatus } from './health-report.ts'

function setUp(checks: Record<string, HealthCheck> = {}, options: HealthOptions = {}) {
  const clock = new SimulatedClock()
  const lines: [string, Record<string, unknown>][] = []
  const logger: Logger = {
    ...silentLogger,
    info: (fields: object | string) => void lines.push(['info', fields as Record<string, unknown>]),
    warn: (fields: object | string) => void lines.push(['warn', fields as Record<string, unknown>]),
  }
  return { clock, lines, health: createHealth({ clock, logger, checks, maxLag: false, ...options }) }
}

/** A check that the test can break, slow down and count. */
function adjustable() {
  const state = { runs: 0, fails: undefined as unknown, answer: undefined as unknown, signals: [] as AbortSignal[] }
  const check = async ({ signal }: { signal: AbortSignal }): Promise<unknown> => {
    state.runs++
    state.signals.push(signal)
    if (state.fails !== undefined) throw state.fails as Error
    return state.answer
  }
  return { state, check }
}

const refused = Object.assign(new Error('connect ECONNREFUSED admin:hunter2@db'), { code: 'ECONNREFUSED' })

describe('checks', () => {
  it('that are critical make the service fail, others only warn', async () => {
    const { health } = setUp({
      database: { check: () => Promise.reject(refused) },
      search: { check: () => {}, critical: false },
    })
    expect(await health.ready()).toMatchObject({
      status: 'fail',
      checks: { database: { status: 'fail', critical: true, output: 'ECONNREFUSED' }, search: { status: 'pass' } },
    })
    const { health: other } = setUp({ search: { check: () => Promise.reject(refused), critical: false } })
    expect((await other.ready()).status).toBe('warn')
  })

  it('may throw at once, and may say more than that they pass', async () => {
    const { health } = setUp({
      throwing: {
        check: () => {
          throw new Error('at once')
        },
        critical: false,
      },
      lagging: { check: () => ({ status: 'warn', observedValue: 12, observedUnit: 's' }), type: 'datastore' },
      odd: { check: () => ({ status: 'wonderful', observedValue: Number.NaN, observedUnit: 5 }) },
    })
    expect(await health.ready()).toMatchObject({
      status: 'warn',
      checks: {
        throwing: { status: 'fail', output: 'CHECK_FAILED' },
        lagging: { status: 'warn', observedValue: 12, observedUnit: 's', type: 'datastore' },
        odd: { status: 'pass', observedValue: 0, observedUnit: 'ms', type: 'component' },
      },
    })
  })

  it('run once for however many ask, and not again while the answer is good', async () => {
    const { state, check } = adjustable()
    const { clock, health } = setUp({ database: { check, cacheFor: '10s' } })
    await Promise.all(Array.from({ length: 100 }, () => health.ready()))
    await clock.advanceBy('9s')
    await health.ready()
    expect(state.runs).toBe(1)
    await clock.advanceBy('1s')
    await Promise.all([health.ready(), health.startup(), health.ready()])
    expect(state.runs).toBe(2)
  })

  it('fail when they take too long: their signal aborts, and the answer comes all the same', async () => {
    const { clock, health } = setUp({
      deaf: { check: () => new Promise(() => {}), timeout: '2s' },
    })
    const answer = health.ready()
    await clock.advanceBy('2s')
    expect((await answer).checks.deaf).toMatchObject({
      status: 'fail',
      output: 'CORE_HEALTH_CHECK_TIMEOUT',
      observedValue: 2_000,
    })
    expect(clock.pending).toBe(0)
  })

  it('hear of their time limit, and leave no timer when they are in time', async () => {
    const { state, check } = adjustable()
    const { clock, health } = setUp({ database: { check } })
    await health.ready()
    expect([clock.pending, state.signals[0]!.aborted]).toEqual([0, false])
    let heard: unknown
    const { clock: second, health: slow } = setUp({
      slow: {
        check: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject((heard = signal.reason) as Error))
          }),
      },
    })
    const answer = slow.ready()
    await second.advanceBy('5s')
    await answer
    expect(heard).toMatchObject({ code: 'CORE_HEALTH_CHECK_TIMEOUT', details: { name: 'slow', timeout: '5.0 s' } })
  })

  it('are logged when they change, with the error, and not while they stay', async () => {
    const { state, check } = adjustable()
    const { clock, health, lines } = setUp({ database: { check, cacheFor: 0 } })
    for (const fails of [undefined, refused, refused, undefined]) {
      state.fails = fails
      await clock.advanceBy(1)
      await health.ready()
    }
    expect(lines).toMatchObject([
      ['warn', { check: 'database', status: 'fail', before: 'pass', err: refused }],
      ['info', { check: 'database', status: 'pass', before: 'fail' }],
    ])
  })

  it.each([[{ check: 'no function' }], [undefined], [{}]])('that are %o are refused by name', (check) => {
    expect(() => createHealth({ checks: { database: check as never } })).toThrow(
      expect.objectContaining({
        code: 'CORE_HEALTH_OPTION_INVALID',
        details: expect.objectContaining({ option: 'checks.database' }),
      }),
    )
  })
})

describe('startup', () => {
  it('fails until every critical check has passed once, and never again after that', async () => {
    const { state, check } = adjustable()
    const { clock, health } = setUp({
      database: { check, cacheFor: 0 },
      extra: { check: () => Promise.reject(refused), critical: false },
    })
    state.fails = refused
    expect(await health.startup()).toMatchObject({ status: 'fail', notes: ['starting'] })
    state.fails = undefined
    await clock.advanceBy(1)
    expect((await health.startup()).status).toBe('warn')
    state.fails = refused
    await clock.advanceBy(1)
    expect([(await health.startup()).status, (await health.ready()).status]).toEqual(['pass', 'fail'])
  })
})

describe('liveness', () => {
  it('asks no dependency', async () => {
    const { state, check } = adjustable()
    const { health } = setUp({ database: { check } })
    expect(await health.live()).toEqual({
      question: 'live',
      status: 'pass',
      notes: [],
      checks: {},
      eventLoopLag: undefined,
    })
    expect(state.runs).toBe(0)
  })

  it('reports how late timers are, which ends readiness when it is too much', async () => {
    const { clock, health } = setUp({}, { maxLag: '100ms' })
    const late = health.ready()
    clock.setTimer(() => {}, 0)
    // The machine was busy elsewhere: the timer of 0 ms is looked at 500 ms later.
    const monotonic = clock.monotonic.bind(clock)
    clock.monotonic = () => monotonic() + 501
    await clock.advanceBy(0)
    expect(await late).toMatchObject({ status: 'fail', notes: ['event loop late'], eventLoopLag: 500 })
    const live = health.live()
    await clock.advanceBy(0)
    expect(await live).toMatchObject({ status: 'pass', eventLoopLag: 0 })
  })
})

describe('drain', () => {
  it('ends readiness at once, asks nobody any more, and resolves after the delay', async () => {
    const { state, check } = adjustable()
    const { clock, health } = setUp({ database: { check } }, { drainDelay: '7s' })
    expect([(await health.ready()).status, health.isDraining]).toEqual(['pass', false])
    let done = 0
    const drained = Promise.all([health.drain(), health.drain()]).then(() => done++)
    expect([await health.ready(), health.isDraining]).toMatchObject([
      { status: 'fail', notes: ['draining'], checks: {} },
      true,
    ])
    expect([(await health.live()).status, state.runs]).toEqual(['pass', 1])
    await clock.advanceBy(6_999)
    expect(done).toBe(0)
    await clock.advanceBy(1)
    await drained
    expect([clock.pending, (await health.ready()).status]).toEqual([0, 'fail'])
  })

  it('that begins while checks run is in their answer', async () => {
    let finish = (): void => {}
    const { clock, health } = setUp({ slow: { check: () => new Promise<void>((resolve) => (finish = resolve)) } })
    const answer = health.ready()
    const drained = health.drain()
    finish()
    expect(await answer).toMatchObject({ status: 'fail', notes: ['draining'] })
    await clock.runUntilIdle()
    await drained
  })

  it('is cut short by its signal', async () => {
    const { clock, health } = setUp()
    const controller = new AbortController()
    const drained = health.drain({ signal: controller.signal })
    controller.abort()
    await drained
    await health.drain({ signal: AbortSignal.abort() })
    expect(clock.pending).toBe(0)
  })

  it('goes before the server stops, as a part of a lifecycle', async () => {
    const { clock, health } = setUp({}, { drainDelay: '5s' })
    const lifecycle = createLifecycle({ clock, signals: [] })
    const log: string[] = []
    lifecycle.add({ name: 'server', drain: () => void log.push(`server drains at ${clock.monotonic()}`) })
    lifecycle.add(health.component({ dependsOn: ['server'] }))
    await lifecycle.start()
    const stopped = lifecycle.stop()
    await clock.advanceBy(0)
    expect((await health.ready()).status).toBe('fail')
    await clock.advanceBy('5s')
    await stopped
    expect(log).toEqual(['server drains at 5000'])
  })
})

describe('overallStatus', () => {
  it.each([
    [[], 'pass'],
    [[['pass', true]], 'pass'],
    [[['warn', true]], 'warn'],
    [[['fail', false], ['pass', true]], 'warn'], // prettier-ignore
    [[['warn', false], ['fail', true]], 'fail'], // prettier-ignore
  ] as const)('of %j is %s', (results, expected) => {
    expect(overallStatus(results.map(([status, critical]) => ({ status, critical })))).toBe(expected)
  })
})
