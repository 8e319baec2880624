import { describe, expect, it } from 'vitest'
import { parseClaims } from './parse-claims.ts'
import { contains, describeResult, runClaim } from './run-claim.ts'

async function run(line: string) {
  return runClaim(parseClaims(line)[0]!)
}

describe('runClaim', () => {
  it('passes a command that exits with 0', async () => {
    const result = await run('1. It works. `echo done`')
    expect(result).toMatchObject({ passed: true, reason: undefined, output: 'done\n' })
    expect(describeResult(result)).toMatch(/^pass  1\. It works\. \(\d\.\d s\)$/)
  })

  it('fails a command that exits otherwise, and shows its output', async () => {
    const result = await run('1. It works. `echo "no such table" >&2; exit 3`')
    expect(result).toMatchObject({ passed: false, reason: 'exit code 3' })
    expect(describeResult(result)).toMatch(/FAIL  1\. It works\.[^]*exit code 3[^]*\| no such table/)
  })

  it('fails an output without the expected text', async () => {
    expect(await run('1. Nothing is lost. `echo lost 0` → `lost 0`')).toMatchObject({ passed: true })
    expect(await run('1. Nothing is lost. `echo lost 1` → `lost 0`')).toMatchObject({
      passed: false,
      reason: 'its output has no "lost 0"',
    })
  })

  it('kills a command, with what it started, when its time is over', async () => {
    const result = await run('1. It ends. `sleep 60 & sleep 60; true` (1 s)')
    expect(result).toMatchObject({ passed: false, reason: 'still running after 1 s' })
    expect(result.seconds).toBeLessThan(30)
  })
})

describe('contains', () => {
  it.each([
    ['12 passed, 0 failed', 'N passed, 0 failed', true],
    ['12 passed, 1 failed', 'N passed, 0 failed', false],
    ['10,000 seeds', 'N seeds', true],
    ['no seeds', 'N seeds', false],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['NODE', 'NODE', true],
    ['\u001b[32mlost 0\u001b[39m', 'lost 0', true],
  ])('%j has %j: %s', (output, expected, result) => {
    expect(contains(output, expected)).toBe(result)
  })
})
