import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startApart, type Apart } from '../src/apart/start-apart.ts'
import type { Step } from '../src/step.ts'

const program = join(import.meta.dirname, 'apart.fixture.ts')
const step = (name: string): Step => ({ name, title: name, run: async () => ({ facts: [] }) })
const passed = { seconds: 2, outcome: { facts: [{ label: 'orders', value: '3' }] } }

/** Starts a process that says these words. */
function saying(words: readonly unknown[], signal = new AbortController().signal): Apart {
  const beginning = { parentFolder: JSON.stringify(words), postgresUrl: undefined, realPds: false }
  return startApart(beginning, signal, program)
}

function recorder() {
  const texts: string[] = []
  return { texts, write: (text: string) => texts.push(text) }
}

describe('steps in a process of their own', () => {
  it('are told in the order in which they are asked for, each with what it printed', async () => {
    const apart = saying([
      { step: 'a', text: 'A1 ' },
      { step: 'b', text: 'B' },
      { step: 'a', text: 'A2' },
      { step: 'a', result: passed },
      { step: 'b', result: { ...passed, outcome: undefined, failure: 'it failed' } },
    ])
    const [first, second] = [recorder(), recorder()]
    expect(await apart.result(step('b'), first)).toMatchObject({ step: { name: 'b' }, failure: 'it failed' })
    expect(await apart.result(step('a'), second)).toMatchObject({ ...passed, step: { name: 'a' } })
    expect([first.texts.join(''), second.texts.join('')]).toEqual(['B', 'A1 A2'])
    await apart.close()
  })

  it('fail when their process dies, also those that nobody asked for yet', async () => {
    const apart = saying([{ step: 'a', result: passed }, 'die'])
    const kept = await apart.result(step('a'), recorder())
    expect(kept).toMatchObject(passed)
    expect(kept.failure).toBeUndefined()
    const failure = 'its process ended with 3'
    expect(await apart.result(step('b'), recorder())).toMatchObject({ seconds: 0, failure })
    await apart.close()
    expect(await apart.result(step('c'), recorder())).toMatchObject({ failure })
  })

  it('end when the tour is stopped, and when it is over', async () => {
    const stop = new AbortController()
    const stopped = saying(['wait'], stop.signal)
    const result = stopped.result(step('a'), recorder())
    stop.abort(new Error('stopped by the user'))
    expect((await result).failure).toMatch(/^its process ended with /)
    await stopped.close()
    const idle = saying(['wait'])
    await idle.close()
    expect((await idle.result(step('a'), recorder())).failure).toBe('its process ended with SIGTERM')
  })
})
