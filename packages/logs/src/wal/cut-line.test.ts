import { describe, expect, it } from 'vitest'
import { cutLine } from './cut-line.ts'

describe('cutLine', () => {
  it('keeps level, time and the beginning of a line of ten megabytes', () => {
    const line = JSON.stringify({ level: 50, time: 1_795_000_000_000, msg: 'x'.repeat(10_000_000) })
    const cut = JSON.parse(cutLine(line)) as Record<string, unknown>
    expect(cut).toMatchObject({ level: 50, time: 1_795_000_000_000 })
    expect(String(cut.msg)).toContain(String(line.length))
    expect(cutLine(line).length).toBeLessThan(40_000)
    expect(String(cut.cut)).toContain('{"level":50')
  })

  it('makes JSON of text, bytes and halves of characters', () => {
    for (const line of ['y'.repeat(2_000_000), Buffer.alloc(2_000_000, 0xff), '\ud83d'.repeat(50_000)])
      expect(JSON.parse(cutLine(line))).toMatchObject({ level: 'warn' })
  })
})
