import type { FakeRepo } from './fake-repo.ts'
import type { Cid } from '../codec/index.ts'

/** Why an account is not served. */
export type AccountStatus = 'active' | 'deactivated' | 'takendown' | 'suspended' | 'deleted'

/** Bytes that an account has uploaded. */
export interface FakeBlob {
  readonly cid: Cid
  readonly mimeType: string
  readonly bytes: Uint8Array
  /** Whether a record has ever pointed to it; from then on it goes with its last reference. */
  used: boolean
}

/** An account of a {@link FakeHost}. */
export interface FakeAccount {
  readonly did: string
  handle: string
  readonly password: string
  status: AccountStatus
  readonly repo: FakeRepo
  readonly blobs: Map<string, FakeBlob>
}
