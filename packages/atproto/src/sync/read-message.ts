import type { DataObject } from '../codec/index.ts'
import type { StreamMessage } from '../repo/index.ts'
import { syncErrors } from './errors.ts'
import type { SourceMessage } from './sync-source.ts'

/**
 * Reads a message of `com.atproto.sync.subscribeRepos` as far as is needed to know whose it is; undefined for kinds that say
 * nothing about repositories.
 *
 * @throws `ATPROTO_SYNC_MESSAGE_INVALID`
 */
export function readMessage({ type, body }: StreamMessage): SourceMessage | undefined {
  switch (type) {
    case '#commit':
      return { kind: 'commit', ...baseOf(body, 'repo'), body }
    case '#sync':
      return { kind: 'sync', ...baseOf(body, 'did'), rev: textOf(body, 'rev'), blocks: bytesOf(body, 'blocks') }
    case '#identity':
    // The older name of the same.
    case '#handle':
      return { kind: 'identity', ...baseOf(body, 'did'), handle: optionalText(body, 'handle') }
    case '#account':
      return accountMessage(body)
    case '#tombstone':
      return { kind: 'account', ...baseOf(body, 'did'), active: false, status: 'deleted' }
    default:
      return undefined
  }
}

function accountMessage(body: DataObject): SourceMessage {
  if (typeof body.active !== 'boolean') throw invalid('active')
  const status = body.active ? 'active' : (optionalText(body, 'status') ?? 'inactive')
  return { kind: 'account', ...baseOf(body, 'did'), active: body.active, status }
}

function baseOf(body: DataObject, name: 'did' | 'repo') {
  const { seq } = body
  if (typeof seq !== 'number') throw invalid('seq')
  const did = textOf(body, name)
  if (!did.startsWith('did:')) throw invalid(name)
  return { seq, did, time: optionalText(body, 'time') ?? '' }
}

function textOf(body: DataObject, field: string): string {
  const value = body[field]
  if (typeof value !== 'string') throw invalid(field)
  return value
}

function optionalText(body: DataObject, field: string): string | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(field)
  return value
}

function bytesOf(body: DataObject, field: string): Uint8Array {
  const value = body[field]
  if (!(value instanceof Uint8Array)) throw invalid(field)
  return value
}

function invalid(field: string): Error {
  return syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: `its field ${field} is missing or wrong` })
}
