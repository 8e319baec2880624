import { describe, expect, it } from 'vitest'
import { capture } from '../lib/run.ts'

async function claims(...words: readonly string[]) {
  const { code, stdout, stderr } = await capture(process.execPath, ['scripts/tasks/claims.ts', ...words])
  return { code, lines: (stdout + stderr).trim().split('\n') }
}

const fixtures = ['--folder', 'scripts/claims/fixtures']

describe('npm run claims', () => {
  it('counts what passed and what failed, and fails as a whole', async () => {
    const { code, lines } = await claims('sample', ...fixtures)
    expect(code).toBe(1)
    expect(lines[0]).toMatch(/^pass {2}1\. The shell can add\./)
    expect(lines[1]).toMatch(/^FAIL {2}2\. The shell cannot add\./)
    expect(lines.at(-1)).toBe('2 passed, 1 failed')
  })

  it('runs one claim', async () => {
    const { code, lines } = await claims('sample', '--only', '3', ...fixtures)
    expect(code).toBe(0)
    expect(lines.at(-1)).toBe('1 passed, 0 failed')
  })

  it('lists topics', async () => {
    expect(await claims('--list', ...fixtures)).toEqual({ code: 0, lines: ['sample: 3 claims'] })
  })

  it.each([
    [['nothing'], 'There is no topic "nothing". Topics: sample.'],
    [[], 'Name a topic: sample.'],
    [['sample', '--only', '4'], 'sample has no claim 4; its claims are 1 to 3.'],
    [['sample', '--only', 'x'], '--only must be a whole number of at least 1, not "x".'],
    [['sample', '--fast'], `Unknown option '--fast'. "npm run claims -- --help" lists what claims takes.`],
    [['sample', 'other'], "Unexpected argument 'other'."],
  ])('refuses %j in one line', async (words, message) => {
    expect(await claims(...words, ...fixtures)).toEqual({ code: 1, lines: [message] })
  })

  it('explains itself', async () => {
    const { code, lines } = await claims('--help')
    expect(code).toBe(0)
    expect(lines[0]).toBe('npm run claims -- <topic> [options]')
  })
})
