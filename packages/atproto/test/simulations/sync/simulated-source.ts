import { randomBelow, sleep } from '@exprsn/core'
import { decodeFrame, encodeFrame } from '@exprsn/atproto/repo'
import { syncErrors, type SourceItem, type SyncSource } from '@exprsn/atproto/sync'
import type { StoredFrame } from '@exprsn/atproto/testing'
import type { DataObject } from '@exprsn/atproto/codec'
import { readMessage } from '../../../src/sync/read-message.ts'
import type { World } from './world.ts'

/** Milliseconds after which a stream without an event is looked at. */
const longestSilence = 5_000

/** The host of the world behind a network with faults. */
export function simulatedSource(world: World, isDead: () => boolean): SyncSource {
  const { host, clock } = world
  const random = world.random.fork(`source-${world.sources++}`)
  const chance = (odds: number): boolean => world.stormy && odds > 0 && randomBelow(random, odds) === 0
  const isDown = (): boolean => clock.monotonic() < world.downUntil
  const hit = (fault: string): void => world.hit(fault)

  return {
    name: 'simulated',
    async *open({ cursor, signal }) {
      await sleep(1 + randomBelow(random, 50), { clock, signal })
      if (isDown()) throw new Error('the host cannot be reached')
      // A process that ended before its first message does not know where it was: a deletion may have passed meanwhile.
      if (cursor === undefined && world.sources > 1) world.blind = true
      const from = cursor ?? host.events.last
      if (from > host.events.last) {
        hit('reset')
        yield { kind: 'reset' }
        return
      }
      yield { kind: 'open' }
      if (from > 0 && from < host.events.forgotten) {
        hit('outdated')
        yield { kind: 'outdated' }
      }
      let held: StoredFrame | undefined
      for (let position = from; !signal.aborted && !isDead();) {
        if (isDown()) throw new Error('the host cannot be reached')
        if (host.events.last < position) throw new Error('the host began anew')
        const frames = host.events.after(position)
        // A look every few milliseconds, most of them at nothing, took most of a seed's time.
        if (frames.length === 0) await news(signal)
        for (const frame of frames) {
          position = frame.seq
          if (chance(80)) {
            hit('cut')
            throw new Error('the connection was cut')
          }
          if (world.lossy && chance(60)) {
            hit('drop')
            continue
          }
          if (world.lossy && held === undefined && chance(40)) {
            hit('reorder')
            held = frame
            continue
          }
          yield itemOf(altered(frame))
          if (chance(30)) {
            hit('duplicate')
            yield itemOf(frame.bytes)
          }
          if (held !== undefined) yield itemOf(held.bytes)
          held = undefined
        }
        await sleep(20 + randomBelow(random, 60), { clock, signal })
      }
    },
    listsAll: true,
    async *listRepos({ signal }) {
      for (const { did, repo, status } of [...host.accounts.values()]) {
        await sleep(randomBelow(random, 30), { clock, signal })
        if (chance(25)) {
          hit('list/error')
          throw new Error('the list broke off')
        }
        yield { did, rev: repo.state.rev, active: status === 'active' }
      }
    },
    async fetchRepo(did, { signal }) {
      await sleep(5 + randomBelow(random, 300), { clock, signal })
      if (chance(6)) {
        hit('fetch/error')
        throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'status 502' })
      }
      const account = host.accounts.get(did)
      if (account === undefined) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'RepoNotFound' })
      if (account.status !== 'active')
        throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({
          did,
          reason: `Repo${account.status[0]!.toUpperCase()}${account.status.slice(1)}`,
        })
      const older = world.snapshots.get(did)
      if (older !== undefined && chance(2)) {
        hit('fetch/stale')
        return older.archive()
      }
      const bytes = account.repo.archive()
      if (chance(8)) {
        hit('fetch/corrupt')
        bytes[randomBelow(random, bytes.length)]! ^= 1 << randomBelow(random, 8)
      }
      return bytes
    },
  }

  /** The host's next event; a host that began anew has none, and shows after a while. */
  async function news(signal: AbortSignal): Promise<void> {
    let stopListening = (): void => {}
    const event = new AbortController()
    try {
      stopListening = host.events.listen(() => event.abort())
      await sleep(longestSilence, { clock, signal: AbortSignal.any([signal, event.signal]) }).catch(() => undefined)
    } finally {
      stopListening()
    }
  }

  /** A frame as the network, or a dishonest host, passes it on. */
  function altered(frame: StoredFrame): Uint8Array {
    const decoded = decodeFrame(frame.bytes)
    // Only what is signed can show that it was changed; the rest relies on TLS.
    if (decoded.type !== '#commit' || !('body' in decoded)) return frame.bytes
    if (chance(40)) {
      hit('corrupt/frame')
      const bytes = new Uint8Array(frame.bytes)
      bytes[randomBelow(random, bytes.length)]! ^= 1 << randomBelow(random, 8)
      return bytes
    }
    if (!chance(50)) return frame.bytes
    const ops = decoded.body.ops as readonly DataObject[]
    if (ops.length === 0) return frame.bytes
    hit('lie')
    return encodeFrame('#commit', { ...decoded.body, ops: ops.slice(0, -1) })
  }
}

function itemOf(bytes: Uint8Array): SourceItem {
  try {
    const decoded = decodeFrame(bytes)
    const message = 'body' in decoded ? readMessage(decoded) : undefined
    if (message === undefined) throw new Error('a frame says nothing')
    return { kind: 'message', message, size: bytes.length }
  } catch (error) {
    return { kind: 'damaged', error }
  }
}
