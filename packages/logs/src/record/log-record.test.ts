import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelOf } from './level.ts'
import { createRecord } from './log-record.ts'
import { timeOf } from './time.ts'

const recordOf = (line: string | Uint8Array) => createRecord({ id: 'x', bytes: Buffer.from(line), fallbackTime: 42 })

describe('a record', () => {
  it('reads level and time of pino, bunyan, winston and OpenTelemetry lines', () => {
    expect(recordOf('{"level":50,"time":1795000000000,"msg":"m"}')).toMatchObject({
      level: 'error',
      time: 1_795_000_000_000,
    })
    expect(recordOf('{"level":"warning","timestamp":"2026-11-21T05:30:00.000Z"}')).toMatchObject({
      level: 'warn',
      time: Date.UTC(2026, 10, 21, 5, 30),
    })
    expect(recordOf('{"severity":"ERROR","@timestamp":"2026-11-21T05:30:00Z"}').level).toBe('error')
  })

  it('is text when it is no object, with the time of its segment', () => {
    for (const line of ['plain', '[1]', '{"a":1', '', '{broken}'])
      expect(recordOf(line)).toMatchObject({ isJson: false, fields: { msg: line }, time: 42, level: undefined })
  })

  it('takes no time from before 1970 or after 9999, and no prototype from a line', () => {
    for (const time of ['-1', '1e300', '"yesterday"', '"99999-01-01T00:00:00Z"', 'null'])
      expect(recordOf(`{"time":${time}}`).time).toBe(42)
    expect(recordOf('{"__proto__":{"level":50}}').level).toBeUndefined()
    expect(({} as Record<string, unknown>).level).toBeUndefined()
  })

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const record = recordOf(bytes)
        expect(typeof record.text).toBe('string')
        expect(record.time).toBeGreaterThanOrEqual(0)
        expect(record.fields).toBeTypeOf('object')
      }),
      { numRuns: 200 },
    )
  })
})

describe('levelOf', () => {
  it.for([
    [10, 'trace'],
    [35, 'info'],
    [60, 'fatal'],
    ['ERR', 'error'],
    ['emerg', 'fatal'],
    [0, undefined],
    [70, undefined],
    ['constructor', undefined],
    [null, undefined],
  ] as const)('%s is %s', ([value, level]) => {
    expect(levelOf(value)).toBe(level)
  })
})

describe('timeOf', () => {
  it('tells seconds from milliseconds', () => {
    expect(timeOf(1_795_000_000)).toBe(1_795_000_000_000)
    expect(timeOf(1_795_000_000_123)).toBe(1_795_000_000_123)
  })
})
