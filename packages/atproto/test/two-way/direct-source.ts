import { decodeFrame } from '@exprsn/atproto/repo'
import { syncErrors, type SourceItem, type SyncSource } from '@exprsn/atproto/sync'
import type { FakeHost, StoredFrame } from '@exprsn/atproto/testing'
import { readMessage } from '../../src/sync/read-message.ts'

/** The event stream of the fake without a network. */
export function directSource(host: FakeHost, name = 'fake'): SyncSource {
  return {
    name,
    async *open({ cursor, signal }) {
      const queue: StoredFrame[] = [...host.events.after(cursor ?? host.events.last)]
      let wake = (): void => {}
      const stop = host.events.listen((frame) => {
        queue.push(frame)
        wake()
      })
      signal.addEventListener('abort', () => wake(), { once: true })
      try {
        yield { kind: 'open' }
        while (!signal.aborted) {
          const frame = queue.shift()
          if (frame !== undefined) yield* itemsOf(frame)
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        stop()
      }
    },
    async fetchRepo(did) {
      const account = host.accounts.get(did)
      if (account === undefined) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'RepoNotFound' })
      return account.repo.archive()
    },
  }
}

/** What a frame says. */
export function itemsOf({ bytes }: Pick<StoredFrame, 'bytes'>): SourceItem[] {
  const decoded = decodeFrame(bytes)
  const message = 'body' in decoded ? readMessage(decoded) : undefined
  return message === undefined ? [] : [{ kind: 'message', message, size: bytes.length }]
}
