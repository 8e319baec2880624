import { describe, expect, it } from 'vitest'
import { parseTimelineHistory, timelineHistoryName } from './timeline.ts'

describe('timeline history', () => {
  it('names its file', () => {
    expect(timelineHistoryName(2)).toBe('00000002.history')
    expect(timelineHistoryName(0xabcdef)).toBe('00ABCDEF.history')
  })

  it('reads parents, oldest first', () => {
    const text = '# comment\n1\t0/3000000\tno recovery target specified\n\n2\t0/5000000\tbefore 2026-01-01\n'
    expect(parseTimelineHistory(text)).toEqual([
      { timeline: 1, leftAt: 0x3000000n, reason: 'no recovery target specified' },
      { timeline: 2, leftAt: 0x5000000n, reason: 'before 2026-01-01' },
    ])
    expect(parseTimelineHistory('')).toEqual([])
  })

  it.each(['nonsense', '2 0/1 a\n1 0/2 b', '1 somewhere x'])('refuses %j and names the line', (text) => {
    expect(() => parseTimelineHistory(text)).toThrow(/line \d+ of a timeline history/)
  })
})
