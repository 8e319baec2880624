import { describe, expect, it } from 'vitest'
import { measureCommand, measureNode, parseTimes } from './child-process.ts'

const burn = 'scripts/bench/fixtures/burn.ts'

describe('measureNode', () => {
  it('tells CPU time, peak memory and output', async () => {
    const idle = await measureNode(burn, ['0', '0'])
    const busy = await measureNode(burn, ['400', '200'])
    expect(idle.stdout).toBe('done\n')
    expect(busy.cpu - idle.cpu).toBeGreaterThan(250)
    expect(busy.rss - idle.rss).toBeGreaterThan(150_000)
    expect(busy.wall).toBeGreaterThan(400)
  })

  it('passes variables on', async () => {
    const env = { NODE_OPTIONS: '--require=./absent.cjs' }
    await expect(measureNode(burn, ['0', '0'], { env })).rejects.toThrow("Cannot find module './absent.cjs'")
  })

  it('fails with what the child said', async () => {
    await expect(measureNode('scripts/bench/absent.ts')).rejects.toThrow(
      /absent\.ts ended with exit code 1[^]*Cannot find/,
    )
  })
})

describe('measureCommand', () => {
  it('counts the CPU time of a command and its output', async () => {
    const { cpu, stdout } = await measureCommand(process.execPath, [burn, '400', '0'])
    expect(stdout).toBe('done\n')
    expect(cpu).toBeGreaterThan(350)
  })

  it('counts no CPU time for a command that only waits', async () => {
    const { cpu, wall } = await measureCommand('sleep', ['0.3'])
    expect(cpu).toBeLessThan(100)
    expect(wall).toBeGreaterThan(290)
  })

  it('fails as the command does', async () => {
    await expect(measureCommand('sh', ['-c', 'echo no >&2; exit 4'])).rejects.toThrow(/exit code 4:\nno/)
  })
})

describe('parseTimes', () => {
  it.each([
    ['0m0.001s 0m0.002s\n0m1.250s 0m0.250s\n', 1500],
    ['0m0.000000s 0m0.000000s\n1m0.500000s 0m0.100000s\n', 60_600],
    ['', 0],
  ])('reads %j', (report, milliseconds) => {
    expect(parseTimes(report)).toBeCloseTo(milliseconds)
  })
})
