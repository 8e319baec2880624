import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../logger/logger.ts'
import { SeededRandom } from '../../testing/random/seeded-random.ts'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { clientErrors } from '../errors.ts'
import { OriginBudgets, type OriginBudgetOptions } from './origin-budgets.ts'

const budgets = (options: OriginBudgetOptions = {}) =>
  new OriginBudgets({
    ...options,
    retry: false,
    clock: new SimulatedClock(),
    random: new SeededRandom(1),
    logger: silentLogger,
  })

const status = (value: number) =>
  clientErrors.CORE_CLIENT_STATUS({ method: 'GET', url: 'https://a.test/', status: value })

describe('OriginBudgets', () => {
  it('gives an origin the same budget each time, and each its own', () => {
    const all = budgets()
    expect(all.for('https://a.test')).toBe(all.for('https://a.test'))
    expect(all.for('https://a.test')).not.toBe(all.for('https://b.test'))
  })

  it('remembers a bounded number, the latest used', () => {
    const all = budgets()
    const kept = all.for('https://kept.test')
    const first = all.for('https://0.test')
    for (let index = 1; index < 3_000; index++) {
      all.for(`https://${index}.test`)
      all.for('https://kept.test')
    }
    expect(all.size).toBe(1_000)
    expect(all.for('https://kept.test')).toBe(kept)
    expect(all.for('https://0.test')).not.toBe(first)
  })

  it('does not forget one that is at work', async () => {
    const all = budgets({ concurrency: 1, queue: 0 })
    let finish = (): void => {}
    const busy = all.for('https://busy.test')
    const running = busy.guard(() => new Promise<void>((resolve) => (finish = resolve)))
    for (let index = 0; index < 2_000; index++) all.for(`https://${index}.test`)
    expect(all.for('https://busy.test')).toBe(busy)
    await expect(all.for('https://busy.test').guard(async () => {})).rejects.toMatchObject({
      code: 'CORE_BULKHEAD_FULL',
    })
    finish()
    await running
  })

  it.each([
    ['a fault of the service', () => status(500), 'open'],
    ['an unavailable service', () => status(503), 'open'],
    ['a refused request', () => status(404), 'closed'],
    ['too many requests', () => status(429), 'closed'],
    ['a lost connection', () => clientErrors.CORE_CLIENT_CONNECTION_LOST({ origin: 'x', reason: 'x' }), 'open'],
    ['a slow answer', () => clientErrors.CORE_CLIENT_TIMEOUT({ origin: 'x', limit: 1, phase: 'x' }), 'open'],
    ['a refused address', () => clientErrors.CORE_CLIENT_ADDRESS_REFUSED({ host: 'x', kind: 'private' }), 'closed'],
    [
      'a redirect that is not followed',
      () => clientErrors.CORE_CLIENT_REDIRECT_REFUSED({ origin: 'x', reason: 'x' }),
      'closed',
    ],
    ['too large a response', () => clientErrors.CORE_CLIENT_RESPONSE_TOO_LARGE({ origin: 'x', limit: 1 }), 'closed'],
    ['what nobody foresaw', () => new Error('?'), 'open'],
  ] as const)('%s leaves the circuit %3$s', async (_name, error, state) => {
    const { guard, breaker } = budgets({ breaker: { minimumCalls: 3 } }).for('https://a.test')
    for (let call = 0; call < 3; call++) await expect(guard(() => Promise.reject(error()))).rejects.toThrow()
    expect(breaker!.state).toBe(state)
  })

  it('has no breaker if told so', async () => {
    const { guard, breaker } = budgets({ breaker: false }).for('https://a.test')
    expect(breaker).toBeUndefined()
    for (let call = 0; call < 50; call++) await expect(guard(() => Promise.reject(status(500)))).rejects.toThrow()
    expect(await guard(() => 'through')).toBe('through')
  })

  it('says when a circuit changes', async () => {
    const lines: object[] = []
    const logger = { ...silentLogger, warn: (fields: object | string) => void lines.push(fields as object) }
    const changes: string[] = []
    const all = new OriginBudgets({
      breaker: { minimumCalls: 1, onChange: ({ to }) => changes.push(to) },
      retry: false,
      clock: new SimulatedClock(),
      random: new SeededRandom(1),
      logger,
    })
    await expect(all.for('https://a.test').guard(() => Promise.reject(status(500)))).rejects.toThrow()
    expect(lines).toEqual([{ origin: 'https://a.test', from: 'closed', to: 'open' }])
    expect(changes).toEqual(['open'])
  })
})
