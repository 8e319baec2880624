import { describe, expect, expectTypeOf, it } from 'vitest'
import { silentLogger, type Logger } from './logger.ts'

describe('silentLogger', () => {
  it('accepts every call in both forms and returns itself as child', () => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      expect(silentLogger[level]('message')).toBeUndefined()
      expect(silentLogger[level]({ field: 1 }, 'message')).toBeUndefined()
    }
    expect(silentLogger.child({ a: 1 })).toBe(silentLogger)
  })

  it('has the shape that console does not have: a child', () => {
    expectTypeOf(silentLogger).toEqualTypeOf<Logger>()
    expectTypeOf(console).not.toExtend<Logger>()
  })
})
