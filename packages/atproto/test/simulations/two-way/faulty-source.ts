import { randomBelow, sleep } from '@exprsn/core'
import { syncErrors, type SyncSource } from '@exprsn/atproto/sync'
import { itemsOf } from '../../two-way/direct-source.ts'
import type { World } from './world.ts'

/** The event stream behind a network that cuts, repeats, and now and then has forgotten what was before. */
export function faultySource(world: World, isDead: () => boolean): SyncSource {
  const { clock, host, hit } = world
  const random = world.random.fork(`source-${world.started}`)
  const chance = (odds: number): boolean => world.stormy && randomBelow(random, odds) === 0
  return {
    name: 'simulated',
    async *open({ cursor, signal }) {
      await sleep(1 + randomBelow(random, 50), { clock, signal })
      yield { kind: 'open' }
      let position = cursor ?? host.events.last
      if (cursor !== undefined && chance(4)) {
        hit('stream/outdated')
        position = Math.max(cursor, host.events.last - 1)
        yield { kind: 'outdated' }
      }
      while (!signal.aborted && !isDead()) {
        for (const frame of host.events.after(position)) {
          position = frame.seq
          if (chance(60)) {
            hit('stream/cut')
            throw new Error('the connection was cut')
          }
          yield* itemsOf(frame)
          if (!chance(30)) continue
          hit('stream/duplicate')
          yield* itemsOf(frame)
        }
        await sleep(20 + randomBelow(random, 2_000), { clock, signal })
      }
    },
    async fetchRepo(did, { signal }) {
      await sleep(5 + randomBelow(random, 300), { clock, signal })
      const account = host.accounts.get(did)
      const isDown = chance(6)
      if (isDown) hit('fetch/error')
      if (account === undefined || isDown) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'status 502' })
      return account.repo.archive()
    },
  }
}
