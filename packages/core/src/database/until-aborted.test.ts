import { describe, expect, it } from 'vitest'
import { untilAborted } from './until-aborted.ts'

const forever = new Promise<never>(() => {})

describe('untilAborted', () => {
  it('gives the promise’s outcome', async () => {
    const { signal } = new AbortController()
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1)
    expect(await untilAborted(Promise.resolve(2), undefined)).toBe(2)
    await expect(untilAborted(Promise.reject(new RangeError('no')), signal)).rejects.toThrow(RangeError)
  })

  it('gives up when the signal is aborted, before or meanwhile', async () => {
    const controller = new AbortController()
    const waiting = untilAborted(forever, controller.signal)
    controller.abort(new RangeError('enough'))
    await expect(waiting).rejects.toThrow(RangeError)
    await expect(untilAborted(forever, controller.signal)).rejects.toThrow(RangeError)
  })

  it('drops a failure that comes after giving up', async () => {
    let fail = (_: Error): void => {}
    const late = new Promise<never>((_, reject) => (fail = reject))
    const signal = AbortSignal.abort(new RangeError('enough'))
    await expect(untilAborted(late, signal)).rejects.toThrow(RangeError)
    fail(new Error('nobody listens'))
    await expect(late).rejects.toThrow('nobody listens')
  })
})
