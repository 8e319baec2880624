import type { Database, Queryable } from '@exprsn/core/database'
import { cidOf, encodeCbor, type DataObject } from '../codec/index.ts'
import type { PublishAccount, RecordMap, XrpcAnswer, XrpcRequest } from '../publish/index.ts'
import type { TwoWayStatements } from './statements.ts'

/** Something that was sent for a record. */
export interface SentEntry {
  readonly number: number
  /** '' for a deletion. */
  readonly cid: string
  /** Of what the mapping made of the item. */
  readonly digest: string | undefined
  /** The revision with it in it, where the host said so. */
  readonly rev: string | undefined
}

/** What stands for a deletion in the place of a CID. */
export const deletion = ''
const put = 'com.atproto.repo.putRecord'
const remove = 'com.atproto.repo.deleteRecord'

/** Knows everything that was ever sent for a record and has not come back yet: what comes back is no news. */
export class SentLog {
  readonly #did: string
  readonly #sql: TwoWayStatements

  constructor(did: string, sql: TwoWayStatements) {
    this.#did = did
    this.#sql = sql
  }

  async read(tx: Queryable, collection: string, rkey: string): Promise<readonly SentEntry[]> {
    const { rows } = await tx.query(this.#sql.readSent, [this.#did, collection, rkey])
    return rows.map((row) => ({
      number: Number(row.number),
      cid: String(row.cid),
      digest: (row.digest as string | null) ?? undefined,
      rev: (row.rev as string | null) ?? undefined,
    }))
  }

  async note(tx: Queryable, collection: string, rkey: string, cid: string, digest: string | undefined): Promise<void> {
    await tx.query(this.#sql.noteSent, [this.#did, collection, rkey, cid, digest ?? null])
  }

  async confirm(tx: Queryable, collection: string, rkey: string, cid: string, rev: string): Promise<void> {
    await tx.query(this.#sql.saveRev, [this.#did, collection, rkey, cid, rev])
  }

  /** What was sent before an entry cannot come any more. */
  async forgetBefore(tx: Queryable, collection: string, rkey: string, number: number): Promise<void> {
    await tx.query(this.#sql.forgetSent, [this.#did, collection, rkey, number])
  }
}

/**
 * The account as the publisher uses it: every write is noted before it is sent, and a deletion deletes only what is known. What
 * another has written meanwhile is refused by the host, and comes in by the stream.
 */
export function watchedAccount(
  account: PublishAccount,
  database: Database,
  log: SentLog,
  records: RecordMap,
): PublishAccount {
  return {
    did: account.did,
    call(method, request) {
      if (method === put && request.input !== undefined) return putRecord(request, request.input)
      if (method === remove && request.input !== undefined) return deleteRecord(request, request.input)
      return account.call(method, request)
    },
  }

  async function putRecord(request: XrpcRequest, input: DataObject): Promise<XrpcAnswer> {
    const { collection, rkey } = addressOf(input)
    const cid = String(cidOf('dag-cbor', encodeCbor(input.record as DataObject)))
    await log.note(database, collection, rkey, cid, digestOfVersion(request.item?.version))
    const answer = await account.call(put, request)
    const rev = revOf(answer)
    if (rev !== undefined) await log.confirm(database, collection, rkey, cid, rev)
    return answer
  }

  async function deleteRecord(request: XrpcRequest, input: DataObject): Promise<XrpcAnswer> {
    const { collection, rkey } = addressOf(input)
    const place = await records.find(database, collection, rkey)
    // A second look at a record that was deleted, and that somebody has brought back since.
    if (request.item === undefined && place?.isCurrent === true && !place.isRemoved) return done
    await log.note(database, collection, rkey, deletion, undefined)
    const known = [...(place?.tried ?? []), ...(place?.cid === undefined ? [] : [place.cid])]
    if (known.length === 0) return account.call(remove, request)
    const guarded = (swapRecord: string): XrpcRequest => ({ ...request, input: { ...input, swapRecord } })
    const answer = await account.call(remove, guarded(known.at(-1)!))
    if (answer.body.error !== 'InvalidSwap') return answer
    const current = await account.call('com.atproto.repo.getRecord', {
      params: { repo: account.did, collection, rkey },
      signal: request.signal,
    })
    if (current.body.error === 'RecordNotFound') return done
    const { cid } = current.body
    return typeof cid === 'string' && known.includes(cid) ? account.call(remove, guarded(cid)) : answer
  }
}

const done: XrpcAnswer = { status: 200, body: {}, headers: new Headers() }

/** The version of an item that is published: a count, and the digest of what the mapping made. */
export function versionText(counter: number, digest: string): string {
  return `${counter}:${digest}`
}

function digestOfVersion(version: string | undefined): string | undefined {
  return version?.split(':')[1]
}

function addressOf(input: DataObject): { readonly collection: string; readonly rkey: string } {
  return { collection: input.collection as string, rkey: input.rkey as string }
}

function revOf({ status, body }: XrpcAnswer): string | undefined {
  const { commit } = body
  if (status !== 200 || typeof commit !== 'object' || commit === null) return undefined
  const { rev } = commit as DataObject
  return typeof rev === 'string' ? rev : undefined
}
