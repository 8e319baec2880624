import { ExprsnError, systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import type { Client, ClientResponse } from '@exprsn/core/client'
import { createTidGenerator, type DataObject } from '../../codec/index.ts'
import { verifyRecordProof } from '../../repo/index.ts'
import type { IdentityResolver, ResolveOptions } from '../create-identity-resolver.ts'
import { identityErrors } from '../errors.ts'
import type { Identity } from '../identity.ts'
import {
  readVerification,
  verificationCollection,
  verificationRecord,
  type VerificationRecord,
} from './verification-record.ts'

/** Writes a record into a repository: what an authenticated client of a server does with `com.atproto.repo.putRecord`. */
export interface RecordWriter {
  putRecord(input: {
    readonly repo: string
    readonly collection: string
    readonly rkey: string
    readonly record: Readonly<Record<string, unknown>>
    readonly signal?: AbortSignal | undefined
  }): Promise<{ readonly uri: string; readonly cid: string }>
}

/** Options of {@link createVerifications}. */
export interface VerificationsOptions {
  /** Tells the handle that a verified account has now. */
  readonly identities: Pick<IdentityResolver, 'resolve'>
  /** Calls the servers of the accounts; never closed here. */
  readonly client: Pick<Client, 'request'>
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** A verification record where it was found. */
export interface ListedVerification {
  readonly uri: string
  readonly rkey: string
  readonly record: VerificationRecord
}

/** Whether a verification holds. */
export interface VerificationAudit {
  readonly valid: boolean
  /** Why it does not. */
  readonly reason: VerificationProblem | undefined
  /** The record, when it is there and can be read. */
  readonly record: VerificationRecord | undefined
  readonly issuer: Identity
  readonly subject: Identity | undefined
}

/** Why a verification does not hold. */
export type VerificationProblem =
  /** The issuer's repository has no such record. */
  | 'withdrawn'
  /** What stands there is no verification record. */
  | 'unreadable'
  /** It is about another account. */
  | 'other-subject'
  /** The handle of the subject does not lead to it, or its document not to the handle. */
  | 'handle-unverified'
  /** The subject has another handle now. */
  | 'handle-changed'
  /** The subject calls itself something else now. */
  | 'display-name-changed'

/** Writes, lists and checks verification records. */
export interface Verifications {
  /** States in the name of `issuer` that an account is who it says. */
  issue(options: {
    readonly writer: RecordWriter
    readonly issuer: string
    readonly subject: string
    readonly displayName: string
    readonly signal?: AbortSignal | undefined
  }): Promise<ListedVerification>
  /** All statements of an account, as its server lists them. What is no verification record is left out. */
  list(issuer: string, options?: ResolveOptions): AsyncGenerator<ListedVerification, void, undefined>
  /**
   * Checks one statement by proofs from both repositories: that it stands there, signed by the issuer, and that handle and
   * name of the subject are still those it speaks of.
   */
  check(
    verification: { readonly issuer: string; readonly rkey: string; readonly subject?: string | undefined },
    options?: ResolveOptions,
  ): Promise<VerificationAudit>
}

/**
 * Verification records: statements of one account about another. Whether an app shows a badge for them is up to the app,
 * which trusts some issuers and others not; what is checked here is that a statement was made and still holds.
 *
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { createIdentityResolver, createVerifications } from '@exprsn/atproto/identity'
 *
 * await using client = createClient()
 * await using identities = createIdentityResolver({ client })
 * const verifications = createVerifications({ identities, client })
 * for await (const { rkey, record } of verifications.list('bsky.app'))
 *   console.log(record.handle, (await verifications.check({ issuer: 'bsky.app', rkey })).valid)
 * ```
 */
export function createVerifications(options: VerificationsOptions): Verifications {
  const { identities, client, clock = systemClock, random = systemRandom } = options
  const nextTid = createTidGenerator({ clock, random })

  async function provenRecord(account: Identity, collection: string, rkey: string, signal: AbortSignal | undefined) {
    const { did, signingKey } = account
    if (signingKey === undefined) throw unusable(did, 'its document has no signing key')
    const query = { did, collection, rkey }
    const { status, bytes } = await xrpc(account, 'com.atproto.sync.getRecord', query, signal)
    if (status === 404 || status === 400) return undefined
    return verifyRecordProof(bytes(), { did, signingKey, path: `${collection}/${rkey}` }).value
  }

  async function xrpc(
    account: Identity,
    method: string,
    query: Readonly<Record<string, string | number | undefined>>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly status: number; readonly bytes: () => Uint8Array; readonly json: () => unknown }> {
    if (account.pds === undefined) throw unusable(account.did, 'its document names no server')
    const request = { query, signal, throwOnStatus: false, maxRedirects: 0, maxResponseBytes: 2 * 2 ** 20 }
    const response: ClientResponse = await client.request(`${account.pds}/xrpc/${method}`, request)
    const { status } = response
    if (status >= 500 || status === 429 || (status >= 300 && status < 400))
      throw identityErrors.ATPROTO_DID_UNRESOLVED({
        did: account.did,
        reason: `its server answers with status ${status}`,
      })
    return { status, bytes: () => response.bytes(), json: () => response.json() }
  }

  async function judge(
    issuer: Identity,
    subject: Identity,
    record: VerificationRecord,
    signal: AbortSignal | undefined,
  ) {
    const { verified, handle } = subject
    if (!verified) return 'handle-unverified'
    if (handle !== record.handle.toLowerCase()) return 'handle-changed'
    const profile = await provenRecord(subject, 'app.bsky.actor.profile', 'self', signal)
    const { displayName = '' } = profile ?? {}
    return displayName === record.displayName ? undefined : 'display-name-changed'
  }

  return {
    async issue({ writer, issuer, subject, displayName, signal }) {
      const account = await identities.resolve(subject, { signal })
      if (!account.verified)
        throw identityErrors.ATPROTO_VERIFICATION_INVALID({ reason: 'the handle of the subject is not verified' })
      const record = verificationRecord({ subject: account.did, handle: account.handle, displayName, clock })
      const rkey = nextTid()
      const { uri } = await writer.putRecord({
        repo: issuer,
        collection: verificationCollection,
        rkey,
        record: { ...record },
        signal,
      })
      return { uri, rkey, record }
    },
    async *list(issuer, { signal, refresh } = {}) {
      const account = await identities.resolve(issuer, { signal, refresh })
      let cursor: string | undefined
      do {
        const query = { repo: account.did, collection: verificationCollection, limit: 100, cursor }
        const { json } = await xrpc(account, 'com.atproto.repo.listRecords', query, signal)
        const page = json() as { readonly records?: readonly DataObject[]; readonly cursor?: unknown }
        for (const listed of page.records ?? []) yield* readListed(listed, account.did)
        // A server that gives the same page again and again would be listed for ever.
        const next = typeof page.cursor === 'string' && page.records?.length !== 0 ? page.cursor : undefined
        cursor = next === cursor ? undefined : next
      } while (cursor !== undefined)
    },
    async check({ issuer: issuerName, rkey, subject: expected }, { signal, refresh } = {}) {
      const issuer = await identities.resolve(issuerName, { signal, refresh })
      const value = await provenRecord(issuer, verificationCollection, rkey, signal)
      const refuse = (reason: VerificationProblem, record?: VerificationRecord): VerificationAudit => ({
        valid: false,
        reason,
        record,
        issuer,
        subject: undefined,
      })
      if (value === undefined) return refuse('withdrawn')
      const record = readOrUndefined(value)
      if (record === undefined) return refuse('unreadable')
      if (expected !== undefined && record.subject !== expected) return refuse('other-subject', record)
      const subject = await identities.resolve(record.subject, { signal, refresh })
      const reason = await judge(issuer, subject, record, signal)
      return { valid: reason === undefined, reason, record, issuer, subject }
    },
  }
}

function* readListed(listed: DataObject, did: string): Generator<ListedVerification, void, undefined> {
  const { uri, value } = listed
  const prefix = `at://${did}/${verificationCollection}/`
  if (typeof uri !== 'string' || !uri.startsWith(prefix)) return
  const record = readOrUndefined(value)
  if (record !== undefined) yield { uri, rkey: uri.slice(prefix.length), record }
}

function readOrUndefined(value: unknown): VerificationRecord | undefined {
  try {
    return readVerification(value)
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'ATPROTO_VERIFICATION_INVALID') return undefined
    throw error
  }
}

function unusable(did: string, reason: string): Error {
  return identityErrors.ATPROTO_DID_DOCUMENT_INVALID({ did, reason })
}
