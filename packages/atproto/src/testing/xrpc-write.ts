import { cidOf, encodeCbor, type DataObject } from '../codec/index.ts'
import { isRecordPath, type RepoWrite } from '../repo/index.ts'
import { checkRecord, type ValidationStatus } from './check-record.ts'
import type { FakeAccount } from './fake-account.ts'
import { storeBlob } from './fake-blobs.ts'
import type { RateCharge } from './rate-limits.ts'
import { internalError, invalidRequest, XrpcError } from './xrpc-error.ts'
import { requiredText, type XrpcCall, type XrpcMethod } from './xrpc-method.ts'
import { textOf } from './text-of.ts'

const points = { create: 3, update: 2, put: 2, delete: 1 } as const
const mostWrites = 200
const mostBlobBytes = 5 * 1024 * 1024

/** The methods that change a repository. Their answers are those measured on the official server. */
export const writeMethods: Readonly<Record<string, XrpcMethod>> = {
  'com.atproto.repo.createRecord': {
    session: true,
    check: ({ input }) => checkAddress(input),
    charges: ({ account }) => charge(account, points.create),
    run: createRecord,
  },
  'com.atproto.repo.putRecord': {
    session: true,
    check: ({ input }) => checkAddress(input),
    charges: ({ account }) => charge(account, points.put),
    run: putRecord,
  },
  'com.atproto.repo.deleteRecord': {
    session: true,
    check: ({ input }) => checkAddress(input),
    charges: ({ account }) => charge(account, points.delete),
    run: deleteRecord,
  },
  'com.atproto.repo.applyWrites': {
    session: true,
    check: checkWrites,
    charges: ({ account, input }) =>
      charge(
        account,
        writesOf(input).reduce((sum, write) => sum + costOf(write), 0),
      ),
    run: applyWrites,
  },
  'com.atproto.repo.uploadBlob': {
    session: true,
    run({ account, bytes, contentType }) {
      if (bytes.length > mostBlobBytes) throw new XrpcError(413, 'PayloadTooLarge', 'request entity too large')
      const { cid, mimeType } = storeBlob(account.blobs, bytes, contentType)
      return { blob: { $type: 'blob', ref: cid, mimeType, size: bytes.length } }
    },
  },
}

function createRecord({ host, account, input }: XrpcCall): unknown {
  const collection = requiredText(input, 'collection')
  const rkey = typeof input.rkey === 'string' ? input.rkey : host.nextTid()
  const path = `${collection}/${rkey}`
  const value = recordOf(input.record, collection)
  const status = checkRecord(account, collection, value, input.validate)
  checkCommitSwap(account, input)
  // The official server answers a key that is taken like an outage.
  if (account.repo.records.has(path)) throw internalError()
  const replaced = duplicatesOf(account, collection, value).map((known) => ({ action: 'delete', path: known }) as const)
  const { commit, state } = host.write(account.did, [...replaced, { action: 'create', path, value }])
  return written(account, path, value, { cid: commit.cid, rev: state.rev }, status)
}

function putRecord({ host, account, input }: XrpcCall): unknown {
  const collection = requiredText(input, 'collection')
  const path = `${collection}/${requiredText(input, 'rkey')}`
  const value = recordOf(input.record, collection)
  const status = checkRecord(account, collection, value, input.validate)
  const known = account.repo.records.get(path)
  // Before the swaps: what is there already is never a conflict.
  if (known?.cid.equals(cidOf('dag-cbor', encodeCbor(value)))) return written(account, path, value, undefined, status)
  checkCommitSwap(account, input)
  checkRecordSwap(account, path, input)
  const action = known === undefined ? 'create' : 'update'
  const { commit, state } = host.write(account.did, [{ action, path, value }])
  return written(account, path, value, { cid: commit.cid, rev: state.rev }, status)
}

function deleteRecord({ host, account, input }: XrpcCall): unknown {
  const path = `${requiredText(input, 'collection')}/${requiredText(input, 'rkey')}`
  if (!account.repo.records.has(path)) return {}
  checkCommitSwap(account, input)
  checkRecordSwap(account, path, input)
  const { commit, state } = host.write(account.did, [{ action: 'delete', path }])
  return { commit: { cid: String(commit.cid), rev: state.rev } }
}

function applyWrites({ host, account, input }: XrpcCall): unknown {
  checkCommitSwap(account, input)
  const statuses: ValidationStatus[] = []
  const writes = writesOf(input).map((write): RepoWrite => {
    const collection = requiredText(write, 'collection')
    const path = `${collection}/${typeof write.rkey === 'string' ? write.rkey : host.nextTid()}`
    const action = actionOf(write)
    if (action === 'delete') return { action, path }
    const value = recordOf(write.value, collection)
    statuses.push(checkRecord(account, collection, value, input.validate))
    return { action, path, value }
  })
  const { commit, state } = writeOrFail(() => host.write(account.did, writes))
  const results = writes.map((write) => {
    if (write.action === 'delete') return { $type: 'com.atproto.repo.applyWrites#deleteResult' }
    const { uri, cid, validationStatus } = written(account, write.path, write.value, undefined, statuses.shift())
    return { $type: `com.atproto.repo.applyWrites#${write.action}Result`, uri, cid, validationStatus }
  })
  return { commit: { cid: String(commit.cid), rev: state.rev }, results }
}

/** Creates of what is there and changes of what is not are answered like an outage; nothing has been written then. */
function writeOrFail<Result>(write: () => Result): Result {
  try {
    return write()
  } catch {
    throw internalError()
  }
}

function written(
  { did }: FakeAccount,
  path: string,
  value: DataObject,
  commit: { readonly cid: unknown; readonly rev: string } | undefined,
  validationStatus: ValidationStatus,
) {
  const uri = `at://${did}/${path}`
  const cid = String(cidOf('dag-cbor', encodeCbor(value)))
  const committed = commit === undefined ? {} : { commit: { cid: String(commit.cid), rev: commit.rev } }
  return { uri, cid, ...committed, validationStatus }
}

/** A second follow, like or repost of the same subject takes the place of the first; only createRecord does that. */
function duplicatesOf({ repo }: FakeAccount, collection: string, { subject }: DataObject): string[] {
  if (!['app.bsky.graph.follow', 'app.bsky.feed.like', 'app.bsky.feed.repost'].includes(collection)) return []
  const text = JSON.stringify(subject)
  const isSame = ([path, { value }]: [string, { readonly value: DataObject }]): boolean =>
    path.startsWith(`${collection}/`) && JSON.stringify(value.subject) === text
  return [...repo.records].filter(isSame).map(([path]) => path)
}

function checkAddress(input: DataObject): void {
  const collection = requiredText(input, 'collection')
  requiredText(input, 'repo')
  if (input.rkey !== undefined && !isRecordPath(`${collection}/${textOf(input.rkey)}`))
    throw invalidRequest('Input/rkey must be a valid Record Key')
}

function checkWrites({ input }: XrpcCall): void {
  const writes = writesOf(input)
  if (writes.length > mostWrites) throw invalidRequest('Too many writes. Max: 200')
  for (const write of writes) checkAddress({ ...write, repo: '' })
}

function writesOf(input: DataObject): readonly DataObject[] {
  if (!Array.isArray(input.writes)) throw invalidRequest('Input must have the property "writes"')
  return input.writes as readonly DataObject[]
}

function actionOf(write: DataObject): 'create' | 'update' | 'delete' {
  const action = textOf(write.$type).split('#')[1]
  if (action === 'create' || action === 'update' || action === 'delete') return action
  throw invalidRequest(`Action not supported: ${textOf(write.$type)}`)
}

function costOf(write: DataObject): number {
  return points[actionOf(write)]
}

function charge({ did }: FakeAccount, cost: number): RateCharge[] {
  return [
    { window: 'hour', key: did, points: cost },
    { window: 'day', key: did, points: cost },
  ]
}

function checkCommitSwap({ repo }: FakeAccount, { swapCommit }: DataObject): void {
  if (swapCommit === undefined || textOf(swapCommit) === String(repo.commit.cid)) return
  throw invalidRequest(`Commit was at ${String(repo.commit.cid)}`, 'InvalidSwap')
}

function checkRecordSwap({ repo }: FakeAccount, path: string, { swapRecord }: DataObject): void {
  if (swapRecord === undefined) return
  const known = String(repo.records.get(path)?.cid ?? null)
  if (textOf(swapRecord) !== known) throw invalidRequest(`Record was at ${known}`, 'InvalidSwap')
}

function recordOf(record: unknown, collection: string): DataObject {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw invalidRequest('Input must have the property "record"')
  // A type that was left out is filled in.
  return { $type: collection, ...(record as DataObject) }
}
