import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { watchSilence, type SessionState } from './watch-silence.ts'

/** A command of which the test says what passes and what the server answers; the limit is 60 s. */
function watched(answers: readonly (SessionState | Promise<SessionState>)[]) {
  const clock = new SimulatedClock()
  const left = [...answers]
  const questions: number[] = []
  const lost: string[] = []
  const state = { passed: 0, heldBack: false }
  let aborted = false
  const watch = watchSilence({
    ...{ clock, limit: 60_000, passed: () => state.passed, isHeldBack: () => state.heldBack },
    ask(signal) {
      questions.push(clock.monotonic() / 1_000)
      signal.addEventListener('abort', () => (aborted = true), { once: true })
      return Promise.resolve(left.length > 1 ? left.shift()! : left[0]!)
    },
    onLost: (reason) => lost.push(reason),
  })
  /** Second by second, so that what was asked is answered before time goes on. */
  const pass = async (seconds: number, each: () => void = () => {}): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      each()
      await clock.advanceBy(1_000)
    }
  }
  return { clock, questions, lost, state, watch, pass, aborted: () => aborted }
}

describe('a command whose server is silent', () => {
  it('is never asked about while bytes pass, or while it is us who hold the server back', async () => {
    const { pass, state, questions, lost } = watched(['stuck'])
    await pass(300, () => state.passed++)
    state.heldBack = true
    await pass(300)
    expect([questions, lost]).toEqual([[], []])
  })

  it('goes on as long as the server works on it, and is asked about after each limit', async () => {
    const { pass, questions, lost } = watched(['working'])
    await pass(3_600)
    expect(lost).toEqual([])
    expect(questions[0]).toBe(60)
    expect(questions.every((at, index) => index === 0 || at - questions[index - 1]! >= 60)).toBe(true)
    expect(questions.length).toBeGreaterThan(40)
  })

  it.each(['stuck', 'unreachable'] as const)('is lost when the server is %s twice', async (answer) => {
    const { pass, questions, lost } = watched([answer])
    await pass(300)
    expect(questions).toEqual([60, 75])
    expect(lost).toEqual([expect.stringMatching(/^nothing was heard for 75 s, and it/)])
  })

  it('goes on when a server that seemed stuck is heard again, or works', async () => {
    for (const recover of ['bytes', 'answer'] as const) {
      const { pass, state, questions, lost } = watched(['stuck', recover === 'answer' ? 'working' : 'stuck', 'working'])
      await pass(62)
      expect(questions).toHaveLength(1)
      if (recover === 'bytes') state.passed++
      await pass(120)
      // Whoever was heard begins anew.
      expect(questions).toEqual(recover === 'bytes' ? [60, 135, 150] : [60, 75, 135])
      expect(lost).toEqual([])
    }
  })

  it('is believed ten times as long when the server does not know its session', async () => {
    const { pass, lost } = watched(['unknown'])
    await pass(599)
    expect(lost).toEqual([])
    await pass(61)
    expect(lost).toEqual([expect.stringMatching(/does not know the session/)])
  })

  it('is not lost for an answer that comes when bytes have passed, or when it is done', async () => {
    for (const done of [false, true]) {
      let answer: (state: SessionState) => void = () => {}
      const first = watched([new Promise((resolve) => (answer = resolve))])
      await first.pass(61)
      expect(first.questions).toHaveLength(1)
      if (done) first.watch.cancel()
      else first.state.passed++
      expect(first.aborted()).toBe(done)
      answer('unreachable')
      await first.pass(1)
      first.watch.cancel()
      await first.pass(600)
      expect([first.lost, first.questions.length]).toEqual([[], 1])
    }
  })
})
