import type { DataObject } from '../codec/index.ts'

/** A record was created or changed. */
export interface RecordChange {
  readonly type: 'create' | 'update'
  readonly did: string
  readonly collection: string
  readonly rkey: string
  /** `at://<did>/<collection>/<rkey>` */
  readonly uri: string
  /** CID of the record as text. */
  readonly cid: string
  /** Byte strings and CIDs in it are views: copy those that are to outlive the call. */
  readonly value: DataObject
  /** The revision of the repository with this change in it. */
  readonly rev: string
  /** False when the change was found by comparing with the whole repository. */
  readonly live: boolean
  /** Whether signature and proof were checked; only for sources that give no proofs they are not. */
  readonly verified: boolean
}

/** A record was deleted. */
export interface RecordDeletion extends Omit<RecordChange, 'type' | 'cid' | 'value'> {
  readonly type: 'delete'
}

/** An account became active, or is not served any more. */
export interface AccountChange {
  readonly type: 'account'
  readonly did: string
  readonly active: boolean
  /** `active`, or why not: `deactivated`, `takendown`, `suspended`, `deleted`, … */
  readonly status: string
}

/** An account may have a new handle, key or host: resolve its identity again. */
export interface IdentityChange {
  readonly type: 'identity'
  readonly did: string
  /** What the host says; unverified, and left out by some. */
  readonly handle: string | undefined
}

/** What a handler is given. */
export type SyncEvent = RecordChange | RecordDeletion | AccountChange | IdentityChange
