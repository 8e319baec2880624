import type { Clock } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { trackProgress, type Progress } from './progress.ts'

function clockAt(times: readonly number[]): Clock {
  let index = 0
  return {
    now: () => 0,
    monotonic: () => times[Math.min(index++, times.length - 1)]!,
    setTimer: () => ({ cancel() {} }),
  }
}

describe('trackProgress', () => {
  it('reports at most ten times per second, and always the end', () => {
    const seen: Progress[] = []
    const onProgress = (progress: Progress): void => void seen.push(progress)
    const tracker = trackProgress({ onProgress, phase: 'copy', total: 0, clock: clockAt([0, 50, 100, 150, 200, 250]) })
    tracker.expect(100)
    for (let index = 0; index < 4; index++) tracker.advance(30)
    tracker.finish()
    expect(seen).toEqual([
      { phase: 'copy', done: 60, total: 100, rate: 600 },
      { phase: 'copy', done: 120, total: 120, rate: 600 },
      { phase: 'copy', done: 120, total: 120, rate: 480 },
    ])
  })

  it('never divides by nothing, and needs nobody to listen', () => {
    const seen: Progress[] = []
    trackProgress({ onProgress: (progress) => seen.push(progress), phase: 'x', total: 5, clock: clockAt([7]) }).finish()
    expect(seen).toEqual([{ phase: 'x', done: 0, total: 0, rate: 0 }])
    const silent = trackProgress({ onProgress: undefined, phase: 'x', total: 5 })
    silent.advance(5)
    silent.finish()
  })
})
