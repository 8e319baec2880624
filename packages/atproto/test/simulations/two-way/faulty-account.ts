import { randomBelow, sleep } from '@exprsn/core'
import type { PublishAccount } from '@exprsn/atproto/publish'
import { directAnswer } from '../../two-way/direct-account.ts'
import type { World } from './world.ts'

/** The account as a process sees it: behind a network that fails. */
export function faultyAccount(world: World, step: (phase: string) => void): PublishAccount {
  const { clock, host, did, hit } = world
  const random = world.random.fork(`account-${world.started}`)
  // Calls are rarer than statements.
  const risk = (phase: string): void => {
    for (let turn = 0; turn < 4; turn++) step(phase)
  }
  return {
    did,
    async call(original, sent) {
      risk('before-call')
      const [method, request] = world.bug.call?.(original, sent) ?? [original, sent]
      await sleep(10 + randomBelow(random, 200), { clock })
      const chance = world.stormy ? randomBelow(random, 100) : 50
      if (chance < 4) {
        hit('error')
        return { status: 502, body: {}, headers: new Headers() }
      }
      if (chance < 8) {
        hit('drop')
        throw new Error('the connection was reset')
      }
      // A record that is made late, after it was deleted, is a matter of the publisher's own simulation.
      const isEdit = typeof request.input?.swapRecord === 'string'
      if (chance < 16 && world.late && isEdit) {
        hit('late')
        clock.setTimer(() => void directAnswer(host, did, method, request), 1_000 + randomBelow(random, 20_000))
        throw new Error('the answer took too long')
      }
      const answer = directAnswer(host, did, method, request)
      if (chance >= 92) {
        hit('lost-response')
        throw new Error('the answer got lost')
      }
      risk('after-call')
      return answer
    },
  }
}
