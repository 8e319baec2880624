import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { amount, progressBar } from './progress-bar.ts'

function recorder(isTTY: boolean) {
  const lines: string[] = []
  return { lines, isTTY, write: (text: string) => lines.push(text) }
}

describe('progress bar', () => {
  it('draws share, amount and rate on a terminal', async () => {
    const clock = new SimulatedClock()
    const output = recorder(true)
    const bar = progressBar('copying', 'rows', output, clock)
    await clock.advanceBy(1_000)
    bar.update(500, 1_000)
    expect(output.lines.at(-1)).toContain('█'.repeat(14) + '░'.repeat(14))
    expect(output.lines.at(-1)).toMatch(/50 % 500 rows · 500 rows\/s$/)
  })

  it('redraws at most every 80 ms', () => {
    const output = recorder(true)
    const bar = progressBar('copying', 'rows', output, new SimulatedClock())
    for (let done = 0; done < 1_000; done++) bar.update(done, 1_000)
    expect(output.lines).toHaveLength(1)
  })

  it('prints only the closing line where there is no terminal', async () => {
    const clock = new SimulatedClock()
    const output = recorder(false)
    const bar = progressBar('copying', 'rows', output, clock)
    bar.update(10, 100)
    await clock.advanceBy(2_500)
    bar.end('100 rows')
    expect(output.lines).toEqual(['    copying: 100 rows in 2.5 s\n'])
  })

  it('shows bytes as megabytes', () => {
    expect(amount(12_345_678, 'bytes')).toBe('12.3 MB')
    expect(amount(135_233, 'rows')).toBe('135,233 rows')
  })
})
