import { describe, expect, it, vi } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import type { LifecycleComponent } from './component.ts'
import { createLifecycle, type Lifecycle, type LifecycleOptions } from './lifecycle.ts'

/** A lifecycle on simulated time, and the log of what its components did. */
function setUp(options: LifecycleOptions = {}) {
  const clock = new SimulatedClock()
  const lifecycle = createLifecycle({ clock, signals: [], deadline: '10s', ...options })
  const log: string[] = []
  const note = (event: string) => () => void log.push(event)
  const component = (name: string, dependsOn: string[] = [], parts: Partial<LifecycleComponent> = {}) =>
    lifecycle.add({
      name,
      dependsOn,
      start: note(`+${name}`),
      drain: note(`~${name}`),
      stop: note(`-${name}`),
      ...parts,
    })
  return { clock, lifecycle, log, component }
}

const never = (): Promise<void> => new Promise(() => {})

function untilAborted({ signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')))
  })
}

async function failureOf(promise: Promise<void>): Promise<ExprsnError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!ExprsnError.is(error)) throw new Error(`no ExprsnError: ${String(error)}`)
  return error
}

function listeners(): number {
  return process.listenerCount('SIGUSR2')
}

describe('start and stop', () => {
  it('follow the dependencies, drain before stop', async () => {
    const { lifecycle, log, component } = setUp()
    component('server', ['jobs', 'database'])
    component('jobs', ['database'])
    component('database')
    expect([lifecycle.state, log]).toEqual(['idle', []])
    await lifecycle.start()
    expect([lifecycle.state, log]).toEqual(['running', ['+database', '+jobs', '+server']])
    await lifecycle.stop()
    expect(lifecycle.state).toBe('stopped')
    expect(log.slice(3)).toEqual(['~server', '-server', '~jobs', '-jobs', '~database', '-database'])
  })

  it('run side by side what does not depend on each other', async () => {
    const { clock, lifecycle, component } = setUp()
    const wait = () => new Promise<void>((resolve) => void clock.setTimer(resolve, 1_000))
    component('left', [], { start: wait, stop: wait, drain: undefined })
    component('right', [], { start: wait, stop: wait, drain: undefined })
    component('top', ['left', 'right'], { start: wait, stop: wait, drain: undefined })
    const started = lifecycle.start()
    await clock.advanceBy(1_999)
    expect(lifecycle.state).toBe('starting')
    await clock.advanceBy(1)
    await started
    const stopped = lifecycle.stop()
    await clock.advanceBy(1_999)
    expect(lifecycle.state).toBe('stopping')
    await clock.advanceBy(1)
    await stopped
    expect(clock.pending).toBe(0)
  })

  it('happen once, however often they are called', async () => {
    const { lifecycle, log, component } = setUp()
    component('a')
    await Promise.all([lifecycle.start(), lifecycle.start()])
    await lifecycle.start()
    await Promise.all([lifecycle.stop(), lifecycle.stop()])
    await lifecycle.stop()
    expect(log).toEqual(['+a', '~a', '-a'])
  })

  it('keep the receiver of methods', async () => {
    const { lifecycle } = setUp()
    class Pool implements LifecycleComponent {
      readonly name = 'pool'
      open = 0
      start(): void {
        this.open++
      }
      stop(): void {
        this.open--
      }
    }
    const pool = new Pool()
    lifecycle.add(pool)
    await lifecycle.start()
    expect(pool.open).toBe(1)
    await lifecycle.stop()
    expect(pool.open).toBe(0)
  })

  it('work with `await using`', async () => {
    const { lifecycle, log, component } = setUp()
    component('a')
    {
      await using scoped: Lifecycle = lifecycle
      await scoped.start()
    }
    expect(log).toEqual(['+a', '~a', '-a'])
  })

  it('refuse what makes no sense in a state', async () => {
    const { lifecycle, component } = setUp()
    component('a')
    expect(() => component('a')).toThrow(expect.objectContaining({ code: 'CORE_LIFECYCLE_NAME_TAKEN' }))
    await lifecycle.start()
    expect(() => component('b')).toThrow('The lifecycle is running: it cannot add now.')
    await lifecycle.stop()
    expect(await failureOf(lifecycle.start())).toMatchObject({ code: 'CORE_LIFECYCLE_STATE' })
  })

  it('leave the lifecycle idle when the dependencies are wrong', async () => {
    const { lifecycle, log, component } = setUp()
    component('a', ['b'])
    expect(await failureOf(lifecycle.start())).toMatchObject({ code: 'CORE_LIFECYCLE_NAME_UNKNOWN' })
    component('b')
    await lifecycle.start()
    expect(log).toEqual(['+b', '+a'])
  })

  it('stop without a start, and with no components', async () => {
    const { lifecycle } = setUp()
    await lifecycle.stop()
    expect(lifecycle.state).toBe('stopped')
  })
})

describe('a start that fails', () => {
  const refused = new Error('connection refused')
  const fail = () => Promise.reject(refused)

  it('stops what had started, latest first, and names the component', async () => {
    const { lifecycle, log, component } = setUp()
    component('disk')
    component('database', ['disk'])
    component('jobs', ['database'], { start: fail })
    component('server', ['jobs'])
    const error = await failureOf(lifecycle.start())
    expect(error).toMatchObject({ code: 'CORE_LIFECYCLE_START_FAILED', details: { name: 'jobs' }, cause: refused })
    expect(log).toEqual(['+disk', '+database', '~database', '-database', '~disk', '-disk'])
    expect(lifecycle.state).toBe('stopped')
  })

  it('tells the others that are under way', async () => {
    const { lifecycle, component } = setUp()
    component('slow', [], { start: untilAborted })
    component('bad', [], { start: fail })
    expect(await failureOf(lifecycle.start())).toMatchObject({ details: { name: 'bad' } })
  })

  it('does not wait beyond the deadline for one that ignores its signal, and undoes it when it comes late', async () => {
    const { clock, lifecycle, log, component } = setUp()
    let finish = (): void => {}
    component('deaf', [], { start: () => new Promise<void>((resolve) => (finish = resolve)) })
    component('bad', [], { start: fail })
    const outcome = failureOf(lifecycle.start())
    await clock.advanceBy('10s')
    expect(await outcome).toMatchObject({ details: { name: 'bad' } })
    expect(log).toEqual([])
    finish()
    await vi.waitFor(() => expect(log).toEqual(['~deaf', '-deaf']))
  })

  it('may throw synchronously', async () => {
    const { lifecycle, component } = setUp()
    component('bad', [], {
      start: () => {
        throw refused
      },
    })
    expect(await failureOf(lifecycle.start())).toMatchObject({ cause: refused })
  })
})

describe('a start that is interrupted', () => {
  it.each(['stop', 'signal', 'aborted signal'] as const)('by %s undoes what was done', async (way) => {
    const { lifecycle, log, component } = setUp()
    component('first')
    component('second', ['first'], { start: untilAborted })
    component('third', ['second'])
    const controller = new AbortController()
    if (way === 'aborted signal') controller.abort()
    const outcome = failureOf(lifecycle.start({ signal: controller.signal }))
    await new Promise((resolve) => setImmediate(resolve))
    if (way === 'stop') await lifecycle.stop()
    else controller.abort()
    expect(await outcome).toMatchObject({ code: 'CORE_LIFECYCLE_START_INTERRUPTED' })
    expect(log).toEqual(way === 'aborted signal' ? [] : ['+first', '~first', '-first'])
    expect(lifecycle.state).toBe('stopped')
  })
})

describe('a stop with trouble', () => {
  it('goes on after errors and tells all of them', async () => {
    const { lifecycle, log, component } = setUp()
    const bad = (text: string) => () => Promise.reject(new Error(text))
    component('database', [], { stop: bad('still busy') })
    component('jobs', ['database'], { drain: bad('lost') })
    component('server', ['jobs'])
    await lifecycle.start()
    const error = await failureOf(lifecycle.stop())
    expect(error.message).toBe('These components did not stop cleanly: jobs, database.')
    expect((error.cause as AggregateError).errors.map(String)).toEqual(['Error: lost', 'Error: still busy'])
    expect(log.slice(3)).toEqual(['~server', '-server', '-jobs', '~database'])
    expect(await failureOf(lifecycle.stop())).toBe(error)
  })

  it('gives a component its own deadline, then aborts its signal and goes on', async () => {
    const { clock, lifecycle, log, component } = setUp()
    let reason: unknown
    const slow = ({ signal }: { signal: AbortSignal }): Promise<void> => {
      signal.addEventListener('abort', () => (reason = 'aborted'))
      return never()
    }
    component('database')
    component('server', ['database'], { drain: slow, deadline: '2s' })
    await lifecycle.start()
    const outcome = failureOf(lifecycle.stop())
    await clock.advanceBy(1_999)
    expect([reason, log.slice(2)]).toEqual([undefined, []])
    await clock.advanceBy(1)
    const error = await outcome
    expect(reason).toBe('aborted')
    expect((error.cause as AggregateError).errors).toEqual([
      expect.objectContaining({
        code: 'CORE_LIFECYCLE_STOP_TIMEOUT',
        message: 'The component "server" did not drain within 2.0 s.',
      }),
    ])
    expect(log.slice(2)).toEqual(['-server', '~database', '-database'])
    expect(clock.pending).toBe(0)
  })

  it('never takes longer than its deadline, and still calls every stop', async () => {
    const { clock, lifecycle, component } = setUp()
    const called: string[] = []
    const names = ['a', 'b', 'c', 'd']
    for (const [index, name] of names.entries())
      component(name, names.slice(0, index), {
        drain: undefined,
        stop: () => {
          called.push(name)
          return never()
        },
      })
    await lifecycle.start()
    const began = clock.monotonic()
    const outcome = failureOf(lifecycle.stop({ deadline: '3s' }))
    await clock.runUntilIdle()
    expect(await outcome).toMatchObject({
      code: 'CORE_LIFECYCLE_STOP_FAILED',
      details: { names: ['d', 'c', 'b', 'a'] },
    })
    expect(called).toEqual(['d', 'c', 'b', 'a'])
    expect(clock.monotonic() - began).toBe(3_000)
  })

  it('survives a rejection with nothing', async () => {
    const { lifecycle, component } = setUp()
    // Hosts do reject with nothing.
    component('odd', [], { stop: () => Promise.reject() })
    await lifecycle.start()
    expect(await failureOf(lifecycle.stop())).toMatchObject({ details: { names: ['odd'] } })
  })
})

describe('onShutdown', () => {
  it('calls back once when stopping begins, with the reason, and survives a failing callback', async () => {
    const { lifecycle, log, component } = setUp()
    component('a')
    lifecycle.onShutdown(() => {
      throw new Error('bad callback')
    })
    lifecycle.onShutdown((reason) => log.push(`!${reason} ${lifecycle.state}`))
    lifecycle.onShutdown(() => log.push('taken off'))()
    await lifecycle.start()
    await Promise.all([lifecycle.stop(), lifecycle.stop()])
    expect(log).toEqual(['+a', '!stop stopping', '~a', '-a'])
  })
})

describe('signals', () => {
  const signals = ['SIGUSR2'] as const

  it('are listened to between start and stop only', async () => {
    const before = listeners()
    const { lifecycle, component } = setUp({ signals })
    component('a')
    expect(listeners()).toBe(before)
    await lifecycle.start()
    expect(listeners()).toBe(before + 1)
    await lifecycle.stop()
    expect(listeners()).toBe(before)
  })

  it('are let go when the start fails', async () => {
    const before = listeners()
    const { lifecycle, component } = setUp({ signals })
    component('bad', [], { start: () => Promise.reject(new Error('no')) })
    await failureOf(lifecycle.start())
    expect(listeners()).toBe(before)
  })

  it('stop everything and exit with 0', async () => {
    const exit = vi.fn<(code: number) => void>()
    const { lifecycle, log, component } = setUp({ signals, exit })
    component('a')
    lifecycle.onShutdown((reason) => log.push(reason))
    await lifecycle.start()
    process.emit('SIGUSR2', 'SIGUSR2')
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0))
    expect(log).toEqual(['+a', 'SIGUSR2', '~a', '-a'])
  })

  it('exit with 1 when something did not stop cleanly, or at once at the second signal', async () => {
    const exit = vi.fn<(code: number) => void>()
    const { clock, lifecycle, component } = setUp({ signals, exit })
    component('a', [], { stop: never })
    await lifecycle.start()
    process.emit('SIGUSR2', 'SIGUSR2')
    expect(exit).not.toHaveBeenCalled()
    process.emit('SIGUSR2', 'SIGUSR2')
    expect(exit.mock.calls).toEqual([[1]])
    await clock.runUntilIdle()
    await vi.waitFor(() => expect(exit.mock.calls).toEqual([[1], [1]]))
  })

  it('do not force when the program itself is stopping already', async () => {
    const exit = vi.fn<(code: number) => void>()
    const { lifecycle, component } = setUp({ signals, exit })
    component('a')
    await lifecycle.start()
    const stopped = lifecycle.stop()
    process.emit('SIGUSR2', 'SIGUSR2')
    await stopped
    await vi.waitFor(() => expect(exit.mock.calls).toEqual([[0]]))
  })
})
