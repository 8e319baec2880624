import { describe, expect, it } from 'vitest'
import { Scope } from './scope.ts'

const work = (): number => 1

describe('Scope', () => {
  it('learns of an abort of any ancestor, whether its signal was read before or after', () => {
    const root = new Scope(work, undefined, 1)
    const middle = new Scope(work, root, 1)
    const before = new Scope(work, middle, 2)
    const { signal } = before
    root.abort('why')
    const after = new Scope(work, middle, 3)
    expect([middle.aborted, before.aborted, after.aborted]).toEqual([true, true, true])
    expect([signal.reason, after.signal.reason, after.reason]).toEqual(['why', 'why', 'why'])
  })

  it('keeps the first reason, and its signal', () => {
    const scope = new Scope(work, undefined, 1)
    const { signal } = scope
    scope.abort('first')
    scope.abort('second')
    expect([scope.reason, signal.reason, scope.signal]).toEqual(['first', 'first', signal])
  })

  it('leaves its parent and its siblings alone', () => {
    const root = new Scope(work, undefined, 1)
    const [one, two] = [new Scope(work, root, 1), new Scope(work, root, 2)]
    expect([root.signal, one.signal, two.signal].map(({ aborted }) => aborted)).toEqual([false, false, false])
    one.abort('mine')
    expect([root, one, two].map(({ signal }) => signal.aborted)).toEqual([false, true, false])
    expect([root.reason, two.reason]).toEqual([undefined, undefined])
  })
})
