import { describe, expect, it } from 'vitest'
import { summarise } from './summary.ts'

const none = { passed: 0, failed: 0, skipped: [] }
const relaxed = { strict: false }

describe('summarise', () => {
  it('ends with the counts', () => {
    expect(summarise({ ...none, passed: 12 }, 0, relaxed)).toEqual({ lines: ['', '12 passed, 0 failed'], exitCode: 0 })
    const failed = summarise({ ...none, passed: 12, failed: 3 }, 1, relaxed)
    expect(failed.lines.at(-1)).toBe('12 passed, 3 failed')
    expect(failed.exitCode).toBe(1)
  })

  const skipped = [
    { name: 'a.test.ts: one', reason: 'restic is missing' },
    { name: 'b.test.ts: two', reason: 'redis is missing' },
    { name: 'c.test.ts: three', reason: 'restic is missing' },
  ]

  it('lists what was skipped under its reason', () => {
    const { lines, exitCode } = summarise({ ...none, passed: 1, skipped }, 0, relaxed)
    expect(lines).toEqual([
      '',
      'Skipped:',
      '  restic is missing',
      '    a.test.ts: one',
      '    c.test.ts: three',
      '  redis is missing',
      '    b.test.ts: two',
      '',
      '1 passed, 0 failed, 3 skipped',
    ])
    expect(exitCode).toBe(0)
  })

  it('fails for a skipped test where nothing may be skipped, and says so', () => {
    const { lines, exitCode } = summarise({ ...none, passed: 1, skipped }, 0, { strict: true })
    expect(exitCode).toBe(1)
    expect(lines.join('\n')).toContain('CI=true')
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 3 skipped')
    expect(summarise({ ...none, passed: 1 }, 0, { strict: true }).exitCode).toBe(0)
  })

  it('counts a run that failed without a failed test, as for its coverage', () => {
    const { lines, exitCode } = summarise({ ...none, passed: 5 }, 1, relaxed)
    expect(lines.at(-1)).toBe('5 passed, 1 failed')
    expect(lines.join('\n')).toContain('coverage')
    expect(exitCode).toBe(1)
  })

  it('counts a run that broke off, whatever its exit code', () => {
    for (const exit of [0, 'SIGKILL']) {
      const { lines, exitCode } = summarise(undefined, exit, relaxed)
      expect(lines.at(-1)).toBe('0 passed, 1 failed')
      expect(lines.join('\n')).toContain(String(exit))
      expect(exitCode).toBe(1)
    }
  })
})
