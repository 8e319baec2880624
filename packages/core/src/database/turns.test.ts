import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('Turns', () => {
  it('lets one in at a time, in the order of asking', async () => {
    const turns = new Turns()
    const order: number[] = []
    let holders = 0
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => {
        const release = await turns.take()
        expect(++holders).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(number)
        holders--
        release()
      }),
    )
    expect(order).toEqual([1, 2, 3, 4, 5])
  })

  it('can be given up while waiting, without disturbing the others', async () => {
    const turns = new Turns()
    const first = await turns.take()
    const controller = new AbortController()
    const second = turns.take(controller.signal)
    const third = turns.take()
    controller.abort(new RangeError('enough'))
    await expect(second).rejects.toThrow(RangeError)
    first()
    const release = await third
    release()
    expect(await turns.take()).toBeTypeOf('function')
  })

  it('refuses a signal that is aborted already', async () => {
    await expect(new Turns().take(AbortSignal.abort(new RangeError('enough')))).rejects.toThrow(RangeError)
  })

  it('does not listen to a signal any more once it is the caller’s turn', async () => {
    const turns = new Turns()
    const first = await turns.take()
    const controller = new AbortController()
    const second = turns.take(controller.signal)
    first()
    const release = await second
    controller.abort()
    let entered = false
    const third = turns.take().then(() => (entered = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(entered).toBe(false)
    release()
    await third
  })

  it('ignores a turn that is given back twice', async () => {
    const turns = new Turns()
    const first = await turns.take()
    const second = turns.take()
    let thirdEntered = false
    void turns.take().then(() => (thirdEntered = true))
    first()
    first()
    await second
    expect(thirdEntered).toBe(false)
  })
})
