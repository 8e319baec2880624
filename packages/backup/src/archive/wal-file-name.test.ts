import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsWal, isWalFileName } from './wal-file-name.ts'

describe('isWalFileName', () => {
  it.each([
    ['000000010000000000000003', true, true],
    ['00000001000000000000000A.partial', true, true],
    ['000000010000000000000003.00000028.backup', true, false],
    ['00000002.history', true, false],
    ['00000001000000000000000a', false, false],
    ['../000000010000000000000003', false, false],
    ['000000010000000000000003/x', false, false],
    ['000000010000000000000003\n', false, false],
    ['RECOVERYXLOG', false, false],
    ['', false, false],
  ])('%j: %s', (name, isOne, holds) => {
    expect(isWalFileName(name)).toBe(isOne)
    expect(holdsWal(name)).toBe(holds)
  })

  it('lets nothing out of a folder', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', 'A', '.', '/', '\\', '\0', 'partial', '.history') }),
        (name) => {
          if (isWalFileName(name)) expect(name).toMatch(/^[\w.]+$/)
        },
      ),
      { numRuns: 200 },
    )
  })
})
