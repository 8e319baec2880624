import { createRequire } from 'node:module'
import { ExprsnError } from '@exprsn/core'
import { startTrace, withTrace } from '@exprsn/core/tracing'
import { createSimulatedDisk } from '@exprsn/core/testing'
import bunyan from 'bunyan'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import winston from 'winston'
import { memorySink } from '../drivers/memory.ts'
import { createShipper } from '../shipper/create-shipper.ts'
import { bunyanStream } from './bunyan-stream.ts'
import { captureConsole, type ConsoleLike } from './console-capture.ts'
import { createLogger } from './create-logger.ts'
import { winstonTransport } from './winston-transport.ts'

function world() {
  const disk = createSimulatedDisk()
  disk.makeFolderSync('/spool')
  const sink = memorySink()
  const shipper = createShipper({ sinks: [sink], spool: '/spool', disk, linger: 1 })
  const shipped = async () => {
    await shipper.flush()
    await shipper.close()
    return sink.records.map(({ fields }) => fields)
  }
  return { shipper, shipped }
}

describe('in front of the shipper', () => {
  it('pino writes each line, and its levels and children are kept', async () => {
    const { shipper, shipped } = world()
    const logger = pino({ base: null }, shipper.stream()).child({ request: 7 })
    logger.info('first')
    logger.error({ err: new Error('broken') }, 'second')
    logger.fatal('third')
    logger.flush()
    expect(await shipped()).toMatchObject([
      { level: 30, request: 7, msg: 'first' },
      { level: 50, err: { message: 'broken' } },
      { level: 60, msg: 'third' },
    ])
  })

  it('winston writes through a transport, with its formats or without', async () => {
    const { shipper, shipped } = world()
    for (const format of [winston.format.json(), winston.format.simple()]) {
      const logger = winston.createLogger({ format, transports: [winstonTransport({ shipper, level: 'info' })] })
      logger.warn('careful', { order: 'A-1001' })
      logger.debug('not this')
      await new Promise((resolve) => logger.end(resolve))
    }
    expect(await shipped()).toMatchObject([
      { level: 'warn', message: 'careful', order: 'A-1001' },
      { level: 'warn', msg: 'careful', order: 'A-1001' },
    ])
  })

  it('bunyan writes through its stream', async () => {
    const { shipper, shipped } = world()
    const logger = bunyan.createLogger({ name: 'shop', streams: [bunyanStream({ shipper })] })
    logger.info({ order: 1 }, 'paid')
    logger.debug('not this')
    expect(await shipped()).toMatchObject([{ name: 'shop', level: 30, order: 1, msg: 'paid' }])
  })

  it('the console is captured, prints on, and is given back', async () => {
    const { shipper, shipped } = world()
    const printed: unknown[] = []
    const print = (...values: unknown[]): void => void printed.push(values)
    const target: ConsoleLike = { trace: print, debug: print, info: print, log: print, warn: print, error: print }
    const release = captureConsole({ shipper, console: target })
    target.log('order %s', 'A-1001', { nested: { deep: 1n } })
    target.error(new Error('broken'))
    const hostile = {
      get [Symbol.toStringTag](): string {
        throw new Error('no')
      },
    }
    target.warn(hostile)
    release()
    target.log('afterwards')
    const fields = await shipped()
    expect(fields).toMatchObject([
      { level: 30, msg: expect.stringContaining('order A-1001') },
      { level: 50 },
      { level: 40 },
    ])
    expect(String(fields[1]!.msg)).toContain('Error: broken')
    expect(printed).toHaveLength(4)
  })
})

describe('createLogger', () => {
  it('masks at any depth and in messages, correlates, and says what errors say', async () => {
    const { shipper, shipped } = world()
    const logger = createLogger({ shipper, name: 'shop', fields: { region: 'eu' } })
    const cause = new RangeError('deep cause')
    const error = new ExprsnError({
      code: 'APP_FAILED',
      message: 'failed',
      help: 'try',
      details: { order: 'A-1' },
      cause,
    })
    const trace = startTrace()
    withTrace(trace, () =>
      logger.info({ a: { b: { c: { password: 'hunter2' } } }, card: '4111 1111 1111 1111' }, 'by ann@example.com'),
    )
    logger.error({ err: error, also: new Error('plain', { cause }) }, 'it failed')
    logger.debug('not this')
    const [first, second] = await shipped()
    expect(first).toMatchObject({
      name: 'shop',
      region: 'eu',
      traceId: trace.traceId,
      spanId: trace.spanId,
      a: { b: { c: { password: '[secret]' } } },
    })
    expect(JSON.stringify(first)).not.toMatch(/hunter2|4111 1111|ann@/)
    expect(second).toMatchObject({
      err: { code: 'APP_FAILED', details: { order: 'A-1' }, cause: { message: 'deep cause' } },
      also: { type: 'Error', message: 'plain', cause: { message: 'deep cause' } },
    })
  })

  it.for([true, false])('never throws for what it is given (redact: %s)', async (redact) => {
    const { shipper, shipped } = world()
    const logger = createLogger({ shipper, redact })
    const cyclic: Record<string, unknown> = { big: 2n ** 70n }
    cyclic.self = cyclic
    let deep: Record<string, unknown> = {}
    for (let depth = 0; depth < 5_000; depth++) deep = { deep }
    const hostile = {
      get broken(): never {
        throw new Error('a getter')
      },
      toJSON(): never {
        throw new Error('toJSON')
      },
    }
    const values = [
      cyclic,
      deep,
      hostile,
      JSON.parse('{"__proto__":{"polluted":1}}'),
      { at: new Date(8.64e15), no: new Date(Number.NaN) },
      { big: 1n },
      { bad: '\ud83d' },
    ]
    for (const value of values) expect(() => logger.info({ value }, 'hostile')).not.toThrow()
    for (const value of values) expect(() => logger.info(value as object, 'hostile')).not.toThrow()
    expect(await shipped()).toHaveLength(values.length * 2)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('takes the pino of the host', async () => {
    const { shipper, shipped } = world()
    createLogger({ shipper, pino: createRequire(import.meta.url)('pino'), redact: false }).info('mine')
    expect(await shipped()).toMatchObject([{ msg: 'mine' }])
  })
})
