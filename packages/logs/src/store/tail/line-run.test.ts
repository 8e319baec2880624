import { describe, expect, it } from 'vitest'
import { LineRun } from './line-run.ts'
import { tailBatch } from './tail-batch.ts'

function runOf(texts: readonly string[]): { readonly run: LineRun; readonly bytes: Buffer } {
  const bytes = Buffer.from(texts.join('|'))
  const run = new LineRun()
  let at = 0
  for (const [index, text] of texts.entries()) {
    const { length } = Buffer.from(text)
    run.add(bytes, at, at + length, 1_000 + index, index + 1)
    at += length + 1
  }
  return { run, bytes }
}

const textsOf = (run: LineRun): string[] => [...run.lines()].map(({ text }) => text)

describe('a run of lines', () => {
  it('has the lines with their places, each when it is asked for', () => {
    const { run } = runOf(['one', 'zwölf', ''])
    expect([run.count, run.size]).toEqual([3, 9])
    expect([...run.lines()]).toMatchObject([
      { text: 'one', time: 1_000, sequence: 1 },
      { text: 'zwölf', time: 1_001, sequence: 2 },
      { text: '', time: 1_002, sequence: 3 },
    ])
    const [first] = run.lines()
    expect(Buffer.from(first!.bytes).toString()).toBe('one')
  })

  it('is copied into memory of its own, and begun anew with its first lines', () => {
    const { run, bytes } = runOf(['one', 'two', 'three'])
    const [copy, first] = [run.copied(), run.first(2)]
    bytes.fill(0x2a)
    expect(textsOf(copy)).toEqual(['one', 'two', 'three'])
    expect([copy.count, copy.size, first.count, first.size]).toEqual([3, 11, 2, 6])
    expect(textsOf(first)).toEqual(['***', '***'])
    expect(textsOf(run.first(0))).toEqual([])
  })

  it('makes a batch with others', () => {
    const batch = tailBatch([runOf(['a', 'b']).run, runOf(['c']).run], 4)
    const seen: string[] = []
    batch.forEach((bytes, start, end, time, sequence) =>
      seen.push(`${Buffer.from(bytes.subarray(start, end)).toString()} ${time} ${sequence}`),
    )
    expect([batch.count, batch.dropped]).toEqual([3, 4])
    expect(seen).toEqual(['a 1000 1', 'b 1001 2', 'c 1000 1'])
    expect([...batch.lines()].map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  })
})
