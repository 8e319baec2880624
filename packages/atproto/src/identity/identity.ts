import { invalidHandle } from '../syntax/index.ts'
import type { DidDocument } from './did-document.ts'
import type { HandleProblem, HandleResolution } from './handle/resolve-handle.ts'

/** Who an account is. */
export interface Identity {
  readonly did: string
  /** The verified handle, or `handle.invalid`. */
  readonly handle: string
  /** The origin of the account's server. */
  readonly pds: string | undefined
  /** The key of its repository, as a did:key. */
  readonly signingKey: string | undefined
  /** Whether the handle leads to the DID and the DID back to the handle. */
  readonly verified: boolean
  readonly document: DidDocument
  readonly audit: HandleAudit
}

/** How a handle was judged, in a form to be kept. */
export interface HandleAudit {
  /** The handle that was judged; undefined when the document claims none. */
  readonly handle: string | undefined
  readonly verified: boolean
  /** The account that the handle leads to. */
  readonly did: string | undefined
  /** Why it is not verified. */
  readonly reason: HandleVerdict | undefined
  /** What DNS and HTTPS said; undefined when neither was asked. */
  readonly resolution: HandleResolution | undefined
  /** The handles that the document of the account claims; undefined when there is no document. */
  readonly claimed: readonly string[] | undefined
  readonly checkedAt: Date
}

/** Why a handle is not verified. */
export type HandleVerdict =
  | HandleProblem
  /** The handle leads to another account. */
  | 'other-account'
  /** The document of the account does not name the handle. */
  | 'not-claimed'
  /** The document names it, but behind another one. */
  | 'not-first'
  /** The document claims no handle at all. */
  | 'no-handle'
  /** The document of the account could not be had. */
  | 'document-unresolved'

/** Judges a handle by what it leads to and by what the account's document says. Pure: all that was found is passed in. */
export function judgeHandle(
  handle: string,
  resolution: HandleResolution,
  document: DidDocument | undefined,
  did: string | undefined,
  now: number,
): HandleAudit {
  const reason = reasonAgainst(handle, resolution, document, did)
  const { did: found } = resolution
  const claimed = document?.handles
  return { handle, verified: reason === undefined, did: found, reason, resolution, claimed, checkedAt: new Date(now) }
}

function reasonAgainst(
  handle: string,
  resolution: HandleResolution,
  document: DidDocument | undefined,
  did: string | undefined,
): HandleVerdict | undefined {
  if (resolution.did === undefined) return resolution.reason
  if (did !== undefined && resolution.did !== did) return 'other-account'
  if (document === undefined) return 'document-unresolved'
  if (!document.handles.includes(handle)) return 'not-claimed'
  return document.handles[0] === handle ? undefined : 'not-first'
}

/** What an account is, given its document and the verdict about its handle. */
export function identityOf(document: DidDocument, audit: HandleAudit): Identity {
  const { did, pds, signingKey } = document
  const { verified, handle } = audit
  return { did, handle: verified ? handle! : invalidHandle, pds, signingKey, verified, document, audit }
}
