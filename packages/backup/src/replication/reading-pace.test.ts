import { describe, expect, it } from 'vitest'
import { createReadingPace } from './reading-pace.ts'

const KiB = 1024
const MiB = 1024 * KiB

describe('createReadingPace', () => {
  it('rests where much has come and there is no more, and only there', () => {
    const pace = createReadingPace()
    expect(pace.restsAfter(100 * KiB, true)).toBe(false)
    expect(pace.restsAfter(100 * KiB, false)).toBe(false)
    expect(pace.restsAfter(1, true)).toBe(true)
    // What came in the rest, in two reads.
    expect(pace.restsAfter(256 * KiB, false)).toBe(false)
    expect(pace.restsAfter(10 * KiB, true)).toBe(true)
  })

  it('gives up for a while after a rest that brought little', () => {
    const pace = createReadingPace()
    expect(pace.restsAfter(200 * KiB, true)).toBe(true)
    expect(pace.restsAfter(64 * KiB, true)).toBe(false)
    let came = 0
    for (; !pace.restsAfter(64 * KiB, true); came += 64 * KiB);
    expect(came).toBe(4 * MiB - 64 * KiB)
    // The next one was worth it: others follow.
    expect(pace.restsAfter(128 * KiB, true)).toBe(true)
    expect(pace.restsAfter(128 * KiB, true)).toBe(true)
  })

  it('takes a small part of the time of a stream that keeps to a narrow window', () => {
    const pace = createReadingPace()
    let rests = 0
    for (let came = 0; came < 1_024 * MiB; came += 64 * KiB) if (pace.restsAfter(64 * KiB, true)) rests++
    expect(rests).toBeGreaterThan(0)
    expect(rests).toBeLessThan(260)
  })

  it('leaves alone what never amounts to much', () => {
    const pace = createReadingPace()
    for (let count = 0; count < 1_000; count++) expect(pace.restsAfter(100, true)).toBe(false)
  })
})
