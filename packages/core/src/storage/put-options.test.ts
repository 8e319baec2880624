import { describe, expect, it } from 'vitest'
import type { PutOptions } from './object-store.ts'
import { checkCondition, checkPut } from './put-options.ts'

describe('checkPut', () => {
  it('names the option that cannot be used', () => {
    const cases: readonly [PutOptions, string][] = [
      [{ ifNoneMatch: 'tag' as '*' }, 'ifNoneMatch'],
      [{ ifNoneMatch: '*', ifMatch: 'tag' }, 'ifMatch'],
      [{ ifMatch: '' }, 'ifMatch'],
      [{ sha256: 'A'.repeat(64) }, 'sha256'],
      [{ contentType: '' }, 'contentType'],
      [{ lockedUntil: new Date(Number.NaN) }, 'lockedUntil'],
      [{ contentType: 'text/plain\n' }, 'contentType'],
    ]
    for (const [options, option] of cases)
      expect(() => checkPut('key', options)).toThrow(
        expect.objectContaining({ code: 'CORE_STORAGE_OPTION_INVALID', details: expect.objectContaining({ option }) }),
      )
    expect(() => checkPut('key', { ifMatch: 'tag', sha256: 'a'.repeat(64), contentType: 'text/plain' })).not.toThrow()
  })
})

describe('checkCondition', () => {
  const holds = (etag: string | undefined, options: PutOptions): boolean => {
    try {
      checkCondition('key', etag, options)
      return true
    } catch {
      return false
    }
  }

  it('is a table', () => {
    expect(holds(undefined, {})).toBe(true)
    expect(holds('a', {})).toBe(true)
    expect(holds(undefined, { ifNoneMatch: '*' })).toBe(true)
    expect(holds('a', { ifNoneMatch: '*' })).toBe(false)
    expect(holds('a', { ifMatch: 'a' })).toBe(true)
    expect(holds('b', { ifMatch: 'a' })).toBe(false)
    expect(holds(undefined, { ifMatch: 'a' })).toBe(false)
  })
})
