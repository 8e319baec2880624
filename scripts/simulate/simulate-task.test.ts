import { describe, expect, it } from 'vitest'
import { capture } from '../lib/run.ts'

async function simulate(...words: readonly string[]) {
  const flags = ['--conditions=@exprsn/source', 'scripts/tasks/simulate.ts', '--folder', 'scripts/simulate/fixtures']
  const { code, output } = await capture(process.execPath, [...flags, ...words])
  return { code, lines: output.trim().split('\n') }
}

describe('npm run simulate', () => {
  it('prints seeds, faults and violations, the line to replay, and faults that were never hit', async () => {
    const { code, lines } = await simulate('--seeds', '10')
    expect(code).toBe(1)
    expect(lines.map((line) => line.replace(/ {2,}/g, ' '))).toEqual([
      'name seeds faults injected violations',
      'losing 10 10 2',
      'steady 10 20 0',
      'losing: crash/commit 10',
      'steady: crash 20',
      'FAIL losing: A row is lost.',
      ' replay: npm run simulate -- losing --seed 4',
      'FAIL losing: A row is lost.',
      ' replay: npm run simulate -- losing --seed 8',
      'FAIL losing: no seed hit the fault "bit-rot", so nothing was shown about it',
      'not run, they start real servers (--real-servers, or by name): serving',
      '1 passed, 1 failed',
    ])
  })

  it('runs one simulation', async () => {
    const { code, lines } = await simulate('steady')
    expect(code).toBe(0)
    expect(lines[1]).toMatch(/^steady +50 +100 +0$/)
    expect(lines.at(-1)).toBe('1 passed, 0 failed')
  })

  it('runs what starts real servers when it is named, or asked for', async () => {
    const named = await simulate('serving', '--seeds', '3')
    expect(named.lines.map((line) => line.replace(/ {2,}/g, ' '))).toEqual([
      'name seeds faults injected violations',
      'serving 3 3 0',
      'serving: kill 3',
      '1 passed, 0 failed',
    ])
    const { lines } = await simulate('--seeds', '1', '--real-servers')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['losing', 'serving', 'steady']))
    expect(lines.at(-1)).toBe('2 passed, 1 failed')
  })

  it('replays a seed', async () => {
    expect(await simulate('losing', '--seed', '4')).toEqual({
      code: 1,
      lines: ['losing, seed 4: crash/commit 1', '  A row is lost.', '1 violations'],
    })
    expect(await simulate('losing', '--seed', '5')).toMatchObject({ code: 0 })
  })

  it('runs a part of a campaign', async () => {
    const { code, lines } = await simulate('losing', '--from', '5', '--seeds', '4')
    expect(code).toBe(1)
    expect(lines[1]).toMatch(/^losing +4 +4 +1$/)
    expect(lines).toContain('     replay: npm run simulate -- losing --seed 8')
    expect(await simulate('losing', '--seed', '4', '--from', '4')).toMatchObject({ code: 1 })
  })

  it('lists the names', async () => {
    expect(await simulate('--list')).toEqual({ code: 0, lines: ['losing', 'serving', 'steady'] })
  })

  it.each([
    [['absent'], 'No simulation "absent": losing, serving, steady.'],
    [['--seeds', '0'], '--seeds must be a whole number of at least 1, not "0".'],
    [['--seed', '1'], 'Name the simulation whose seed to replay.'],
    [['steady', '--seed', '1', '--seeds', '2'], 'Give --seed, or --seeds and --from, not both.'],
    [['--fast'], `Unknown option '--fast'. "npm run simulate -- --help" lists what simulate takes.`],
  ])('refuses %j in one line', async (words, message) => {
    expect(await simulate(...words)).toEqual({ code: 1, lines: [message] })
  })
})
