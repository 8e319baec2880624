import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createWorkerPool, type WorkerPoolOptions } from './create-worker-pool.ts'
import type { tasks } from './sample-tasks.fixture.ts'

const entry = new URL('./sample-tasks.fixture.ts', import.meta.url)

function poolOf(options: Partial<WorkerPoolOptions> = {}) {
  return createWorkerPool<typeof tasks>({ entry, threads: 1, ...options })
}

function code(expected: string, details: object = {}) {
  return expect.objectContaining({ code: expected, details: expect.objectContaining(details) })
}

describe.each([
  ['with threads', 2],
  ['inline', 0],
])('a pool %s', (_, threads) => {
  it('runs tasks and gives their results', async () => {
    await using pool = poolOf({ threads })
    expect(await pool.run('add', { left: 2, right: 3 })).toBe(5)
    expect(await pool.run('echo', { at: new Date(0), list: new Set([1]), none: undefined })).toEqual({
      at: new Date(0),
      list: new Set([1]),
      none: undefined,
    })
    const sums = await Promise.all(Array.from({ length: 50 }, (__, left) => pool.run('add', { left, right: 1 })))
    expect(sums).toEqual(Array.from({ length: 50 }, (__, left) => left + 1))
  })

  it('lets a task talk over a port while it runs', async () => {
    await using pool = poolOf({ threads })
    const { port1, port2 } = new MessageChannel()
    const ended = pool.run('talk', port2, { transfer: [port2] })
    const answer = new Promise((resolve) => port1.once('message', resolve))
    port1.postMessage('hello')
    expect(await answer).toBe('hello?')
    port1.postMessage('end')
    expect(await ended).toBe('ended')
  })

  it('copies data and results', async () => {
    await using pool = poolOf({ threads })
    const data = { list: [1] }
    const result = (await pool.run('echo', data)) as typeof data
    result.list.push(2)
    expect(data.list).toEqual([1])
  })

  it('moves buffers both ways', async () => {
    await using pool = poolOf({ threads })
    const bytes = new Uint8Array(1000)
    const filled = await pool.run('fill', bytes, { transfer: [bytes.buffer] })
    expect(bytes.byteLength).toBe(0)
    expect([filled.length, filled[999]]).toEqual([1000, 7])
  })

  it('shares shared memory', async () => {
    await using pool = poolOf({ threads })
    const shared = new SharedArrayBuffer(4)
    expect(await pool.run('addShared', shared)).toBe(0)
    expect(new Int32Array(shared)[0]).toBe(5)
  })

  it('lets errors of the family arrive with everything they have', async () => {
    await using pool = poolOf({ threads })
    const thrown: unknown = await pool.run('fail', 'exprsn').catch((error: unknown) => error)
    expect(ExprsnError.is(thrown)).toBe(true)
    expect(thrown).toMatchObject({
      code: 'SAMPLE_WRONG',
      message: 'Wrong: all.',
      help: 'Do it right.',
      retryable: true,
      status: 418,
      details: { what: 'all', list: [1, 2n] },
      cause: { name: 'RangeError', message: 'deep', code: 'E_DEEP' },
    })
    expect((thrown as Error).stack).toContain('sample-tasks.fixture.ts')
  })

  it('lets other errors and values arrive', async () => {
    await using pool = poolOf({ threads })
    await expect(pool.run('fail', 'plain')).rejects.toMatchObject({
      name: 'TypeError',
      message: 'plain',
      cause: { message: 'deep' },
    })
    await expect(pool.run('fail', 'value')).rejects.toEqual({ plain: true })
    const many = await pool.run('fail', 'aggregate').catch((error: unknown) => error)
    expect(many).toBeInstanceOf(AggregateError)
    expect((many as AggregateError).errors).toMatchObject([{ name: 'RangeError', code: 'E_DEEP' }, 'text'])
    await expect(pool.run('fail', 'unclonable')).rejects.toEqual(
      code('SAMPLE_WRONG', { what: 'all', run: '[function]' }),
    )
  })

  it('refuses what cannot be cloned, either way, and goes on', async () => {
    await using pool = poolOf({ threads })
    const attempt = pool.run('echo', () => 1)
    await expect(attempt).rejects.toEqual(code('CORE_WORKERS_NOT_CLONEABLE', { part: 'data' }))
    await expect(pool.run('unclonable', null)).rejects.toEqual(code('CORE_WORKERS_NOT_CLONEABLE', { part: 'result' }))
    expect(await pool.run('add', { left: 1, right: 1 })).toBe(2)
  })

  it.each(['missing', 'toString', '__proto__'])('refuses the task %j', async (name) => {
    await using pool = poolOf({ threads })
    await expect(pool.run(name as 'echo', null)).rejects.toEqual(code('CORE_WORKERS_TASK_UNKNOWN', { task: name }))
  })

  it('stops waiting when the signal aborts, tells the task, and removes its listener', async () => {
    await using pool = poolOf({ threads })
    const controller = new AbortController()
    const running = pool.run('wait', 60_000, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(running).rejects.toThrow('enough')
    await expect(pool.run('echo', 1, { signal: controller.signal })).rejects.toThrow('enough')
    expect(await pool.run('echo', 1)).toBe(1)
    const { signal } = new AbortController()
    let listeners = 0
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...parameters: Parameters<typeof add>) => (listeners++, add(...parameters))
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => (listeners--, remove(...parameters))
    await pool.run('echo', 1, { signal })
    expect(listeners).toBe(0)
  })

  it('ends a task at its timeout and replaces the worker that ignores it', async () => {
    await using pool = poolOf({ threads, cancelGrace: 20 })
    const attempt = pool.run('never', null, { timeout: 50 })
    await expect(attempt).rejects.toEqual(code('CORE_WORKERS_TIMEOUT', { task: 'never', timeout: 50 }))
    const next = Array.from({ length: 3 }, () => pool.run('add', { left: 1, right: 2 }))
    expect(await Promise.all(next)).toEqual([3, 3, 3])
  })

  it('finishes what it has accepted before it closes, and takes nothing more', async () => {
    const pool = poolOf({ threads })
    const results = Promise.all(Array.from({ length: 5 }, () => pool.run('wait', 10)))
    const closing = pool.close()
    await expect(pool.run('echo', 1)).rejects.toEqual(code('CORE_WORKERS_CLOSED'))
    expect(await results).toHaveLength(5)
    await closing
    expect(pool.stats).toEqual({ threads: 0, running: 0, waiting: 0 })
    await pool.close()
  })

  it('gives up what is left at the deadline of close', async () => {
    const pool = poolOf({ threads })
    const results = Promise.allSettled(Array.from({ length: 5 }, () => pool.run('never', null)))
    await pool.close({ deadline: 50 })
    expect(await results).toEqual(
      Array.from({ length: 5 }, () => ({ status: 'rejected', reason: code('CORE_WORKERS_CLOSED') })),
    )
    expect(pool.stats).toEqual({ threads: 0, running: 0, waiting: 0 })
  })

  it('closes without ever having started anything', async () => {
    const pool = poolOf({ threads })
    expect(pool.stats.threads).toBe(0)
    await pool.close()
  })

  it('refuses more than the queue may hold, and forgets what is aborted in it', async () => {
    await using pool = poolOf({ threads: Math.min(threads, 1), queueLimit: 2 })
    const controller = new AbortController()
    const first = pool.run('wait', 100)
    const waiting = [pool.run('echo', 1), pool.run('echo', 2, { signal: controller.signal })]
    waiting[1]!.catch(() => {})
    await expect(pool.run('echo', 3)).rejects.toEqual(code('CORE_WORKERS_QUEUE_FULL', { limit: 2 }))
    controller.abort(new Error('changed my mind'))
    expect(pool.stats).toEqual({ threads: 1, running: 1, waiting: 1 })
    const last = pool.run('echo', 4)
    await expect(waiting[1]).rejects.toThrow('changed my mind')
    expect(await Promise.all([first, waiting[0], last])).toEqual(['waited', 1, 4])
  })

  it('names an entry that is not there', async () => {
    await using pool = poolOf({ threads, entry: new URL('./absent.ts', import.meta.url) })
    await expect(pool.run('echo', 1)).rejects.toEqual(code('CORE_WORKERS_ENTRY_FAILED'))
  })

  it('names an entry that serves nothing', async () => {
    await using pool = poolOf({ threads, entry: new URL('./errors.ts', import.meta.url) })
    await expect(pool.run('echo', 1)).rejects.toEqual(code('CORE_WORKERS_ENTRY_FAILED'))
  })
})

describe('a thread that dies', () => {
  it.each([
    ['exits', 'exit', 3, 'it exited with code 3'],
    ['throws where nobody catches it', 'crash', null, 'an error that nobody caught, "nobody catches this"'],
    ['runs out of memory', 'exhaust', null, 'it ran out of memory'],
  ] as const)('because it %s fails its own task, retryable, and is replaced', async (_, task, data, reason) => {
    await using pool = poolOf({ maxMemory: 24 })
    const attempt = pool.run(task, data as never)
    const after = pool.run('add', { left: 1, right: 2 })
    await expect(attempt).rejects.toMatchObject({
      code: 'CORE_WORKERS_DIED',
      retryable: true,
      details: { task, reason },
    })
    expect(await after).toBe(3)
  })

  it('loses nothing of the others: many tasks, some of them deadly', async () => {
    await using pool = poolOf({ threads: 2 })
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => (index % 10 === 3 ? pool.run('exit', 1) : pool.run('echo', index))),
    )
    const fulfilled = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(fulfilled).toEqual([...Array(40).keys()].filter((index) => index % 10 !== 3))
    expect(pool.stats.threads).toBeLessThanOrEqual(2)
  })

  it('is stopped in the midst of an endless loop, by signal and by timeout', async () => {
    await using pool = poolOf({ cancelGrace: 20 })
    await expect(pool.run('spin', null, { timeout: 300 })).rejects.toEqual(code('CORE_WORKERS_TIMEOUT'))
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 300)
    await expect(pool.run('spin', null, { signal: controller.signal })).rejects.toThrow('enough')
    expect(await pool.run('echo', 'alive')).toBe('alive')
  })

  it('is kept when a cancelled task ends by itself', async () => {
    await using pool = poolOf({ cancelGrace: 5000 })
    expect(await pool.run('count', null)).toBe(1)
    await expect(pool.run('wait', 60_000, { timeout: 20 })).rejects.toEqual(code('CORE_WORKERS_TIMEOUT'))
    expect(await pool.run('count', null)).toBe(2)
  })

  it('that never says it is ready is given up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exprsn-workers-'))
    try {
      const file = join(folder, 'silent.mjs')
      await writeFile(file, 'setInterval(() => {}, 1000)')
      await using pool = poolOf({ entry: file, startTimeout: 200 })
      const attempt = pool.run('echo', 1)
      await expect(attempt).rejects.toEqual(code('CORE_WORKERS_ENTRY_FAILED', { entry: pathToFileURL(file).href }))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('threads without work', () => {
  it('start when they are needed and end when they were idle for long enough', async () => {
    const clock = new SimulatedClock()
    await using pool = poolOf({ threads: 3, idleTimeout: '10s', clock })
    await pool.run('echo', 1)
    expect(pool.stats.threads).toBe(1)
    await Promise.all([pool.run('echo', 1), pool.run('echo', 1)])
    expect(pool.stats.threads).toBe(2)
    await clock.advanceBy('9s')
    expect(pool.stats.threads).toBe(2)
    await clock.advanceBy('2s')
    expect(pool.stats.threads).toBe(0)
    expect(await pool.run('echo', 2)).toBe(2)
  })
})

describe('createWorkerPool', () => {
  it.each([
    ['threads', -1],
    ['threads', 1.5],
    ['queueLimit', -1],
    ['queueLimit', Number.NaN],
    ['maxMemory', 0],
    ['maxYoungMemory', 0],
  ])('refuses %s of %d', (option, value) => {
    expect(() => poolOf({ [option]: value })).toThrow(code('CORE_WORKERS_OPTION_INVALID', { option }))
  })
})
